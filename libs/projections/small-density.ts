import { hideSmall, isSmall, type Cell, type Fewest } from './small-groups.js';

/** A group of people, and how many of them can do each thing. */
export interface CountedGroup {
  readonly size: number;
  /** Of each column. */
  readonly holders: readonly number[];
}

/** A column of a table of groups by what they can do. */
export interface CountedColumn {
  /** Whether anything that is told elsewhere counts for it: if not, nothing is told here. */
  readonly isTold: boolean;
  /**
   * What is told elsewhere is the sum of the column and these: how many badges there are beyond one for each learner, and how many awards of
   * a badge do not hold any more, where that is not told.
   */
  readonly beside: readonly number[];
  /** How many learners have any of its badges, in all groups together. */
  readonly learners: number;
}

/** What is hidden of such a table. */
export interface HiddenInDensity {
  /** Groups of which nothing is told. */
  readonly groups: readonly boolean[];
  /** Columns whose totals are not told. */
  readonly totals: readonly boolean[];
  /** By group and column. */
  readonly cells: readonly (readonly boolean[])[];
}

/** Of one hidden cell alone nothing is left open where the sum is known. */
const LEAST_HIDDEN = 2;

const people = (count: number): Cell => ({ count, learners: count });

/**
 * Which figures are hidden where groups divide everybody, and how many there are in all is told, as is how many have each badge.
 *
 * Within a column cells are hidden from the smallest up, as soon as there is a small one: until no small one is left, at least two are hidden that
 * are not zero, and together they are about twice as many as may be told of. What else the told total has in it (`beside`) counts as cells that nobody sees. So
 * whoever knows the total and the rule sees where the line is, and not why it is there. Where few of all lack it, nothing is told but
 * the total, since a cell is no larger than its group. Sizes of groups are a table whose total is told; a group whose size is hidden
 * is hidden whole.
 */
export const hideInDensity = (groups: readonly CountedGroup[], columns: readonly CountedColumn[], fewest: Fewest): HiddenInDensity => {
  const hiddenGroups = hideSmall(groups.map(({ size }) => people(size)), fewest);
  const isFew = (count: number): boolean => isSmall(people(count), fewest);
  const lineIn = ({ beside }: CountedColumn, c: number): number => {
    const cells = groups.map(({ size, holders }, g) => ({ size, count: holders[c] ?? 0, isHidden: hiddenGroups[g] === true }));
    if (isFew(cells.reduce((lacking, { size, count }) => lacking + size - count, 0))) return Infinity;
    if (![...cells.filter(({ isHidden }) => !isHidden).map(({ count }) => count), ...beside, cells.reduce((sum, { isHidden, count }) => sum + (isHidden ? count : 0), 0)].some(isFew)) return -1;
    let [line, hidden, sum] = [-1, 0, 0];
    for (const { count } of cells.filter(({ isHidden }) => !isHidden).sort((a, b) => a.count - b.count)) {
      if (hidden >= LEAST_HIDDEN && sum >= 2 * fewest && count > line && !isFew(count)) return line;
      [line, hidden, sum] = [count, hidden + Number(count > 0), sum + count];
    }
    return hidden >= LEAST_HIDDEN && sum >= 2 * fewest ? line : Infinity;
  };
  const lines = columns.map((column, c) => (!column.isTold ? Infinity : fewest === 0 ? -1 : lineIn(column, c)));
  return {
    groups: hiddenGroups,
    totals: columns.map(({ learners, isTold, beside }) => !isTold || isFew(learners) || beside.some(isFew)),
    cells: groups.map(({ holders }, g) => columns.map((_column, c) => hiddenGroups[g] === true || (holders[c] ?? 0) <= (lines[c] ?? Infinity))),
  };
};
