import { applyEvent, currentFacts, emptyFactBook, type Fact, type FactBook } from '#domain/facts.js';
import type { ClosingTimeReached, CohortRanked } from '#domain/log-event.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { courseCalendar, isTimeZone, zoneOf, type CourseCalendar, type Zone } from './calendar.js';
import { compareFacts } from './sorted-facts.js';

/** What a rule may know of its course. */
export interface CourseContext {
  /** The course's time zone; UTC until it is known. */
  readonly zone: Zone;
  /** The time zones that it was taken to have before: awards may stand for the periods of those. */
  readonly formerZones: readonly Zone[];
  /** Absent until it is known when the course starts: day and week criteria count nothing before. */
  readonly calendar: CourseCalendar | undefined;
  /** When the course closed, epoch milliseconds. */
  readonly closedAt: number | undefined;
  /** How far the log's clock for this course has come, epoch milliseconds. */
  readonly clock: number;
  /** SessionHeld, AssignmentPublished and MissionPublished facts, by time, then id; another array where one changes. */
  readonly offers: readonly Fact[];
  /** Values that cohorts of this course had to reach, by cohort; null where nobody was ranked. */
  readonly cutoffs: ReadonlyMap<string, number | null>;
}

/** A course as far as its streams tell. Folded in place. */
export interface CourseState {
  readonly book: FactBook;
  context: CourseContext;
}

/** What changed for rules: 'bounds' is when the course starts, ends, and how far its clock has come. */
export type CourseChange = 'none' | 'bounds' | 'offers' | 'cohort';

const NO_OFFERS: readonly Fact[] = [];

export const UNKNOWN_COURSE: CourseContext = {
  zone: zoneOf('UTC'),
  formerZones: [],
  calendar: undefined,
  closedAt: undefined,
  clock: -Infinity,
  offers: NO_OFFERS,
  cutoffs: new Map(),
};

export const unknownCourse = (): CourseState => ({ book: emptyFactBook(), context: UNKNOWN_COURSE });

/** Takes an event of the course's streams in and tells what of it rules may see. */
export const evolveCourse = (state: CourseState, event: LearningEvent | ClosingTimeReached | CohortRanked): CourseChange => {
  const { context } = state;
  if (event.type === 'ClosingTimeReached') {
    if (event.at <= context.clock) return 'none';
    state.context = { ...context, clock: event.at };
    return 'bounds';
  }
  if (event.type === 'CohortRanked') {
    if (context.cutoffs.has(event.cohort)) return 'none';
    state.context = { ...context, cutoffs: new Map(context.cutoffs).set(event.cohort, event.cutoff) };
    return 'cohort';
  }
  const changed = applyEvent(state.book, event).flatMap(({ before, after }) => [before, after]);
  const offers = changed.some(isOffer);
  if (changed.some(isBound)) {
    state.context = { ...context, ...boundsOf(state.book) };
    if (state.context.zone !== context.zone) state.context = { ...state.context, formerZones: [...new Set([...context.formerZones, context.zone])] };
    if (offers) state.context = { ...state.context, offers: offersOf(state.book) };
    const { calendar, closedAt } = state.context;
    if (calendar !== context.calendar || closedAt !== context.closedAt) return 'bounds';
  } else if (offers) {
    state.context = { ...context, offers: offersOf(state.book) };
  }
  return offers ? 'offers' : 'none';
};

const isBound = (fact: Fact | undefined): boolean => fact?.type === 'CourseOpened' || fact?.type === 'CourseClosed';

const isOffer = (fact: Fact | undefined): boolean =>
  fact?.type === 'SessionHeld' || fact?.type === 'AssignmentPublished' || fact?.type === 'MissionPublished';

const offersOf = (book: FactBook): readonly Fact[] => [...currentFacts(book)].filter(isOffer).sort(compareFacts);

const boundsOf = (book: FactBook): Pick<CourseContext, 'zone' | 'calendar' | 'closedAt'> => {
  let start: number | undefined;
  let timezone = 'UTC';
  let closedAt: number | undefined;
  for (const fact of [...currentFacts(book)].sort(compareFacts)) {
    if (fact.type === 'CourseOpened') {
      start = fact.values.start ?? fact.time;
      timezone = fact.values.timezone ?? 'UTC';
    } else if (fact.type === 'CourseClosed') {
      closedAt = fact.time;
    }
  }
  return { zone: zoneOf(timezone), calendar: calendarFor(start, timezone), closedAt };
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
