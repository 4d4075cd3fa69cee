import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ArgumentMetadata, type LoggerService, ValidationPipe, type ValidationError } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Engine } from '../engine.js';
import { FirstAdministrator } from './access/first-administrator.js';
import { BODY_LIMIT, readBodies } from './bodies.js';
import { isCrossSite, secure } from './headers.js';
import { Startup } from './health.js';
import { Metrics } from './metrics.js';
import { MissedCodes } from './missed-codes.js';
import { HttpModule } from './module.js';
import { serveDocs } from './openapi.js';
import { ownHost } from './own-host.js';
import { problemOf, ProblemFilter, sendProblem } from './problem-filter.js';
import { problem, refuse, type FieldError } from './problem.js';
import { PositionInterceptor } from './reads.js';

/**
 * What a client has time for: to say what it wants, and to send all of it, of which a batch over a slow line takes the longest; and beyond
 * how many connections nobody gets another one.
 */
const CONNECTIONS = { headersTimeout: 15_000, requestTimeout: 300_000, connectionsCheckingInterval: 5_000 };
const MOST_CONNECTIONS = 4_000;
const DRAIN_MS = 5_000;
const MAX_PARAMETER = 4_000;

/** The web edge of an engine. */
export interface HttpApp {
  readonly nest: NestFastifyApplication;
  /** Of the tenants beside the engine's own. */
  readonly tenants: ReadonlyMap<string, NestFastifyApplication>;
  /** Says that the rules are published up to a position; the engine is not ready before. */
  rulesPublished(position: number): void;
  /** Links by which the first administrators come in, of each tenant that has none. */
  firstLinks(): Promise<readonly { readonly tenant: string; readonly link: string }[]>;
  /** Listens and returns the address. */
  listen(host: string, port: number): Promise<string>;
  /** Stops accepting, answers what is under way, and returns. */
  close(): Promise<void>;
}

const fieldErrors = (errors: readonly ValidationError[]): FieldError[] =>
  errors.flatMap(({ property, constraints = {}, children = [] }) => [
    ...Object.entries(constraints).map(([name, message]) => ({
      field: property,
      message: name === 'whitelistValidation' ? `${property} is not known here` : message,
    })),
    ...fieldErrors(children),
  ]);

const settings = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  transform: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
  exceptionFactory: (found: ValidationError[]) => {
    const errors = fieldErrors(found);
    return refuse('bad-request', errors.map(({ message }) => message).join('; ') || 'The request is not valid.', { errors });
  },
};

/** Links that people share gather parameters on their way ("fbclid", "utm_source"): classes that say so let others be. */
class Validation extends ValidationPipe {
  readonly #lenient = new ValidationPipe({ ...settings, forbidNonWhitelisted: false });

  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype } = metadata;
    const lenient = metatype !== undefined && 'ignoresOthers' in metatype && metatype.ignoresOthers === true;
    return (lenient ? this.#lenient.transform(value, metadata) : super.transform(value, metadata)) as Promise<unknown>;
  }
}

const validation = new Validation(settings);

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const adapter = (trustedProxies: readonly string[], serverFactory: (handler: Handler) => Server): FastifyAdapter =>
  new FastifyAdapter({
    serverFactory,
    // Without one whose word counts, requests come from where their connections do.
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    // What the router refuses meets no hook and no filter.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      secure(request, reply);
      sendProblem(reply, request, problemOf(error));
    },
  });

const watch = (nest: NestFastifyApplication, metrics: Metrics, isOwn: ReturnType<typeof ownHost>): void => {
  const fastify = nest.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    secure(request, reply);
    if (!isOwn(request.headers.host)) return sendProblem(reply, request, problem('misdirected', 'This server answers under localhost and under PROOFMARK_URL. Set that to the name under which you reach it.'));
    if (!isCrossSite(request)) return done();
    sendProblem(reply, request, problem('cross-site', 'A page of another site sent this request; open the pages of this server instead.'));
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    metrics.observe(request.method, route, reply.statusCode, reply.elapsedTime / 1_000);
    done();
  });
};

/** Answers what is under way; a client that stalls in the middle of a request does not hold the engine up. */
const drain = async (nest: NestFastifyApplication): Promise<void> => {
  const server = nest.getHttpAdapter().getHttpServer() as Server;
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  try {
    await nest.close();
  } finally {
    clearTimeout(cut);
  }
};

/** The web edge of one tenant: providers, caches and routes of its own, so that tenants have nothing in common to mix up. */
const tenantApp = async (engine: Engine, logger: LoggerService | false, serverFactory: (handler: Handler) => Server): Promise<NestFastifyApplication> => {
  const nest = await NestFactory.create<NestFastifyApplication>(HttpModule.of(engine), adapter(engine.config.trustedProxies ?? [], serverFactory), { bodyParser: false, logger, abortOnError: false });
  readBodies(nest);
  watch(nest, nest.get(Metrics), ownHost(engine.config));
  nest.useGlobalPipes(validation);
  nest.useGlobalFilters(new ProblemFilter(nest.get(MissedCodes), engine.config.dataDir));
  nest.useGlobalInterceptors(new PositionInterceptor());
  serveDocs(nest);
  await nest.init();
  await nest.getHttpAdapter().getInstance().ready();
  return nest;
};

/** The tenant that an address leads to, and the address as it is below there; undefined for the engine's own. */
const tenantIn = (url = '/'): { readonly tenant: string; readonly rest: string } | undefined => {
  const [, tenant, rest] = /^\/t\/([A-Za-z0-9_-]+)(?=[/?]|$)(.*)$/s.exec(url) ?? [];
  return tenant === undefined || rest === undefined ? undefined : { tenant, rest: rest.startsWith('/') ? rest : `/${rest}` };
};

/** Puts the web edge around an engine, each of its tenants below a path of its own; it neither opens nor closes the engine. */
export const createHttpApp = async (engine: Engine, logger: LoggerService | false = false): Promise<HttpApp> => {
  const others = new Map<string, { readonly nest: NestFastifyApplication; readonly handle: Handler }>();
  for (const other of engine.others) {
    let handle: Handler | undefined;
    const nest = await tenantApp(other, logger, (handler) => createServer((handle = handler)));
    if (handle) others.set(other.config.tenant, { nest, handle });
  }
  const nest = await tenantApp(engine, logger, (handler) => {
    // Fastify sets no limits on a server that is given to it.
    const server = createServer(CONNECTIONS, (request, response) => {
      const asked = tenantIn(request.url);
      const other = asked && others.get(asked.tenant);
      if (!asked || !other) return handler(request, response);
      request.url = asked.rest;
      other.handle(request, response);
    });
    server.maxConnections = MOST_CONNECTIONS;
    return server;
  });
  const all = [nest, ...[...others.values()].map((other) => other.nest)];
  return {
    nest,
    tenants: new Map([...others].map(([tenant, other]) => [tenant, other.nest])),
    rulesPublished: (position) => {
      for (const one of all) one.get(Startup).rulesAt = position;
    },
    firstLinks: async () => {
      const tenants = [engine, ...engine.others].map(({ config }) => config.tenant);
      const links = await Promise.all(all.map((one) => one.get(FirstAdministrator).link()));
      return links.flatMap((link, i) => (link === undefined ? [] : [{ tenant: tenants[i] ?? '', link }]));
    },
    listen: async (host, port) => {
      await nest.listen(port, host);
      return nest.getUrl();
    },
    close: async () => {
      await drain(nest);
      for (const { nest: other } of others.values()) await other.close();
    },
  };
};
