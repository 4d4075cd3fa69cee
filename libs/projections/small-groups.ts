/**
 * One figure of several that add up to a total that readers may know. `count` is what would be shown; `learners` is how many different
 * learners it is about, or fewer, never more.
 */
export interface Cell {
  readonly count: number;
  readonly learners: number;
}

/** Under which number of learners nothing is told about a group: 0 where everything is. */
export type Fewest = number;

/** The least that can be asked for: of two, each could work the other one out. */
export const LEAST_FEWEST = 3;
/** The number that stands where nobody says another. */
export const DEFAULT_FEWEST = 5;
/** More cannot be told apart by a sketch of learners (learner-sketch.ts) with any certainty. */
export const MOST_FEWEST = 20;

/** True for a figure about some learners, but fewer than may be told of. Nobody is no group: zero says nothing of anyone. */
export const isSmall = ({ count, learners }: Cell, fewest: Fewest): boolean => fewest > 0 && count !== 0 && learners > 0 && learners < fewest;

/**
 * Which of some figures are hidden, where their total is told. The small ones, and so that these do not follow from the total the smallest
 * of the others, with all that are as large: by its place alone it would give itself away. Where no other is large enough to hide them,
 * all are hidden, zeros too. `also` are hidden for other reasons, and count as small.
 */
export const hideSmall = (cells: readonly Cell[], fewest: Fewest, also: readonly boolean[] = []): readonly boolean[] => {
  if (fewest === 0) return cells.map(() => false);
  const small = cells.map((cell, i) => also[i] === true || isSmall(cell, fewest));
  if (!small.includes(true)) return small;
  const isLarge = ({ learners }: Cell, i: number): boolean => small[i] === false && learners >= fewest;
  const large = cells.filter(isLarge).map(({ count }) => count);
  const least = Math.min(...large);
  return cells.map((cell, i) => small[i] === true || large.length === 0 || (isLarge(cell, i) && cell.count <= least));
};

/** True where a total may be told though some of its parts are not: what they come to together is then about enough learners, and about none of them alone. */
export const mayTellTotal = (hidden: readonly Cell[], fewest: Fewest): boolean =>
  fewest === 0 || hidden.every(({ count }) => count === 0) || (hidden.length > 1 && hidden.some(({ learners }) => learners >= fewest));

/** What is hidden of groups of figures, and which totals may be told. */
export interface HiddenInGroups {
  /** Of each group, in the order given. */
  readonly hidden: readonly (readonly boolean[])[];
  readonly totals: readonly boolean[];
  /** The total over all groups. */
  readonly total: boolean;
}

/**
 * Which figures are hidden where they stand in groups whose totals are told, and the total over all groups as well. Groups in which nothing
 * is large enough to hide what is small do not tell their totals, and are hidden by one another; if that is not enough, the smallest
 * group that hides nothing yet is hidden with them, whole.
 */
export const hideInGroups = (groups: readonly (readonly Cell[])[], fewest: Fewest): HiddenInGroups => {
  const hidden = groups.map((cells) => hideSmall(cells, fewest));
  const hiddenOf = (g: number): readonly Cell[] => (groups[g] ?? []).filter((_cell, i) => hidden[g]?.[i] === true);
  const tells = (g: number): boolean => mayTellTotal(hiddenOf(g), fewest);
  const untold = (): readonly Cell[] => groups.flatMap((_cells, g) => (tells(g) ? [] : hiddenOf(g)));
  if (!mayTellTotal(untold(), fewest)) {
    const sizes = groups.map((cells, g) => (hidden[g]?.includes(true) || !cells.some(({ learners }) => learners >= fewest) ? Infinity : cells.reduce((sum, { count }) => sum + count, 0)));
    const least = Math.min(...sizes);
    for (const [g, size] of sizes.entries()) if (size === least && size !== Infinity) hidden[g] = (groups[g] ?? []).map(() => true);
  }
  return { hidden, totals: groups.map((_cells, g) => tells(g)), total: mayTellTotal(untold(), fewest) };
};

/** A figure as it is told: null where it is hidden. */
export const told = <T>(value: T, hidden: boolean | undefined): T | null => (hidden === true ? null : value);
