import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readProofmark } from '#intake/proofmark-format.js';
import { EFFECTS } from './cast.js';

/** A server for tests that answers like an engine, as far as the demo asks it. */
export interface EngineStandIn {
  readonly baseUrl: string;
  /** Sizes of the requests with events that it took, in order. */
  readonly batches: readonly number[];
  /** Who opened the public pages of badges: code, program, language. */
  readonly opened: readonly string[];
  /** Codes of badges that were shared, and where to. */
  readonly shared: readonly string[];
  /** Paths of the reads, in order. */
  readonly reads: readonly string[];
  readonly close: () => Promise<void>;
}

export interface StandInOptions {
  /** So many requests with events are answered 503 before the first one is taken. */
  readonly busy?: number;
  /** It holds the demo term already. */
  readonly filled?: boolean;
  /** It says nothing of the last event of each request. */
  readonly forgetful?: boolean;
  /** It takes no lists. */
  readonly oneByOne?: boolean;
  /** It finds awards of learners after so many reads of them. */
  readonly awardsAfter?: number;
  /** It never signs this award's credential. */
  readonly unsigned?: string;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const problem = (status: number, detail: string): Reply => ({ status, body: { status, detail } });

const AWARDS = [
  { id: 'a1', badge: 'first-steps-sql', learner: 'hb-0002', state: 'active', course: 'sql-basics' },
  { id: 'a2', badge: 'chart-storyteller', learner: 'hb-0010', state: 'suspended', course: 'data-viz' },
  { id: 'a3', badge: 'sql-practitioner', learner: 'hb-0001', state: 'active', course: 'sql-basics' },
  { id: 'a4', badge: 'constructive-critic', learner: 'hb-0010', state: 'active', course: 'data-viz' },
  { id: 'a5', badge: 'data-analyst', learner: 'hb-0001', state: 'active', course: '' },
  { id: 'a6', badge: 'data-analyst', learner: 'hb-0008', state: 'revoked', course: '' },
];

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** Starts the stand-in on a free port. */
export const startEngineStandIn = async (options: StandInOptions = {}): Promise<EngineStandIn> => {
  const seen = new Map<string, string>();
  const batches: number[] = [];
  const [reads, opened, shared]: [string[], string[], string[]] = [[], [], []];
  let busy = options.busy ?? 0;
  let awardReads = 0;
  let position = 0;

  const take = (event: unknown): object => {
    const mapped = readProofmark(event);
    position++;
    const letter = `letter-${position}`;
    if (!mapped.ok) return { outcome: 'rejected', reason: mapped.reason, detail: mapped.detail, letter };
    const [own] = mapped.events;
    const id = `${own?.source}/${own?.id}`;
    const text = JSON.stringify(own);
    const known = seen.get(id);
    if (known !== undefined && known !== text) return { outcome: 'rejected', reason: 'conflict', detail: 'other content', letter };
    if (own?.id === 'mistake-6') return { outcome: 'rejected', reason: 'future', detail: 'not yet', letter };
    seen.set(id, text);
    return { outcome: known === undefined ? 'recorded' : 'duplicate', position };
  };

  const post = (text: string): Reply => {
    if (busy > 0) {
      busy--;
      return problem(503, 'The engine cannot write for now.');
    }
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      batches.push(1);
      return { status: 400, body: { status: 400, detail: 'not JSON', letter: 'letter-of-a-text' } };
    }
    if (options.oneByOne && Array.isArray(body)) return problem(400, 'One event at a time.');
    const events: unknown[] = Array.isArray(body) ? body : [body];
    batches.push(events.length);
    const results = events.map(take);
    return { status: 200, body: { results: options.forgetful ? results.slice(0, -1) : results } };
  };

  const awards = (query: URLSearchParams): Reply => {
    const learner = query.get('learner');
    if (learner !== null) {
      const there = ++awardReads > (options.awardsAfter ?? 0) && EFFECTS.some((changed) => changed.learner === learner);
      return { status: 200, body: { items: there ? [{ id: 'x', learner, state: 'active' }] : [], next: null } };
    }
    const from = Number(query.get('cursor') ?? 0);
    const next = from + 4 < AWARDS.length ? String(from + 4) : null;
    return { status: 200, body: { items: AWARDS.slice(from, from + 4), next } };
  };

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    if (request.method === 'POST' && url.pathname === '/v1/events') return post(await textOf(request));
    const [, code = ''] = /^\/v1\/credentials\/(code-\w+)\/shares$/.exec(url.pathname) ?? [];
    if (request.method === 'POST' && code !== '') {
      shared.push(`${code} ${String((JSON.parse(await textOf(request)) as { readonly to: unknown }).to)}`);
      return { status: 200, body: {} };
    }
    reads.push(`${url.pathname}${url.search}`);
    if (url.pathname.startsWith('/v/code-')) {
      opened.push(`${url.pathname.slice('/v/'.length)} ${request.headers['user-agent']} ${request.headers['accept-language']}`);
      return { status: 200, body: {} };
    }
    const [, award = ''] = /^\/v1\/awards\/(\w+)$/.exec(url.pathname) ?? [];
    if (award !== '') return { status: 200, body: { id: award, ...(award !== options.unsigned && { credential: `code-${award}` }) } };
    if (url.pathname === '/v1/awards') return awards(url.searchParams);
    if (url.pathname === '/v1/learners/hb-0001/timeline' && (options.filled || seen.size > 0)) {
      return { status: 200, body: { items: [{ type: 'Enrolled' }], next: null } };
    }
    return problem(404, 'There is no such thing.');
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, body } = await answer(request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    batches,
    opened,
    shared,
    reads,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
};
