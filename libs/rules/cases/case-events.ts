import type { Fact } from '#domain/facts.js';
import { keptAs } from '#domain/event-fields.js';
import type { CorrectionEvent, CourseFactEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { zoneOf } from '../calendar.js';
import { heldBadge } from '../held-badge.js';
import type { Rule } from '../rule.js';
import { instantOf, type CaseDays } from './case-time.js';
import { eventId, type RuleCase } from './cases-shape.js';
import type { ShortEvent, ShortValues } from './event-shape.js';

/** The source of events that name none. */
export const CASE_SOURCE = 'case';
/** Whom a case is about. */
export const CASE_LEARNER = 'learner';

/** Something that becomes known at a moment. */
export interface Arrival<T> {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly what: T;
}

/** A case in the terms of the engine. */
export interface CaseEvents {
  readonly days: CaseDays;
  readonly course: string;
  /** Known from the beginning. */
  readonly ofCourse: readonly (CourseFactEvent | CorrectionEvent)[];
  /** In order of arrival. */
  readonly ofLearner: readonly Arrival<LearnerFactEvent | CorrectionEvent>[];
  readonly held: readonly Fact[];
  readonly closedAt: number | undefined;
  readonly now: number | undefined;
  /** Of a cohort: what the others reached; undefined where nobody is ranked. */
  readonly others: readonly number[] | undefined;
}

const valuesOf = (values: Readonly<Partial<ShortValues>>, days: CaseDays): Record<string, unknown> => {
  const { time, due, submitted, start, tags, ...others } = values;
  const times = Object.entries({ time, due, submitted, start }).flatMap(([key, moment]) => (moment ? [[key, instantOf(moment, days, 'noon')] as const] : []));
  return { ...others, ...(tags && { tags: [...new Set(tags)].sort() }), ...Object.fromEntries<number>(times) };
};

const fullEvent = (event: ShortEvent, id: string, defaults: Readonly<Record<string, unknown>>, days: CaseDays): unknown => {
  const { type, arrives: _arrives, version, source = CASE_SOURCE, target, changes, course, activity, badge, occurrence, approver, id: _id, ...values } = event;
  const renamed = Object.entries({ activity, badge, occurrence, approver }).filter(([, value]) => value !== undefined);
  return {
    type,
    id,
    source,
    ...defaults,
    ...(course !== undefined && { course }),
    ...(version !== undefined && { version }),
    ...Object.fromEntries(renamed.map(([field, value]) => [keptAs(field), value])),
    ...valuesOf(values, days),
    ...(target !== undefined && { target }),
    ...(changes && { changes: valuesOf(changes, days) }),
  };
};

/** The days of a case. */
const daysOf = ({ course }: RuleCase): CaseDays => {
  const zone = zoneOf(course?.timezone ?? 'UTC');
  const start = course?.start;
  return { zone, first: start && zone.dayOf(instantOf(start, { zone, first: undefined }, 'noon')) };
};

/** Puts a case into the terms of the engine. */
export const eventsOf = (one: RuleCase, rule: Rule): CaseEvents => {
  const days = daysOf(one);
  const course = rule.course === '' ? 'none' : rule.course;
  const { start, timezone, events: offers = [] } = one.course ?? {};
  const startsAt = start && ('instant' in start ? start.instant : days.zone.instantOf(days.first ?? 0, 0));
  const opened: CourseFactEvent[] = startsAt === undefined ? [] : [{
    type: 'CourseOpened', id: 'opened', source: CASE_SOURCE, course, time: startsAt, start: startsAt, ...(timezone !== undefined && { timezone }),
  }];
  const ofCourse = offers.map((event, i) => fullEvent(event, eventId(event, 'c', i), { course, ...(event.target === undefined && { time: startsAt ?? 0 }) }, days));
  let known = -Infinity;
  const ofLearner = (one.events ?? []).map((event, i): Arrival<LearnerFactEvent | CorrectionEvent> => {
    const moment = event.arrives ?? event.time;
    if (moment) known = Math.max(known, instantOf(moment, days, 'noon'));
    const approved = event.type === 'ApprovalGiven' && { activity: rule.badge };
    return { at: known, what: fullEvent(event, eventId(event, 'e', i), { learner: CASE_LEARNER, course, ...approved }, days) as LearnerFactEvent | CorrectionEvent };
  });
  return {
    days,
    course,
    ofCourse: [...opened, ...(ofCourse as (CourseFactEvent | CorrectionEvent)[])],
    ofLearner,
    held: (one.badges ?? []).map(({ badge, earned, level }) =>
      heldBadge({ award: badge, badge, earnedAt: instantOf(earned, days, 'noon') }, rule.course, level && { ...level, name: {} }),
    ),
    closedAt: one.closed && instantOf(one.closed, days, 'end'),
    now: one.now && instantOf(one.now, days, 'end'),
    others: one.others,
  };
};
