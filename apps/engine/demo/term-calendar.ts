const DAY = 86_400_000;
/** A minute in milliseconds. */
export const MINUTE = 60_000;
// Seoul has kept UTC+9 without summer time since 1988.
const OFFSET = 9 * 60 * MINUTE;
/** The school's time zone. */
export const TIMEZONE = 'Asia/Seoul';
/** Length of a term. */
export const WEEKS = 12;

/** The days of a term of 12 weeks; day 0 is a Monday. */
export interface TermCalendar {
  /** An instant of a course day in Seoul, epoch milliseconds. */
  readonly at: (day: number, hour: number, minute?: number) => number;
  /** The term's last day, counted from day 0: 83 to 89, since the term starts on a Monday. */
  readonly lastDay: number;
  /** An instant as ISO 8601 text with Seoul's offset. */
  readonly iso: (time: number) => string;
}

/** The date in Seoul at an instant (epoch milliseconds), as YYYY-MM-DD. */
export const seoulDate = (time: number): string => new Date(time + OFFSET).toISOString().slice(0, 10);

/** The day before a date (YYYY-MM-DD). */
export const dayBefore = (date: string): string => new Date(dayNumber(date) * DAY - DAY).toISOString().slice(0, 10);

const dayNumber = (date: string): number => {
  const time = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  // Some runtimes read 31 February as 3 March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) throw new RangeError(`"${date}" is not a date like 2026-03-02`);
  return time / DAY;
};

/**
 * The term of 12 weeks, from a Monday on, that is over on the given date (YYYY-MM-DD).
 * @throws RangeError for a text that is no date.
 */
export const termCalendar = (lastDate: string): TermCalendar => {
  const last = dayNumber(lastDate);
  const latestStart = last - WEEKS * 7 + 1;
  const weekday = (latestStart + 3) % 7; // 0 is Monday; day 0 of the epoch was a Thursday
  const first = latestStart - weekday;
  return {
    at: (day, hour, minute = 0) => (first + day) * DAY + (hour * 60 + minute) * MINUTE - OFFSET,
    lastDay: last - first,
    iso: (time) => `${new Date(time + OFFSET).toISOString().slice(0, 19)}+09:00`,
  };
};
