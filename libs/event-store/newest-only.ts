/**
 * Does the work with one value after another, of those that come meanwhile with the newest only: for what may be behind,
 * where doing it takes longer than the next value takes to come. What it returns settles when this value's work, or that of
 * a newer one, is over; after a failure the next value begins anew.
 */
export const newestOnly = <T>(work: (value: T) => Promise<void>): ((value: T) => Promise<void>) => {
  let waiting: { readonly value: T } | undefined;
  let under: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    try {
      for (let next = waiting; next; next = waiting) {
        waiting = undefined;
        await work(next.value);
      }
    } finally {
      under = undefined;
    }
  };
  return (value) => {
    waiting = { value };
    return (under ??= run());
  };
};
