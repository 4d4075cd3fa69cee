import { parseIsoTime } from '#domain/iso-time.js';
import type { Zone } from '../calendar.js';
import { named, type Named } from '../shape.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A moment as people write it in a case: a day of the course, a date, or an instant. */
export type CaseTime =
  | { readonly courseDay: number; readonly minute: number | undefined }
  | { readonly date: number; readonly minute: undefined }
  | { readonly instant: number };

/** The days of a case. */
export interface CaseDays {
  readonly zone: Zone;
  /** The course's first day, as days since 1970-01-01; undefined where the case does not say. */
  readonly first: number | undefined;
}

const COURSE_DAY = /^day (-?\d{1,4})(?: ([01]?\d|2[0-3]):([0-5]\d))?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads a moment; undefined for a text that is none. */
export const caseTime = (text: string): CaseTime | undefined => {
  const [, day, hour, minute] = COURSE_DAY.exec(text) ?? [];
  if (day !== undefined) return { courseDay: Number(day), minute: hour === undefined ? undefined : Number(hour) * 60 + Number(minute) };
  const instant = parseIsoTime(text);
  if (instant === undefined) return undefined;
  return DATE.test(text) ? { date: instant / DAY, minute: undefined } : { instant };
};

/** A moment: "day 3", "day 3 09:00" in the course's time zone, or ISO 8601. */
export const CASE_TIME: Named<CaseTime> = named('moment', {
  read: (value) => {
    const text = value.scalar();
    const time = typeof text === 'string' ? caseTime(text) : undefined;
    return time ?? value.fail(`"${value.label}" is no moment`, CASE_TIME.expected);
  },
  schema: { type: 'string', anyOf: [{ pattern: COURSE_DAY.source }, { pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$' }] },
  expected: '"day 3", "day 3 09:00", or ISO 8601 such as "2026-03-05T09:00:00+09:00"',
});

/** When a moment is that names a day alone. */
const UNTIMED = {
  noon: (zone: Zone, day: number): number => zone.instantOf(day, DAY / 2),
  end: (zone: Zone, day: number): number => zone.endOfDay(day),
};

/** Epoch milliseconds of a moment; without the course's first day its days count from 1970-01-01. */
export const instantOf = (time: CaseTime, { zone, first = 0 }: CaseDays, untimed: keyof typeof UNTIMED): number => {
  if ('instant' in time) return time.instant;
  const day = 'date' in time ? time.date : first + time.courseDay;
  return time.minute === undefined ? UNTIMED[untimed](zone, day) : zone.instantOf(day, time.minute * MINUTE);
};

/** Whether an instant is the moment that was expected: on its day where that is all it names, else to the minute. */
export const isAt = (expected: CaseTime, actual: number, days: CaseDays): boolean => {
  if (!('instant' in expected) && expected.minute === undefined) {
    return days.zone.dayOf(actual) === ('date' in expected ? expected.date : (days.first ?? 0) + expected.courseDay);
  }
  return Math.floor(actual / MINUTE) === Math.floor(instantOf(expected, days, 'end') / MINUTE);
};

/** By how many minutes clocks change. */
const CHANGES = [0, 60, -60, 30, -30];

const two = (value: number): string => String(value).padStart(2, '0');

/** An instant as people write it in a case. */
export const written = (instant: number, { zone, first }: CaseDays): string => {
  if (first === undefined) return new Date(instant).toISOString();
  const day = zone.dayOf(instant);
  const passed = Math.floor((instant - zone.instantOf(day, 0)) / MINUTE);
  // On a day on which clocks change they show something else than what has passed of it.
  const shown = CHANGES.map((change) => passed + change).find((minute) => Math.floor((instant - zone.instantOf(day, minute * MINUTE)) / MINUTE) === 0);
  const minute = shown ?? passed;
  return `day ${day - first} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
};

/** A moment that was expected, as its author wrote it. */
export const asWritten = (time: CaseTime, days: CaseDays): string => {
  if ('instant' in time) return new Date(time.instant).toISOString();
  if ('date' in time) return new Date(time.date * DAY).toISOString().slice(0, 10);
  return time.minute === undefined ? `day ${time.courseDay}` : written(instantOf(time, days, 'noon'), days);
};
