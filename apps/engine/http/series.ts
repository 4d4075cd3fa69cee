import type { Sketch } from '#projections/learner-sketch.js';
import { utcDay } from '#projections/issuer-analytics.js';
import type { Fewest } from '#projections/small-groups.js';
import { placeOf, safeCuts } from '#projections/small-intervals.js';

/** How days are put together. */
export type Interval = 'day' | 'week' | 'month';

const DAY = 86_400_000;

/** The first day of the interval that a UTC day ("2024-05-31") is in; weeks begin on Monday. */
export const startOf = (day: string, interval: Interval): string => {
  if (interval === 'day' || day === '') return day;
  if (interval === 'month') return `${day.slice(0, -2)}01`;
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : utcDay(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY);
};

/** The first day after the interval that begins on a day. */
export const nextOf = (start: string, interval: Interval): string => {
  const at = Date.parse(`${start}T00:00:00Z`);
  const next = Number.isNaN(at) ? '' : interval === 'month' ? startOf(utcDay(at + 31 * DAY), 'month') : utcDay(at + (interval === 'week' ? 7 : 1) * DAY);
  return next > start ? next : `${start}!`; // days that no calendar has are followed by none
};

/** What was counted on a UTC day, and about whom. */
export interface CountedDay {
  readonly amount: number;
  readonly sketch: Sketch;
}

/** An amount over time, by UTC day, with the days at which it may be cut; everywhere where there are none. */
export interface Line {
  readonly days: ReadonlyMap<string, CountedDay>;
  readonly cuts?: Cuts;
}

/** Where an amount may be cut: figures go from one such day to another. */
export interface Cuts {
  readonly isCut: (day: string) => boolean;
  readonly days: readonly string[];
}

const NOWHERE: Cuts = { isCut: () => false, days: [] };

/** Where an amount may be cut so that no figure is about few learners: months if possible, then weeks, then days. */
export const cutsOf = (days: ReadonlyMap<string, CountedDay>, fewest: Fewest): Cuts | undefined => {
  if (fewest === 0 || days.size === 0) return undefined;
  const ends = (interval: Interval): readonly string[] => [...new Set([...days.keys()].flatMap((day) => {
    const start = startOf(day, interval);
    return [start, nextOf(start, interval)];
  }))].sort();
  const [months, weeks] = [ends('month'), ends('week')];
  const wanted = [...months, ...weeks, ...ends('day')];
  const [first, last] = [wanted.reduce((a, b) => (b < a ? b : a)), wanted.reduce((a, b) => (b > a ? b : a))];
  const cuts = safeCuts([...days].map(([day, { sketch }]) => ({ day, sketch })), wanted, [first, last], fewest);
  if (cuts.length === 0) return NOWHERE;
  const known = new Set(cuts);
  return { days: cuts, isCut: (day) => day <= first || day >= last || known.has(day) };
};

/** Where all of several amounts may be cut, since one follows from the others. */
export const commonCuts = (all: readonly (Cuts | undefined)[]): Cuts | undefined => {
  const some = all.filter((cuts) => cuts !== undefined);
  if (some.length === 0) return undefined;
  return some.includes(NOWHERE) ? NOWHERE : { days: some.flatMap(({ days }) => days), isCut: (day) => some.every(({ isCut }) => isCut(day)) };
};

/** Sums of one interval, or of those up to before `until` together; null for those that are not told. */
export type Told<Name extends string> = { readonly start: string; readonly until?: string } & Readonly<Record<Name, number | null>>;

/** The sum of an amount from a day up to before another. */
const sumsOf = (days: Line['days']): ((from: string, to: string) => number) => {
  const sorted = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  const names = sorted.map(([day]) => day);
  const sums = [0];
  for (const [, { amount }] of sorted) sums.push((sums.at(-1) ?? 0) + amount);
  return (from, to) => (sums[placeOf(names, to)] ?? 0) - (sums[placeOf(names, from)] ?? 0);
};

/**
 * Sums of named amounts by interval, in order of time, without intervals in which nothing happened. Intervals that may not be told alone
 * are one entry together; null in place of all where none of the amounts may be told at all.
 */
export const series = <Name extends string>(
  lines: Readonly<Record<Name, Line>>,
  interval: Interval,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined } = {},
): readonly Told<Name>[] | null => {
  const all = (Object.entries(lines) as [Name, Line][]).map(([name, { days, cuts }]) => ({ name, days, cuts, sum: sumsOf(days) }));
  const counted = all.filter(({ days, cuts }) => days.size > 0 && cuts !== NOWHERE);
  if (counted.length === 0) return all.every(({ days }) => days.size === 0) ? [] : null;
  // Intervals begin where one may cut, not where something happened: else the rows would say when.
  const isStart = (day: string): boolean => startOf(day, interval) === day;
  const afterAll = (day: string): string => (isStart(day) ? day : nextOf(startOf(day, interval), interval));
  const places = counted.flatMap(({ days, cuts }) =>
    cuts
      ? [startOf(cuts.days[0] ?? '', interval), ...cuts.days.filter(isStart), afterAll(cuts.days.at(-1) ?? '')]
      : [...days.keys()].flatMap((day) => [startOf(day, interval), nextOf(startOf(day, interval), interval)]),
  );
  const points = [...new Set(places)].sort();
  const found: Told<Name>[] = [];
  let wasUntold = false;
  for (const [i, start] of points.slice(0, -1).entries()) {
    const end = points[i + 1] as string;
    const [low, high] = [from !== undefined && from > start ? from : start, to !== undefined && to < end ? to : end];
    if (low >= high) continue;
    const told = (cuts: Cuts | undefined): boolean => !cuts || (cuts.isCut(low) && cuts.isCut(high));
    const sums = Object.fromEntries(all.map(({ name, cuts, sum }) => [name, told(cuts) ? sum(low, high) : null])) as Record<Name, number | null>;
    const values = counted.map(({ name }) => sums[name]);
    const isUntold = values.every((value) => value === null);
    const before = found.at(-1);
    if (isUntold && wasUntold && before) found[found.length - 1] = { ...before, until: end };
    else if (values.some((value) => value !== 0)) found.push({ start, ...(end !== nextOf(start, interval) && { until: end }), ...sums });
    wasUntold = isUntold;
  }
  return found;
};
