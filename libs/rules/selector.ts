import type { Fact } from '#domain/facts.js';
import type { AttendanceStatus, LearnerFactType } from '#domain/learning-event.js';
import type { CourseContext } from './course-context.js';

/** What a criterion looks at: every condition that is present must hold. */
export interface Selector {
  readonly type: LearnerFactType;
  readonly activities?: readonly string[];
  readonly tag?: string;
  readonly kind?: string;
  /** Attendance: which marks count. */
  readonly statuses?: readonly AttendanceStatus[];
  /** First course day that counts. */
  readonly fromDay?: number;
  /** Last course day that counts. */
  readonly toDay?: number;
}

/** Whether a fact of the rule's course counts for a criterion. */
export const selects = (selector: Selector, fact: Fact, course: CourseContext): boolean => {
  if (fact.type !== selector.type) return false;
  const { values } = fact;
  if (selector.activities && (fact.activity === undefined || !selector.activities.includes(fact.activity))) return false;
  if (selector.tag !== undefined && !values.tags?.includes(selector.tag)) return false;
  if (selector.kind !== undefined && values.kind !== selector.kind) return false;
  if (selector.statuses && (values.status === undefined || !selector.statuses.includes(values.status))) return false;
  if (selector.fromDay === undefined && selector.toDay === undefined) return true;
  if (!course.calendar) return false;
  const day = course.calendar.dayOf(fact.time);
  return day >= (selector.fromDay ?? -Infinity) && day <= (selector.toDay ?? Infinity);
};

/** Order of event time, then id: the same for every order of arrival. */
export const compareFacts = (a: Fact, b: Fact): number => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
