/** How long to wait before the next attempt, in milliseconds: twice as long each time, 100 to 10,000. */
export const backOffMs = (attempt: number): number => Math.min(10_000, 100 * 2 ** Math.min(attempt, 10));

/** Resolves to nothing once the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
