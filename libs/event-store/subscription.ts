import type { ReadAllOptions, RecordedEvent, SubscribeOptions } from './event-store.js';

const BATCH_SIZE = 1_000;

/** What a subscription needs of a store. */
export interface FollowedLog {
  readAll(options: ReadAllOptions): Promise<readonly RecordedEvent[]>;
  head(): Promise<number>;
  /** Resolves once the head is beyond the position or the signal is aborted; rejects when the store closes. */
  beyond(position: number, signal: AbortSignal): Promise<void>;
}

/** Reads the log batch after batch and waits at its end for more, until the signal is aborted. */
export async function* follow(log: FollowedLog, options: SubscribeOptions): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const { signal, categories, batchSize: limit = BATCH_SIZE } = options;
  let after = Math.max(0, options.after);
  while (!signal.aborted) {
    // Taken before the read: what is read then reaches at least this far, also where a filter leaves nothing of it.
    const head = await log.head();
    if (head <= after) {
      await log.beyond(after, signal);
      continue;
    }
    const events = await log.readAll({ after, limit, ...(categories && { categories }) });
    const last = events.at(-1)?.position ?? after;
    if (events.length > 0 && !signal.aborted) yield events;
    after = events.length < limit ? Math.max(last, head) : last;
  }
}
