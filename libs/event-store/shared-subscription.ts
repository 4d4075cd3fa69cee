import type { EventStore, RecordedEvent, SubscribeOptions } from './event-store.js';

type Batch = readonly RecordedEvent[];

/** Batches that a follower may be ahead of the slowest one: bounds memory, and lets one wait for another. */
export const MAX_AHEAD = 2;

interface Follower {
  readonly options: SubscribeOptions;
  readonly queue: Batch[];
  ended: boolean;
  failure: Error | undefined;
  wake: () => void;
}

/** A store whose subscribers share one reading of the log. */
export interface SharedLog extends EventStore {
  /** One follower fewer is waited for: for one that ended before it subscribed. */
  dismiss(): void;
}

/**
 * The same store for several followers in one thread, who then share one reading of the log: each batch is read once
 * and handed to all of them as the same array. The reading begins when `followers` have subscribed, at the earliest
 * of their positions; categories are not filtered. The slowest follower sets the pace, unless it ends. Who subscribes
 * later reads for itself.
 */
export const shareSubscription = (store: EventStore, followers: number): SharedLog => {
  const joined: Follower[] = [];
  let missing = followers;
  let started = false;
  const stop = new AbortController();
  let ease = (): void => undefined;
  /** Somebody has ended or is about to: nobody reads on for them, and nobody waits for them. */
  const watch = (): void => {
    if (joined.every(({ ended, options }) => ended || options.signal.aborted)) stop.abort();
    for (const follower of joined) follower.wake();
    ease();
  };

  const slowest = (): number => Math.max(0, ...joined.filter(({ ended, options }) => !ended && !options.signal.aborted).map(({ queue }) => queue.length));
  const pump = async (): Promise<void> => {
    const first = joined[0];
    if (!first) return;
    try {
      const after = Math.min(...joined.map(({ options }) => options.after));
      const source = store.subscribe({ ...first.options, after, signal: stop.signal });
      for await (const batch of source) {
        for (const follower of joined) {
          if (follower.ended || follower.options.signal.aborted) continue;
          follower.queue.push(batch);
          follower.wake();
        }
        while (!stop.signal.aborted && slowest() >= MAX_AHEAD) await new Promise<void>((resolve) => (ease = resolve));
      }
    } catch (thrown) {
      for (const follower of joined) follower.failure = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    for (const follower of joined) {
      follower.ended = true;
      follower.wake();
    }
  };

  const iterate = async function* (follower: Follower): AsyncGenerator<Batch, void, undefined> {
    const { options, queue } = follower;
    try {
      for (;;) {
        if (options.signal.aborted) return;
        const batch = queue.shift();
        if (batch) {
          ease();
          const last = batch.at(-1)?.position ?? 0;
          if (last <= options.after) continue;
          const fresh = (batch[0]?.position ?? 0) > options.after;
          yield fresh ? batch : batch.filter(({ position }) => position > options.after);
        } else if (follower.failure) {
          throw follower.failure;
        } else if (follower.ended) {
          return;
        } else {
          await new Promise<void>((resolve) => (follower.wake = resolve));
        }
      }
    } finally {
      follower.ended = true;
      queue.length = 0;
      options.signal.removeEventListener('abort', watch);
      watch();
    }
  };

  const startWhenComplete = (): void => {
    if (started || joined.length < missing) return;
    started = true;
    watch();
    void pump();
  };

  return {
    append: (appends) => store.append(appends),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    head: () => store.head(),
    health: () => store.health(),
    close: () => store.close(),
    dismiss: () => {
      missing -= 1;
      startWhenComplete();
    },
    subscribe: (options) => {
      if (started) return store.subscribe(options);
      const follower: Follower = { options, queue: [], ended: false, failure: undefined, wake: () => undefined };
      joined.push(follower);
      options.signal.addEventListener('abort', watch);
      startWhenComplete();
      return iterate(follower);
    },
  };
};
