import type { Fact } from '#domain/facts.js';
import type { CourseContext } from './course-context.js';
import { zoneOf, type Zone } from './calendar.js';

/** What a rule may know of a learner apart from the facts that its criteria select. */
export interface LearnerContext {
  /** When the learner enrolled in the course, epoch milliseconds; undefined where nobody said. */
  readonly enrolledAt: number | undefined;
  /** The learner's own time zone, where the enrolment names one. */
  readonly zone: Zone | undefined;
  /** The learner's own due dates by activity, epoch milliseconds. */
  readonly extensions: ReadonlyMap<string, number>;
}

/** Everything that a criterion is measured in, apart from facts and time. */
export interface Circumstances {
  readonly course: CourseContext;
  readonly learner: LearnerContext;
}

const NO_EXTENSIONS: ReadonlyMap<string, number> = new Map();

export const UNKNOWN_LEARNER: LearnerContext = { enrolledAt: undefined, zone: undefined, extensions: NO_EXTENSIONS };

const ofUnknown = new WeakMap<CourseContext, Circumstances>();

/** A learner in a course; of all of whom nothing is known one object. */
export const circumstancesIn = (course: CourseContext, learner: LearnerContext): Circumstances => {
  if (learner !== UNKNOWN_LEARNER) return { course, learner };
  let known = ofUnknown.get(course);
  if (!known) ofUnknown.set(course, (known = { course, learner }));
  return known;
};

/** True for facts that change a learner's context. */
export const isCircumstance = (fact: Fact): boolean => fact.type === 'Enrolled' || fact.type === 'ExtensionGranted';

/** The learner's context in a course: the first enrolment counts, and of several extensions the latest due date. */
export const learnerContext = (facts: Iterable<Fact>, course: string): LearnerContext => {
  let enrolled: Fact | undefined;
  let extensions: Map<string, number> | undefined;
  for (const fact of facts) {
    if (fact.course !== course) continue;
    if (fact.type === 'Enrolled') {
      if (!enrolled || fact.time < enrolled.time || (fact.time === enrolled.time && fact.id < enrolled.id)) enrolled = fact;
    } else if (fact.type === 'ExtensionGranted' && fact.activity !== undefined && fact.values.due !== undefined) {
      extensions ??= new Map();
      extensions.set(fact.activity, Math.max(extensions.get(fact.activity) ?? -Infinity, fact.values.due));
    }
  }
  if (!enrolled && !extensions) return UNKNOWN_LEARNER;
  const timezone = enrolled?.values.timezone;
  return {
    enrolledAt: enrolled?.time,
    zone: timezone === undefined ? undefined : zoneOf(timezone),
    extensions: extensions ?? NO_EXTENSIONS,
  };
};

/** Days since the learner's enrolment day, in the course's time zone; undefined where it is not known. */
export const enrolmentDay = ({ course, learner }: Circumstances, time: number): number | undefined =>
  learner.enrolledAt === undefined ? undefined : course.zone.dayOf(time) - course.zone.dayOf(learner.enrolledAt);
