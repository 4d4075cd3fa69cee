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

interface Asking {
  readonly signal?: AbortSignal;
  /** A status that is no failure, but an answer of the same shape. */
  readonly also?: number;
}

const post = async (path: string, body: object, accept: string, { signal }: Asking): Promise<Response> => {
  const answer = await fetch(urlOf(path), { method: 'POST', headers: { accept, 'content-type': 'application/json' }, credentials: 'same-origin', body: JSON.stringify(body), ...(signal && { signal }) });
  if (!answer.ok) throw new AskError(answer.status, await problemIn(answer));
  return answer;
};

/** Sends something to the server, as JSON. @throws AskError */
export const send = async <T>(path: string, body: object, asking: Asking = {}): Promise<T> => (await (await post(path, body, 'application/json', asking)).json()) as T;

/** Sends something to the server whose answer is a value a line, and takes them as they come. @throws AskError */
export const sendForLines = async <T>(path: string, body: object, take: (line: T) => void, asking: Asking = {}): Promise<void> => {
  const answer = await post(path, body, 'application/x-ndjson', asking);
  let rest = '';
  const takeAll = (lines: readonly string[]): void => lines.filter((line) => line !== '').forEach((line) => take(JSON.parse(line) as T));
  for await (const part of chunksOf(answer)) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    takeAll(lines);
  }
  takeAll([rest]);
};

async function* chunksOf({ body }: Response): AsyncGenerator<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

const get = async (path: string, accept: string, { signal, also }: Asking): Promise<Response> => {
  const answer = await fetch(urlOf(path), { headers: { accept }, credentials: 'same-origin', ...(signal && { signal }) });
  if (!answer.ok && answer.status !== also) throw new AskError(answer.status, await problemIn(answer));
  return answer;
};

/** Asks the server; a path with what is to be found filled in. @throws AskError */
export const ask = async <T>(path: string, asking: Asking = {}): Promise<T> => (await (await get(path, 'application/json', asking)).json()) as T;

/** An answer with the log position that it shows at least. */
export type ShownAt<T> = T & { readonly shownAt: number };

/** As `ask`, with the log position that the answer shows. @throws AskError */
export const askShown = async <T>(path: string, asking: Asking = {}): Promise<ShownAt<T>> => {
  const answer = await get(path, 'application/json', asking);
  return { ...((await answer.json()) as T), shownAt: Number(answer.headers.get('x-proofmark-position') ?? 0) };
};

/** Asks the server for what is plain text. @throws AskError */
export const askText = async (path: string, asking: Asking = {}): Promise<string> => (await get(path, 'text/plain', asking)).text();

/** Waits until what is at an address shows a position of the log, before it is asked for anew. Never rejects. */
export const shownAt = async (path: string, position: number): Promise<void> => {
  try {
    await ask(`${path}${path.includes('?') ? '&' : '?'}minPosition=${position}`);
  } catch {
    // What led to the position is done. If it is not shown in time (503) it comes with the next look, which tells whatever else is wrong.
  }
};
