const DAY_MS = 86_400_000;
const SHAPE = /^\d{4}-\d\d-\d\d$/;

/** How days are put together. */
export type Interval = 'day' | 'week' | 'month';
/** The intervals, the shortest first. */
export const INTERVALS = ['day', 'week', 'month'] as const satisfies readonly Interval[];

const later = (day: string, days: number): string => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** Whether a text is a day that the calendar has ("2026-03-01"). */
export const isDay = (text: unknown): text is string => {
  if (typeof text !== 'string' || !SHAPE.test(text)) return false;
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
};

/** The day after. */
export const dayAfter = (day: string): string => later(day, 1);

/** The day before. */
export const dayBefore = (day: string): string => later(day, -1);

/** How many days there are from one up to before another. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** The first day after the interval that begins on a day. */
export const intervalAfter = (start: string, interval: Interval): string => {
  if (interval === 'day') return dayAfter(start);
  if (interval === 'week') return later(start, 7);
  return `${later(`${start.slice(0, 7)}-01`, 31).slice(0, 7)}-01`;
};
