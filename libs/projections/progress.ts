/** How far one generation of a projection is, as its runner sees it. */
export interface ProjectionState {
  readonly projection: string;
  readonly generation: number;
  readonly state: 'live' | 'building';
  /** The last log position that it shows. */
  readonly checkpoint: number;
  /**
   * following: it takes what the log brings. waiting: the read models cannot be written for now; it is tried again.
   * parked: it stopped at its checkpoint for good (until a restart); `message` says why and what to do.
   */
  readonly status: 'following' | 'waiting' | 'parked';
  readonly message?: string;
}

export interface ProjectionProgress {
  /** Takes in what a runner reports; the runner may be in another thread. */
  readonly report: (states: readonly ProjectionState[]) => void;
  /** What was last reported, for health and metrics. */
  readonly list: () => readonly ProjectionState[];
  /**
   * Waits until readers of the projection see the log position: true then, false when it did not come to that within
   * the time or cannot, since the projection is parked.
   */
  readonly waitFor: (projection: string, position: number, timeoutMs: number) => Promise<boolean>;
}

interface Waiter {
  readonly projection: string;
  readonly position: number;
  readonly answer: (reached: boolean) => void;
}

/** Reads that must show one's own write wait here: a report wakes them, nothing polls. */
export const projectionProgress = (): ProjectionProgress => {
  let states: readonly ProjectionState[] = [];
  const waiters = new Set<Waiter>();
  /** Undefined while it is open. */
  const outcome = (projection: string, position: number): boolean | undefined => {
    const live = states.find((one) => one.projection === projection && one.state === 'live');
    if (live && (position === 0 || live.checkpoint >= position)) return true; // nothing stands at position 0
    return live?.status === 'parked' ? false : undefined;
  };
  return {
    report: (reported) => {
      states = reported;
      for (const waiter of waiters) {
        const reached = outcome(waiter.projection, waiter.position);
        if (reached !== undefined) waiter.answer(reached);
      }
    },
    list: () => states,
    waitFor: async (projection, position, timeoutMs) => {
      const known = outcome(projection, position);
      if (known !== undefined || timeoutMs <= 0) return known ?? false;
      return new Promise((resolve) => {
        const answer = (reached: boolean): void => {
          clearTimeout(timer);
          waiters.delete(waiter);
          resolve(reached);
        };
        const waiter: Waiter = { projection, position, answer };
        const timer = setTimeout(() => answer(false), timeoutMs);
        waiters.add(waiter);
      });
    },
  };
};
