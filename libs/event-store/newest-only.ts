/**
 * Does the work with one value after another, of those that come meanwhile with the newest only: for what may be behind,
 * where doing it takes longer than the next value takes to come. What it returns settles when this value's work, or that of
 * a newer one, is over; after a failure the next value begins anew.
 */
export const newestOnly = <T>(work: (value: T) => Promise<void>): ((value: T) => Promise<void>) => {
  let waiting: { readonly value: T } | undefined;
  let under = Promise.resolve();
  // Apart from the promise, which is there only after work that throws at once has ended already.
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    try {
      for (let next = waiting; next; next = waiting) {
        waiting = undefined;
        await work(next.value);
      }
    } finally {
      running = false;
    }
  };
  return (value) => {
    waiting = { value };
    if (!running) under = run();
    return under;
  };
};
