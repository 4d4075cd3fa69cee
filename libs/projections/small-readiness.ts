import { isSmall, type Fewest } from './small-groups.js';

/** How many learners hold so many of some badges, from a number up to another, both meant. */
export interface HeldRange {
  readonly from: number;
  readonly to: number;
  /** null where it is not told. */
  readonly learners: number | null;
}

/** A badge, or any of some, and how many learners hold it. */
export interface HeldBadge {
  readonly learners: number;
  /** Whether that is told elsewhere. */
  readonly isTold: boolean;
}

/** Whether it is told how many have the role, where it takes all of the badges; `open` where it does not. */
export type WhoHoldsAll = 'told' | 'untold' | 'open';

type Ranges = readonly (readonly [number, number])[];

/** How numbers from 0 to `most` are put together, the finest first; each range but those of the first has several numbers. */
const waysToCut = (most: number): readonly Ranges[] => {
  const each = Array.from({ length: most + 1 }, (_none, held) => [held, held] as const);
  if (most < 3) return [each];
  const half = Math.floor(most / 2);
  return most < 5 ? [each, [[0, half], [half + 1, most]]] : [each, [[0, 1], [2, most - 2], [most - 1, most]], [[0, 1], [2, most]], [[0, most - 2], [most - 1, most]]];
};

const inRange = (learners: readonly number[], [from, to]: readonly [number, number]): number => learners.slice(from, to + 1).reduce((sum, count) => sum + count, 0);

/** Whether so many learners can hold so many badges each, where so many learners hold each badge (Gale and Ryser). */
const isPossible = (learners: readonly number[], badges: readonly number[]): boolean => {
  if (learners.some((count) => count < 0)) return false;
  const sorted = [...badges].sort((a, b) => b - a);
  return sorted.every((_badge, i) => {
    const most = learners.reduce((sum, count, held) => sum + count * Math.min(held, i + 1), 0);
    const asked = sorted.slice(0, i + 1).reduce((a, b) => a + b, 0);
    return i === sorted.length - 1 ? asked === most : asked <= most;
  });
};

/** Whether each number that few hold could be another one, though ranges, badges and how many there are stay as they are, and so does why no finer ranges are told. */
const leavesOpen = (learners: readonly number[], ranges: Ranges, finer: readonly Ranges[], badges: readonly number[], isFew: (count: number) => boolean, isAllTold: boolean): boolean => {
  const most = learners.length - 1;
  // One learner up within a range and one down within a range: the sums stay.
  const steps = ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_none, i) => from + i));
  const open = new Set<number>();
  for (const up of steps) {
    for (const down of steps) {
      const other = [...learners];
      for (const [held, change] of [[up, -1], [up + 1, 1], [down + 1, -1], [down, 1]] as const) other[held] = (other[held] ?? 0) + change;
      if (isAllTold && other[most] !== learners[most]) continue;
      if (isPossible(other, badges) && finer.every((some) => some.some((range) => isFew(inRange(other, range))))) other.forEach((count, held) => void (count !== learners[held] && open.add(held)));
    }
  }
  return learners.every((count, held) => !isFew(count) || open.has(held));
};

/**
 * Whether what is told elsewhere leaves nothing about few possible. Of three badges, all of which so many hold, it leaves one step open: two of
 * those who hold one, less or more. What is told may then not depend on which of them it is, else its silence would tell.
 */
const isNeverFew = (learners: readonly number[], badges: readonly number[], isFew: (count: number) => boolean): boolean => {
  const [none = 0, one = 0, two = 0, three = 0] = learners;
  for (let step = -none; step <= one; step++) {
    const other = [none + step, one - 2 * step, two + step, three];
    if (isPossible(other, badges) && other.some(isFew)) return false;
  }
  return true;
};

/**
 * How many learners hold how many of some badges, as far as it may be told: `learners` has how many hold none, one, …
 *
 * How many there are in all is told elsewhere, and how many hold each badge, hence how many badges they hold together. So two hidden
 * numbers beside others that are told would follow like two unknowns from two equations. Therefore either every number is told, and
 * none of them is about few; or they are told in ranges, in all of which some numbers stay open; or nothing is. Where it is not told
 * how many hold one of the badges, only ranges are, and only if the sum is well within what they allow. And where all but few hold
 * a badge, all but few of a badge have the role that takes all, or how many have that role is not told, what is told elsewhere leaves so little open that nothing is told here.
 */
export const readinessRanges = (learners: readonly number[], badges: readonly HeldBadge[], all: WhoHoldsAll, fewest: Fewest): readonly HeldRange[] => {
  const most = learners.length - 1;
  const everybody = learners.reduce((a, b) => a + b, 0);
  const isFew = (count: number): boolean => isSmall({ count, learners: count }, fewest);
  const held = learners.reduce((sum, count, number) => sum + count * number, 0);
  const isSumTold = badges.every(({ isTold }) => isTold);
  const mayBe = (ranges: Ranges, i: number, ways: readonly Ranges[]): boolean => {
    if (fewest === 0) return true;
    if (ranges.some((range) => isFew(inRange(learners, range)))) return false;
    if (!leavesOpen(learners, ranges, ways.slice(0, i), badges.map(({ learners: many }) => many), isFew, all === 'told')) return false;
    if (isSumTold) return true;
    const [least, greatest] = ([0, 1] as const).map((end) => ranges.reduce((sum, range) => sum + inRange(learners, range) * range[end], 0)) as [number, number];
    return held - least >= 2 * fewest && greatest - held >= 2 * fewest;
  };
  const isTold = fewest === 0 || (all !== 'untold' && !badges.some((badge) => badge.isTold && (isFew(everybody - badge.learners) || (all === 'told' && isFew(badge.learners - (learners[most] ?? 0))))));
  const mayTell = isTold && (fewest === 0 || all !== 'told' || most !== 3 || isNeverFew(learners, badges.map(({ learners: many }) => many), isFew));
  const found = mayTell ? waysToCut(most).find(mayBe) : undefined;
  return found ? found.map((range) => ({ from: range[0], to: range[1], learners: inRange(learners, range) })) : [{ from: 0, to: most, learners: null }];
};
