import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { refuse } from './problem.js';

/** A body is at most so long, bytes. */
export const BODY_LIMIT = 256 * 1024;

/** The configuration of a route that takes its body's bytes as they are. */
export const RAW_BODY = { rawBody: true };

const takesRaw = (request: FastifyRequest): boolean => {
  const { config } = request.routeOptions;
  return 'rawBody' in config && config.rawBody === true;
};

const parse = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw refuse('not-json', 'The body must be one JSON value.');
  }
};

/**
 * Reads JSON bodies ourselves: a route that records what was sent gets the bytes as they came, whatever they are;
 * the other routes get the value. Nothing but JSON is taken.
 */
export const readBodies = (app: NestFastifyApplication): void => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (request, body: Buffer, done) => {
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    try {
      if (encoding !== 'identity') throw refuse('unsupported-media-type', 'Bodies must be sent without content encoding.');
      done(null, takesRaw(request) ? body : parse(body));
    } catch (error) {
      done(error as Error);
    }
  });
};
