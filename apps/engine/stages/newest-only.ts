/** Saving that nobody waits for. */
export interface NewestOnly {
  /** Takes a position to be saved; positions that come while one is being saved give way to the newest. @throws what an earlier one failed with */
  save(position: number): void;
  /** Resolves when what was taken is saved. @throws what saving failed with */
  settled(): Promise<void>;
}

/**
 * Saves positions one after another, of those that have come meanwhile only the newest: for what may be behind, where
 * saving takes longer than getting there.
 */
export const newestOnly = (save: (position: number) => Promise<void>): NewestOnly => {
  let wanted: number | undefined;
  let saving: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;
  const run = async (): Promise<void> => {
    try {
      for (let position = wanted; position !== undefined; position = wanted) {
        wanted = undefined;
        await save(position);
      }
    } catch (error) {
      failure = { error };
    } finally {
      saving = undefined;
    }
  };
  /** Once: it may be tried again. */
  const check = (): void => {
    const told = failure;
    failure = undefined;
    if (told) throw told.error as Error;
  };
  return {
    save: (position) => {
      check();
      wanted = position;
      saving ??= run();
    },
    settled: async () => {
      await saving;
      check();
    },
  };
};
