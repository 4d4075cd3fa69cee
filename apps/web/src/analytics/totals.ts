/** A figure: null where it is about too few learners to be told, undefined where there is none. */
export type Figure = number | null | undefined;

/** A sum of what is told, and of how many parts it does not know. */
export interface Total {
  readonly sum: Figure;
  readonly untold: number;
}

/** The sum of what is told; null where there is something and nothing of it is. */
export const total = (parts: readonly (number | null)[]): Total => {
  const told = parts.filter((part) => part !== null);
  return { sum: told.length === 0 && parts.length > 0 ? null : told.reduce((sum, part) => sum + part, 0), untold: parts.length - told.length };
};

/** The mean over all of `of`, from the mean over each part. */
export const meanOf = (parts: readonly { readonly mean: number | null; readonly of: number | null }[]): Figure => {
  const told = parts.flatMap(({ mean, of }) => (mean === null || of === null ? [] : [{ mean, of }]));
  const all = told.reduce((sum, { of }) => sum + of, 0);
  if (all > 0) return told.reduce((sum, { mean, of }) => sum + mean * of, 0) / all;
  return parts.some(({ of }) => of === null) ? null : undefined;
};

/** How often something is for each of something else, over the parts of which both are told. */
export const perEach = (amounts: readonly (number | null)[], of: readonly (number | null)[]): Figure => {
  const told = amounts.flatMap((amount, i) => {
    const all = of[i];
    return amount === null || typeof all !== 'number' ? [] : [{ amount, all }];
  });
  const all = told.reduce((sum, part) => sum + part.all, 0);
  return all > 0 ? told.reduce((sum, { amount }) => sum + amount, 0) / all : undefined;
};
