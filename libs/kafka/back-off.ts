/** How long to wait before the next attempt, in milliseconds: twice as long each time, 100 to 10,000. */
export const backOffMs = (attempt: number): number => Math.min(10_000, 100 * 2 ** Math.min(attempt, 10));

/** What the work comes to, or nothing once the signal is aborted. */
export const unlessAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> =>
  new Promise((resolve, reject) => {
    const end = (): void => resolve(undefined);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end)); // signals outlive many attempts
  });
