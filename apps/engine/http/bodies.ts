import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { refuse } from './problem.js';

/** A body is at most so long, bytes. */
export const BODY_LIMIT = 256 * 1024;

/** The configuration of a route that takes its body's bytes as they are. */
export const RAW_BODY = { rawBody: true };

/** The configuration of a route that takes a CSV file as a stream; it bounds the length itself. */
export const CSV_BODY = { csvBody: true };

const takesCsv = (request: FastifyRequest): boolean => {
  const { config } = request.routeOptions;
  return 'csvBody' in config && config.csvBody === true;
};

/** The configuration of a route that also takes what a form of a page sends. */
export const FORM_BODY = { formBody: true };

const takesForms = (request: FastifyRequest): boolean => {
  const { config } = request.routeOptions;
  return 'formBody' in config && config.formBody === true;
};

/** The longest badge that somebody may send, bytes. */
export const UPLOAD_LIMIT = 2_500_000;

/** The configuration of a route that takes a body of whatever kind, as its bytes: it finds out itself what they are. */
export const ANY_BODY = { rawBody: true, anyBody: true };

const takesAny = (request: FastifyRequest): boolean => {
  const { config } = request.routeOptions;
  return 'anyBody' in config && config.anyBody === true;
};

const takesRaw = (request: FastifyRequest): boolean => {
  const { config } = request.routeOptions;
  return 'rawBody' in config && config.rawBody === true;
};

const FORM_LIMIT = 8 * 1024;

/** No request needs more; what walks a value later does so by recursion. */
const MAX_DEPTH = 32;

const isDeeperThan = (value: unknown, depth: number): boolean =>
  typeof value === 'object' && value !== null && (depth === 0 || Object.values(value).some((member) => isDeeperThan(member, depth - 1)));

const parse = (bytes: Buffer): unknown => {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw refuse('not-json', 'The body must be one JSON value.');
  }
  if (isDeeperThan(value, MAX_DEPTH)) throw refuse('bad-request', `The body is nested deeper than ${MAX_DEPTH} levels.`);
  return value;
};

/**
 * Reads JSON bodies ourselves: a route that records what was sent gets the bytes as they came, whatever they are;
 * the other routes get the value. Nothing but JSON is taken, but by routes that say so.
 */
export const readBodies = (app: NestFastifyApplication): void => {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: UPLOAD_LIMIT }, (request, body: Buffer, done) => {
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    try {
      if (body.length > BODY_LIMIT && !takesAny(request)) throw refuse('too-large', `Bodies have at most ${BODY_LIMIT} bytes here.`);
      if (encoding !== 'identity') throw refuse('unsupported-media-type', 'Bodies must be sent without content encoding.');
      done(null, takesRaw(request) ? body : parse(body));
    } catch (error) {
      done(error as Error);
    }
  });
  fastify.addContentTypeParser('text/csv', (request, body, done) => {
    const { 'content-encoding': encoding = 'identity' } = request.headers;
    if (takesCsv(request) && encoding === 'identity') return done(null, body);
    done(refuse('unsupported-media-type', takesCsv(request) ? 'Bodies must be sent without content encoding.' : 'Only batches are sent as text/csv; send JSON.'));
  });
  fastify.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: FORM_LIMIT }, (request, body: string, done) => {
    // Fields that come twice are none of ours: the last one would win in silence.
    const fields = [...new URLSearchParams(body)];
    if (takesForms(request) && new Set(fields.map(([name]) => name)).size === fields.length) done(null, Object.fromEntries(fields));
    else done(refuse('unsupported-media-type', 'Bodies are JSON here: send them as application/json.'));
  });
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: UPLOAD_LIMIT }, (request, body: Buffer, done) => {
    if (takesAny(request)) done(null, body);
    else done(refuse('unsupported-media-type', 'Bodies are JSON here: send them as application/json.'));
  });
};
