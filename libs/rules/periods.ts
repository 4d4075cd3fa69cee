import type { Zone } from './calendar.js';
import type { CourseContext } from './course-context.js';
import type { Recurs } from './rule.js';

const DAY = 86_400_000;

/** A stretch of time in which a badge can be earned once. */
export interface Period {
  /** "2026", "2026-h1", "2026-q2", "2026-03", "2026-w07", or the term's name. */
  readonly name: string;
  /** Its first day, as days since 1970-01-01. */
  readonly from: number;
  /** Its last millisecond. */
  readonly end: number;
}

const pad = (value: number): string => String(value).padStart(2, '0');
const dayNumber = (year: number, month: number, day: number): number => Math.round(Date.UTC(year, month, day) / DAY);

/** The period of a recurring badge that an instant falls into; undefined between terms. */
export const periodOf = (recurs: Recurs, time: number, zone: Zone): Period | undefined => {
  const day = zone.dayOf(time);
  if ('terms' in recurs) {
    const term = recurs.terms.find(({ from, to }) => day >= from && day <= to);
    return term && { name: term.name, from: term.from, end: zone.endOfDay(term.to) };
  }
  const date = new Date(day * DAY);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  switch (recurs.each) {
    case 'year':
      return { name: `${year}`, from: dayNumber(year, 0, 1), end: zone.endOfDay(dayNumber(year + 1, 0, 1) - 1) };
    case 'half-year': {
      const half = Math.floor(month / 6);
      return { name: `${year}-h${half + 1}`, from: dayNumber(year, half * 6, 1), end: zone.endOfDay(dayNumber(year, half * 6 + 6, 1) - 1) };
    }
    case 'quarter': {
      const quarter = Math.floor(month / 3);
      return { name: `${year}-q${quarter + 1}`, from: dayNumber(year, quarter * 3, 1), end: zone.endOfDay(dayNumber(year, quarter * 3 + 3, 1) - 1) };
    }
    case 'month':
      return { name: `${year}-${pad(month + 1)}`, from: dayNumber(year, month, 1), end: zone.endOfDay(dayNumber(year, month + 1, 1) - 1) };
    case 'week': {
      // ISO 8601: weeks begin on Monday and belong to the year of their Thursday.
      const monday = day - ((((day + 3) % 7) + 7) % 7);
      const thursday = new Date((monday + 3) * DAY);
      const first = dayNumber(thursday.getUTCFullYear(), 0, 1);
      const week = Math.floor((monday + 3 - first) / 7) + 1;
      return { name: `${thursday.getUTCFullYear()}-w${pad(week)}`, from: monday, end: zone.endOfDay(monday + 6) };
    }
  }
};

/** The periods that some instants fall into, or fell into while the course was taken to have another time zone. */
export const periodsAt = (recurs: Recurs, times: Iterable<number>, { zone, formerZones }: Pick<CourseContext, 'zone' | 'formerZones'>): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const time of times) {
    for (const one of [zone, ...formerZones]) {
      const period = periodOf(recurs, time, one);
      if (period) names.add(period.name);
    }
  }
  return names;
};

const NAME = /^(\d{4})(?:-(?:h([12])|q([1-4])|w(\d{2})|(\d{2})))?$/;

/** The period of that name; undefined where the badge has none. */
export const periodNamed = (recurs: Recurs, name: string, zone: Zone): Period | undefined => {
  if ('terms' in recurs) {
    const term = recurs.terms.find((one) => one.name === name);
    return term && { name, from: term.from, end: zone.endOfDay(term.to) };
  }
  const [, year, half, quarter, week, month] = NAME.exec(name) ?? [];
  if (year === undefined) return undefined;
  // Some day of the period, at noon UTC; the 4th of January is always in week 1.
  const middle = week !== undefined ? dayNumber(Number(year), 0, 4) + (Number(week) - 1) * 7 : undefined;
  const months = half !== undefined ? Number(half) * 6 - 6 : quarter !== undefined ? Number(quarter) * 3 - 3 : Number(month ?? 1) - 1;
  const day = middle ?? dayNumber(Number(year), months, 15);
  const period = periodOf(recurs, zone.endOfDay(day), zone);
  return period?.name === name ? period : undefined;
};
