import { setTimeout as sleep } from 'node:timers/promises';
import { Awarding, type AwardingOptions, type AwardingStatus } from '#awarding/awarding.js';
import { messageOf } from '#domain/errors.js';
import { newestOnly } from '#event-store/newest-only.js';
import type { SharedLog } from '#event-store/shared-subscription.js';
import type { FollowedReadModels } from '../followed-log.js';
import type { Checkpoints } from './checkpoints.js';
import type { Running } from './running.js';
import { awardingCheckpoint, leads, ownership, type Shares } from './shares.js';

/** A course that has not been heard of for so long is taken to be up to date. */
const SETTLE_MS = 3000;
const CLOSING_CHECK_MS = 1000;

/** With what awards are decided. */
export interface DecidingOptions extends Pick<AwardingOptions, 'roster' | 'now' | 'batchSize'> {
  readonly store: AwardingOptions['store'] & Partial<Pick<SharedLog, 'dismiss'>>;
  readonly checkpoints: Checkpoints;
  readonly noteLog: FollowedReadModels['noteLog'];
  /** Deciding does not wait until its position is saved, which in a database takes long: after a crash some is decided again, to the same end. */
  readonly inItsTime: boolean;
  readonly onProgress: (status: AwardingStatus) => void;
  /** Told where a position that nobody waits for cannot be saved. */
  readonly onFailure: (error: unknown) => void;
}

/** The awards of some shares, being decided. */
export interface Deciding extends Running {
  /** Puts closing times that have come into the log, for courses that nothing was heard of for so long, and says how many. */
  recordClosings(settle: number): Promise<number>;
}

/** Decides the awards of these shares from where the one that is furthest behind was left. */
export const startDeciding = (shares: Shares, { store, checkpoints, noteLog, inItsTime, onProgress, onFailure, ...options }: DecidingOptions): Deciding => {
  const stop = new AbortController();
  const own = [...shares.own].map((share) => awardingCheckpoint(share, shares.of));
  const owns = ownership(shares);
  const keep = newestOnly(async (position: number) => checkpoints.move(own, position, await noteLog()));
  let kept: Promise<void> = Promise.resolve();
  const awarding = new Awarding({
    ...options,
    store,
    checkpoint: {
      load: () => checkpoints.least(own),
      save: async (position) => {
        kept = keep(position);
        if (!inItsTime) return kept;
        kept.catch((error: unknown) => {
          if (!stop.signal.aborted) onFailure(error);
        });
      },
    },
    ...(owns && { owns }),
    leads: leads(shares),
    signal: stop.signal,
    onProgress,
  });
  // Where it cannot even start, the projections follow the log without it.
  const deciding = awarding.run().then(() => store.dismiss?.());
  const recordClosings = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await awarding.recordClosings(SETTLE_MS);
      await sleep(CLOSING_CHECK_MS, undefined, { signal: stop.signal, ref: false });
    }
  };
  /** A store that has failed says so to everybody who writes; the closings follow when the engine starts again. */
  const closings = recordClosings().catch((error: unknown) => {
    if (!stop.signal.aborted) onProgress({ ...awarding.status, state: 'parked', reason: messageOf(error) });
  });
  return {
    recordClosings: (settle) => awarding.recordClosings(settle),
    stop: async () => {
      stop.abort();
      await Promise.all([deciding, closings]);
      await Promise.allSettled([kept]); // what could not be saved was told, and is decided again by whoever has the shares next
    },
  };
};
