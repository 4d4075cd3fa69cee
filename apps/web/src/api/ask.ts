import type { Problem } from './types.ts';

/** What an answer that is none says: the problem as the server told it, or that nobody answered. */
export class AskError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? `status ${status}`);
  }
}

/** The address of the school's server: what stands before `app/`. */
export const ROOT = new URL('..', document.baseURI);

/** An address of the server, from its root. */
export const urlOf = (path: string): string => new URL(path.replace(/^\//, ''), ROOT).href;

const problemIn = async (answer: Response): Promise<Partial<Problem>> => {
  if (!answer.headers.get('content-type')?.includes('json')) return { status: answer.status };
  return (await answer.json()) as Partial<Problem>;
};

/** Sends something to the server, as JSON. @throws AskError */
export const send = async <T>(path: string, body: object): Promise<T> => {
  const answer = await fetch(urlOf(path), { method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/json' }, credentials: 'same-origin', body: JSON.stringify(body) });
  if (!answer.ok) throw new AskError(answer.status, await problemIn(answer));
  return (await answer.json()) as T;
};

interface Asking {
  readonly signal?: AbortSignal;
  /** A status that is no failure, but an answer of the same shape. */
  readonly also?: number;
}

const get = async (path: string, accept: string, { signal, also }: Asking): Promise<Response> => {
  const answer = await fetch(urlOf(path), { headers: { accept }, credentials: 'same-origin', ...(signal && { signal }) });
  if (!answer.ok && answer.status !== also) throw new AskError(answer.status, await problemIn(answer));
  return answer;
};

/** Asks the server; a path with what is to be found filled in. @throws AskError */
export const ask = async <T>(path: string, asking: Asking = {}): Promise<T> => (await (await get(path, 'application/json', asking)).json()) as T;

/** Asks the server for what is plain text. @throws AskError */
export const askText = async (path: string, asking: Asking = {}): Promise<string> => (await get(path, 'text/plain', asking)).text();
