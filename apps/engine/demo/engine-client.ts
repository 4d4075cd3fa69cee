import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '#domain/errors.js';

/** Waits so many milliseconds; rejects with the signal's reason when that ends it. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** An engine's answer; status 0 where there was none. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** What went wrong, in the engine's words where it gave some. */
  readonly detail: string;
}

/** Talks to an engine over HTTP; a busy or silent engine is asked again, a bounded number of times. */
export interface EngineClient {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** Sends a value as JSON. */
  readonly post: (path: string, value: unknown) => Promise<Answer>;
  /** Sends the JSON text of an event, or of a list of events, to the engine's own tenant or to one below a path. */
  readonly postEvents: (body: string, tenantPath?: string) => Promise<Answer>;
}

export interface EngineClientOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** A key that may do everything that the demo does. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly wait?: Wait;
}

interface Init {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How often a request is sent at most. */
export const MAX_TRIES = 8;
const FIRST_DELAY = 200;
const LONGEST_DELAY = 5_000;

/** Waits by the clock. */
export const realWait: Wait = async (milliseconds, signal) => {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted(); // with the signal's own reason
    throw error;
  }
};

/** True for an object that is not a list. */
export const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // the status alone then has to tell
  }
};

const detailOf = (status: number, body: unknown): string =>
  isMembers(body) && typeof body['detail'] === 'string' ? body['detail'] : `HTTP status ${status}`;

/** A client whose requests reject only when the signal ends them. */
export const createEngineClient = ({ baseUrl, key, signal, wait = realWait }: EngineClientOptions): EngineClient => {
  const once = async (path: string, init: Init): Promise<Answer & { readonly retryAfter: number | undefined }> => {
    try {
      const response = await fetch(`${baseUrl}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, ...(init.body !== undefined && { 'content-type': 'application/json' }), ...init.headers }, signal });
      const body = parsed(await response.text());
      const seconds = Number(response.headers.get('retry-after') ?? NaN);
      const retryAfter = Number.isFinite(seconds) ? seconds * 1_000 : undefined;
      return { status: response.status, body, detail: detailOf(response.status, body), retryAfter };
    } catch (error) {
      signal.throwIfAborted();
      return { status: 0, body: undefined, detail: `no answer: ${messageOf(error)}`, retryAfter: undefined };
    }
  };
  const request = async (path: string, init: Init = {}): Promise<Answer> => {
    let delay = FIRST_DELAY;
    for (let tries = 1; ; tries++) {
      const { retryAfter, ...answer } = await once(path, init);
      const again = answer.status === 503 || answer.status === 0;
      if (!again || tries === MAX_TRIES) return answer;
      await wait(Math.min(retryAfter ?? delay, LONGEST_DELAY), signal);
      delay *= 2;
    }
  };
  return {
    get: (path, headers = {}) => request(path, { headers }),
    post: (path, value) => request(path, { method: 'POST', body: JSON.stringify(value) }),
    postEvents: (body, tenantPath = '') => request(`${tenantPath}/v1/events`, { method: 'POST', body }),
  };
};
