import type { Fact } from '#domain/facts.js';
import { LEARNER_FACT_TYPES, type AttendanceStatus, type LearnerFactType } from '#domain/learning-event.js';
import { enrolmentDay, type Circumstances } from './circumstances.js';
import { millionths, percentOf } from './millionths.js';

/** What a criterion can look at: learning facts, and the badges that the learner holds. */
export type SelectedType = LearnerFactType | 'BadgeHeld';

/** Every type of learning fact. */
export const LEARNING_TYPES: readonly SelectedType[] = LEARNER_FACT_TYPES;

/** What a criterion looks at: every condition that is present must hold. */
export interface Selector {
  readonly type: SelectedType;
  /** Sessions, assignments or missions; for badges and approvals: badges. */
  readonly activities?: readonly string[];
  readonly tag?: string;
  readonly kind?: string;
  /** Attendance: which marks count. */
  readonly statuses?: readonly AttendanceStatus[];
  /** Enrolment: as what. */
  readonly role?: 'learner' | 'staff';
  /** Grades: the least score, in percent of what could be reached. */
  readonly minScore?: number;
  /** Badges: the least rank of their level. */
  readonly minRank?: number;
  /** First and last course day that count. */
  readonly fromDay?: number;
  readonly toDay?: number;
  /** First and last day since enrolment that count; day 0 is the day of enrolment. */
  readonly fromEnrolmentDay?: number;
  readonly toEnrolmentDay?: number;
  /** First and last calendar day that count, as days since 1970-01-01 in the course's time zone. */
  readonly fromDate?: number;
  readonly toDate?: number;
}

/** A selector as facts are held against it: with all members, undefined or not, since what is of one shape is read fastest. */
export type FactTest = { readonly [Key in keyof Required<Selector>]: Key extends 'type' ? SelectedType : Selector[Key] | undefined };

const tests = new WeakMap<Selector, FactTest>();

/** How facts are held against a selector. */
export const testOf = (selector: Selector): FactTest => {
  let test = tests.get(selector);
  if (!test) tests.set(selector, (test = makeTest(selector)));
  return test;
};

const makeTest = ({
  type, activities, tag, kind, statuses, role, minScore, minRank, fromDay, toDay, fromEnrolmentDay, toEnrolmentDay, fromDate, toDate,
}: Selector): FactTest => ({
  type, activities, tag, kind, statuses, role, minScore, minRank, fromDay, toDay, fromEnrolmentDay, toEnrolmentDay, fromDate, toDate,
});

/** True for facts that count in whatever course they were recorded: they name a badge, which belongs to none. */
export const isOfAnyCourse = (type: Fact['type']): boolean => type === 'BadgeHeld' || type === 'ApprovalGiven';

const isWithin = (day: number | undefined, from: number | undefined, to: number | undefined): boolean =>
  day !== undefined && (from === undefined || day >= from) && (to === undefined || day <= to);

/** Whether what a fact is about is what a selector names: by id, by tag and by kind. */
export const isNamed = ({ activities, tag, kind }: FactTest, { activity, values }: Fact): boolean => {
  if (activities && (activity === undefined || !activities.includes(activity))) return false;
  if (tag !== undefined && !values.tags?.includes(tag)) return false;
  return kind === undefined || values.kind === kind;
};

/** Whether a moment is within a selector's days. */
export const isWithinDays = (selector: FactTest, time: number, at: Circumstances): boolean => {
  if (selector.fromDay !== undefined || selector.toDay !== undefined) {
    if (!isWithin(at.course.calendar?.dayOf(time), selector.fromDay, selector.toDay)) return false;
  }
  if (selector.fromEnrolmentDay !== undefined || selector.toEnrolmentDay !== undefined) {
    if (!isWithin(enrolmentDay(at, time), selector.fromEnrolmentDay, selector.toEnrolmentDay)) return false;
  }
  if (selector.fromDate === undefined && selector.toDate === undefined) return true;
  return isWithin(at.course.zone.dayOf(time), selector.fromDate, selector.toDate);
};

/** Whether a fact of the rule's course counts for a criterion. */
export const selects = (selector: Selector, fact: Fact, at: Circumstances): boolean => passes(testOf(selector), fact, at);

/** The same for who asks often. */
export const passes = (test: FactTest, fact: Fact, at: Circumstances): boolean => {
  if (fact.type !== test.type || !isNamed(test, fact)) return false;
  const { values } = fact;
  if (test.statuses && (values.status === undefined || !test.statuses.includes(values.status))) return false;
  if (test.role !== undefined && (values.role ?? 'learner') !== test.role) return false;
  if (values.released === false) return false; // what the learner may not see yet must not show in a badge
  if (test.minScore !== undefined && !((percentOf(fact) ?? NaN) >= millionths(test.minScore))) return false;
  if (test.minRank !== undefined && !(Number(values.attributes?.['rank']) >= test.minRank)) return false;
  return isWithinDays(test, fact.time, at);
};

/** Whether what a selector takes depends on the learner's context, not on the fact and the course alone. */
export const dependsOnEnrolment = (selector: Selector): boolean =>
  selector.fromEnrolmentDay !== undefined || selector.toEnrolmentDay !== undefined;
