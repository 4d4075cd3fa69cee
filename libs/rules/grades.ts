import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import { afterLateness, daysLate, minds, type Late } from './lateness.js';
import { percentOf } from './millionths.js';
import { dueOf, publishedAssignments } from './published.js';
import { selects, type Selector } from './selector.js';
import { compareFacts } from './sorted-facts.js';

/** Which of several graded attempts of one activity counts. */
export type Attempt = 'latest' | 'best' | 'first' | 'each';

/** A grade as a criterion sees it. */
export interface Mark {
  readonly fact: Fact;
  /** In millionths, after lateness. */
  readonly percent: number;
  /** There is no such grade: it stands for work that was due and has none. */
  readonly missing: boolean;
}

/** The grades among facts, which are in order of event time; the others are hand-ins. */
export const marksOf = (facts: readonly Fact[], late: Late | undefined, at: Circumstances): readonly Mark[] => {
  const handIns = minds(late) ? facts.filter(({ type }) => type === 'AssignmentSubmitted') : [];
  const seen = new Map<string, number>();
  const marks: Mark[] = [];
  let next = 0;
  for (const fact of facts) {
    const percent = fact.type === 'AssignmentGraded' ? percentOf(fact) : undefined;
    if (percent === undefined) continue;
    for (let handIn = handIns[next]; handIn && handIn.time <= fact.time; handIn = handIns[++next]) {
      if (handIn.activity !== undefined) seen.set(handIn.activity, handIn.time);
    }
    const days = minds(late) ? daysLate(fact, seen.get(fact.activity ?? ''), at) : 0;
    marks.push({ fact, percent: afterLateness(percent, days, late), missing: false });
  }
  return marks;
};

/**
 * A grade of 0 for each published assignment that a selector takes, at the moment from which lacking a grade counts:
 * the due date, else the closing of the course.
 */
export const missingMarks = (selector: Selector, at: Circumstances): readonly Mark[] => {
  const marks: Mark[] = [];
  for (const [activity, offer] of publishedAssignments(at.course)) {
    const time = dueOf(activity, at) ?? at.course.closedAt;
    if (time === undefined) continue;
    const { tags, kind } = offer.values;
    const values = { score: 0, max: 1, ...(tags && { tags }), ...(kind !== undefined && { kind }) };
    const fact: Fact = { id: activity, type: 'AssignmentGraded', course: offer.course, activity: offer.activity, occurrence: undefined, time, values, correctedBy: [] };
    if (selects(selector, fact, at)) marks.push({ fact, percent: 0, missing: true });
  }
  return marks.sort((a, b) => compareFacts(a.fact, b.fact));
};

/** What another mark of an activity counts, where `counted` counts so far: both in millionths of a percent. */
export const attemptPercent = (attempt: Exclude<Attempt, 'each'>, counted: number, next: number): number => {
  switch (attempt) {
    case 'first':
      return counted;
    case 'best':
      return Math.max(counted, next);
    case 'latest':
      return next;
  }
};

/** The marks that count, of marks in order of event time: of each activity one, unless each attempt counts. */
export const countedMarks = (marks: readonly Mark[], attempt: Attempt): readonly Mark[] => {
  const ofActivity = new Map<string, Mark>();
  for (const mark of marks) {
    const { activity } = mark.fact;
    if (activity === undefined) continue;
    const former = ofActivity.get(activity);
    if (!former || replaces(mark, former, attempt)) ofActivity.set(activity, mark);
  }
  return marks.filter((mark) => {
    const { activity } = mark.fact;
    if (activity === undefined || (attempt === 'each' && !mark.missing)) return true;
    return ofActivity.get(activity) === mark;
  });
};

/** Whether a mark counts instead of an earlier one of its activity. A missing grade is none once there is one. */
export const replaces = (mark: Mark, former: Mark, attempt: Attempt): boolean => {
  if (mark.missing) return false;
  if (former.missing || attempt === 'latest' || attempt === 'each') return true;
  return attempt === 'best' && mark.percent > former.percent;
};
