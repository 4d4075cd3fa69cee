import fc from 'fast-check';
import type { Fact } from '#domain/facts.js';
import type { LearnerFactEvent } from '#domain/learning-event.js';
import { cohortKey } from '../criteria/cohort.js';
import { kindOf } from '../criteria/all.js';
import { cohortsOf } from '../cohort.js';
import type { CourseContext } from '../course-context.js';
import type { CriterionNode, Settings } from '../criterion.js';
import type { Rule } from '../rule.js';
import type { Selector } from '../selector.js';
import { DAY, START, withoutUndefined } from './histories.js';
import { attendanceLeaves } from './leaves-attendance.js';
import { gradeLeaves } from './leaves-grades.js';
import { selector, selectorOf } from './selectors.js';

/* TEST SUPPORT: random criteria of order, deadlines, badges, approvals and cohorts, and what they look at. */

const BADGES = ['b1', 'b2', 'b3'];
const LEVELS = 'silver-to-gold';
/** The badge of the rules of `ruleOf`. */
const OWN = 'b';

const or = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });
const span = fc.constantFrom(DAY / 2, DAY, 2 * DAY, 3 * DAY);

/** The leaf that an author gets who writes these settings. */
const written = (keyword: string, settings: Settings, select?: Selector): CriterionNode => ({
  keyword,
  settings,
  selects: kindOf(keyword).selects?.(settings, select, OWN) ?? (select ? [select] : []),
});

const countWithin: fc.Arbitrary<CriterionNode> = fc
  .record({
    select: selector,
    within: span,
    distinct: fc.constantFrom(undefined, 'activity', 'course-day', 'course-week'),
    bound: fc.constantFrom('at-least', 'at-most'),
    needed: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ select, within, distinct, bound, needed }) => written('count', withoutUndefined({ [bound]: needed, distinct, within }), select));

const sequence: fc.Arbitrary<CriterionNode> = fc
  .record({
    steps: fc.array(selector, { minLength: 2, maxLength: 3 }),
    within: or(span),
    'whole-within': or(fc.constantFrom(DAY, 2 * DAY, 4 * DAY)),
    strict: or(fc.boolean()),
  })
  .map((settings) => written('sequence', withoutUndefined(settings)));

const absence: fc.Arbitrary<CriterionNode> = fc
  .tuple(
    fc.oneof(selector, selectorOf('Enrolled')),
    fc.oneof(
      fc.record({ 'until-course-day': fc.integer({ min: 0, max: 9 }) }),
      fc.record({ until: fc.integer({ min: 20513, max: 20522 }) }),
      fc.record({ for: span }),
    ),
  )
  .map(([select, settings]) => written('absence', settings, select));

const badges: fc.Arbitrary<CriterionNode> = fc
  .oneof(
    fc.record({ badge: fc.uniqueArray(fc.constantFrom(...BADGES), { minLength: 1 }), 'at-least': or(fc.constant(1)) }),
    fc.record({ 'level-of': fc.constant(LEVELS), 'from-rank': or(fc.integer({ min: 1, max: 3 })), 'at-least': or(fc.integer({ min: 1, max: 2 })) }),
  )
  .map((settings) => written('badges', withoutUndefined(settings)));

const approval: fc.Arbitrary<CriterionNode> = fc
  .record({ by: or(fc.integer({ min: 1, max: 3 })) })
  .map((settings) => written('approval', withoutUndefined(settings)));

/** What cohorts are ranked by: anything with a least value. */
const rankable = [countWithin, badges, ...Object.values(gradeLeaves), ...Object.values(attendanceLeaves)];

const measured: fc.Arbitrary<CriterionNode> = fc
  .oneof(...rankable)
  .filter(({ keyword }) => kindOf(keyword).thresholds?.includes('at-least') === true)
  .map((node) => {
    const { 'at-most': _most, ...settings } = node.settings;
    return { ...node, settings: { ...settings, 'at-least': 0 } };
  });

const cohort: fc.Arbitrary<CriterionNode> = fc
  .record({
    by: measured,
    rank: fc.integer({ min: 1, max: 2 }),
    ties: or(fc.constantFrom('in', 'out')),
    except: or(fc.uniqueArray(fc.constantFrom('withdrawn', 'staff', 'flagged'))),
  })
  .map((settings) => written('cohort', withoutUndefined(settings)));

/** Leaves of this family, by keyword. */
export const orderLeaves: Readonly<Record<string, fc.Arbitrary<CriterionNode>>> = { countWithin, sequence, absence, badges, approval, cohort };

/** A badge that is held from now on, or no longer. */
export interface HeldBadge {
  readonly award: string;
  readonly fact: Fact | undefined;
}

const time = fc.integer({ min: -2, max: 20 }).map((halfDay) => START + (halfDay * DAY) / 2);

/** Badges of some course that come and go; awards of two periods of one badge among them. */
export const heldBadge: fc.Arbitrary<HeldBadge> = fc
  .record({ badge: fc.constantFrom(...BADGES), period: fc.nat(1), time, rank: or(fc.integer({ min: 1, max: 3 })), held: fc.boolean() })
  .map(({ badge, period, time: earned, rank, held }) => {
    const award = `${badge}-${period}`;
    const values = rank === undefined ? {} : { kind: LEVELS, attributes: { rank } };
    const fact: Fact = { id: `award/${award}`, type: 'BadgeHeld', course: 'c9', activity: badge, occurrence: undefined, time: earned, values, correctedBy: [] };
    return { award, fact: held ? fact : undefined };
  });

/** Approvals of badge b and another, in any course, with the flags and enrolments that leave learners out of cohorts. */
export const approvalOrFlag: fc.Arbitrary<LearnerFactEvent> = fc
  .record({
    number: fc.integer({ min: 12, max: 17 }),
    version: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
    time,
    flag: fc.constantFrom('LearnerFlagged', 'Enrolled'),
    activity: fc.constantFrom(OWN, OWN, 'b1'),
    occurrence: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
    role: fc.constantFrom('learner', 'staff'),
  })
  .map(({ number, flag, ...fact }) => {
    // A newer version turns no approval into something else, and moves nothing to another course, as in other histories.
    const type = number < 16 ? 'ApprovalGiven' : flag;
    return withoutUndefined({ ...fact, type, course: number < 14 || number > 15 ? 'c1' : 'c2', id: `e${number}`, source: 's', learner: 'l' }) as LearnerFactEvent;
  });

/** What cohorts may have to reach; undefined where it is not settled. */
export const cutoffs: fc.Arbitrary<readonly (number | null | undefined)[]> = fc.array(fc.constantFrom(undefined, null, 1, 2, 50, 66.7, 100), { minLength: 4, maxLength: 4 });

/** The course once the cohorts of its rules have these cutoffs. */
export const withCutoffs = (course: CourseContext, rules: readonly Rule[], values: readonly (number | null | undefined)[]): CourseContext => {
  const settled = new Map<string, number | null>();
  for (const [i, node] of rules.flatMap(cohortsOf).entries()) {
    const value = values[i % values.length];
    if (value !== undefined) settled.set(cohortKey(node), value);
  }
  return { ...course, cutoffs: settled };
};
