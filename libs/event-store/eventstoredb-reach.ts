import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProofmarkError } from '#domain/errors.js';
import type { StoreHealth } from './event-store.js';
import { ServerLost } from './eventstoredb-client.js';

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 2_000;

/** Whether the server is within reach, and how long to go on trying. */
export interface Reach {
  /** The server has answered. */
  found(): void;
  lost(error: ServerLost): void;
  health(): StoreHealth;
  /** What to tell whoever has waited long enough. */
  failure(): ProofmarkError;
  /** Waits before the next attempt (0 is the first), longer each time. @throws ProofmarkError STORE_CLOSED once it is given up. */
  pause(attempt: number): Promise<void>;
  /** Does the work, again and again while the server is lost, until patience ends. @throws what the work throws, else `failure`. */
  patiently<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Ends all waiting. */
  giveUp(): void;
}

/** @param patience milliseconds that one operation waits for a server that is lost. */
export const openReach = (patience: number, onLost: () => void): Reach => {
  let trouble: ServerLost | undefined;
  const end = new AbortController();
  setMaxListeners(0, end.signal); // as many wait as there are calls under way when the server is lost
  const closed = (): ProofmarkError => new ProofmarkError('STORE_CLOSED', 'The event store is closed.');
  const reach: Reach = {
    found: () => {
      trouble = undefined;
    },
    lost: (error) => {
      trouble = error;
      onLost();
    },
    health: () => (trouble ? { writable: false, reason: trouble.message } : { writable: true }),
    failure: () =>
      new ProofmarkError('STORE_FAILED', `${trouble?.message ?? 'EventStoreDB does not answer.'} What was under way may have been written or not: send it again as it was.`),
    pause: async (attempt) => {
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 10));
      try {
        // Workers that lost the server together do not all come back at the same moment.
        await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal: end.signal });
      } catch {
        throw closed();
      }
    },
    patiently: async (work) => {
      const since = performance.now();
      for (let attempt = 0; ; attempt++) {
        try {
          const result = await work();
          reach.found();
          return result;
        } catch (thrown) {
          if (!(thrown instanceof ServerLost)) throw thrown;
          if (end.signal.aborted) throw closed();
          reach.lost(thrown);
          if (performance.now() - since >= patience) throw reach.failure();
        }
        await reach.pause(attempt);
      }
    },
    giveUp: () => end.abort(),
  };
  return reach;
};
