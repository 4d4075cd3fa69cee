/** Stretches of whole days that follow each other, numbered in order; days are counted from 1970-01-01. */
export interface DayUnits {
  /** The unit of a day; undefined for a day that belongs to none. */
  readonly of: (day: number) => number | undefined;
  /** The last unit that has begun on a day. */
  readonly begunOn: (day: number) => number;
  readonly firstDay: (unit: number) => number;
}

/** Some Monday: 1970-01-01 was a Thursday. */
const MONDAY = -3;

/** Every day. */
export const DAYS: DayUnits = { of: (day) => day, begunOn: (day) => day, firstDay: (unit) => unit };

/** Weeks, one of which begins on that day. */
export const weeksFrom = (day: number): DayUnits => {
  const weekOf = (other: number): number => Math.floor((other - day) / 7);
  return { of: weekOf, begunOn: weekOf, firstDay: (week) => day + week * 7 };
};

/** Weeks from Monday to Sunday. */
export const CALENDAR_WEEKS = weeksFrom(MONDAY);

const lastWeekday = (day: number): number => {
  const week = Math.floor((day - MONDAY) / 7);
  return week * 5 + Math.min(day - MONDAY - week * 7, 4);
};

/** Days from Monday to Friday; Saturday and Sunday belong to none. */
export const WEEKDAYS: DayUnits = {
  of: (day) => (lastWeekday(day) === lastWeekday(day - 1) ? undefined : lastWeekday(day)),
  begunOn: lastWeekday,
  firstDay: (unit) => MONDAY + Math.floor(unit / 5) * 7 + (unit - Math.floor(unit / 5) * 5),
};
