import { waitFor } from '#event-store/wait-for.js';

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

/** So long a member is waited for that joins a group when it is to leave already. */
const LATE_MS = 3_000;

/** Lets a member leave again that joins too late, so that its group need not find out by itself that it is gone; never rejects, and waits a little only. */
export const leaveOnceJoined = async (joining: Promise<{ readonly stop: () => Promise<void> }>): Promise<void> => {
  const patience = new AbortController();
  const left = joining.then((late) => late.stop()).catch(() => undefined); // a connection that is gone cannot say goodbye
  await Promise.race([left.then(() => patience.abort()), waitFor(LATE_MS, patience.signal)]);
};
