import { applyEvent, currentFacts, emptyFactBook, type Fact, type FactBook } from '#domain/facts.js';
import type { ClosingTimeReached } from '#domain/log-event.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { courseCalendar, isTimeZone, type CourseCalendar } from './calendar.js';

/** What a rule may know of its course. */
export interface CourseContext {
  /** Absent until it is known when the course starts: day and week criteria count nothing before. */
  readonly calendar: CourseCalendar | undefined;
  /** When the course closed, epoch milliseconds. */
  readonly closedAt: number | undefined;
  /** How far the log's clock for this course has come, epoch milliseconds. */
  readonly clock: number;
}

/** A course as far as its stream tells. Folded in place. */
export interface CourseState {
  readonly book: FactBook;
  clock: number;
  context: CourseContext;
}

const UNKNOWN: CourseContext = { calendar: undefined, closedAt: undefined, clock: -Infinity };

export const unknownCourse = (): CourseState => ({ book: emptyFactBook(), clock: -Infinity, context: UNKNOWN });

/** Takes an event of the course's stream in and tells whether rules may now decide otherwise. */
export const evolveCourse = (state: CourseState, event: LearningEvent | ClosingTimeReached): boolean => {
  if (event.type === 'ClosingTimeReached') {
    if (event.at <= state.clock) return false;
    state.clock = event.at;
  } else if (!applyEvent(state.book, event).some(({ before, after }) => isBound(before) || isBound(after))) {
    return false;
  }
  const before = state.context;
  state.context = contextOf(state);
  return (
    before.clock !== state.context.clock ||
    before.closedAt !== state.context.closedAt ||
    before.calendar !== state.context.calendar
  );
};

const isBound = (fact: Fact | undefined): boolean => fact?.type === 'CourseOpened' || fact?.type === 'CourseClosed';

const contextOf = (state: CourseState): CourseContext => {
  let start: number | undefined;
  let timezone = 'UTC';
  let closedAt: number | undefined;
  for (const fact of currentFacts(state.book)) {
    if (fact.type === 'CourseOpened') {
      start = fact.values.start ?? fact.time;
      timezone = fact.values.timezone ?? 'UTC';
    } else if (fact.type === 'CourseClosed') {
      closedAt = fact.time;
    }
  }
  return { calendar: calendarFor(start, timezone), closedAt, clock: state.clock };
};

// Calendars are compared by identity to see a change, so equal ones must be one object.
const calendars = new Map<string, CourseCalendar>();
const calendarFor = (start: number | undefined, timezone: string): CourseCalendar | undefined => {
  if (start === undefined) return undefined;
  const key = `${start} ${timezone}`;
  let calendar = calendars.get(key);
  if (!calendar) calendars.set(key, (calendar = courseCalendar(start, isTimeZone(timezone) ? timezone : 'UTC')));
  return calendar;
};
