import type { Running } from './running.js';
import { WHOLE, type Shares } from './shares.js';

/** How several processes come by their shares of the work. */
export interface Division {
  /** Into how many shares it is divided. */
  readonly of: number;
  /**
   * Takes part in a stage of the work. Told which shares are ours now and whenever that changes; the next change waits
   * until the promise has resolved.
   */
  join(stage: string, onShares: (shares: Shares) => Promise<void>): Running;
}

/** What runs of a stage, if anything does, and how to end it. */
export interface Stage<T extends Running> extends Running {
  readonly now: () => T | undefined;
}

/** Keeps running what this process has of a stage: all of it from the start, or its shares, anew each time that they change. */
export const keepRunning = async <T extends Running>(stage: string, division: Division | undefined, start: (shares: Shares) => Promise<T | undefined>): Promise<Stage<T>> => {
  if (!division) {
    const running = await start(WHOLE);
    return { now: () => running, stop: async () => running?.stop() };
  }
  let running: T | undefined;
  const member = division.join(stage, async (shares) => {
    const before = running;
    running = undefined;
    await before?.stop();
    running = shares.own.size > 0 ? await start(shares) : undefined;
  });
  return {
    now: () => running,
    stop: async () => {
      await member.stop();
      await running?.stop();
    },
  };
};
