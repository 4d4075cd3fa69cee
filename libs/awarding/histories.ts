import fc from 'fast-check';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { courseCalendar } from '#rules/calendar.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Criterion, Decides, Rule } from '#rules/rule.js';
import type { Selector } from '#rules/selector.js';

/* TEST SUPPORT: random rules, courses and histories, small enough that ties, repeats and exact thresholds are common. */

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 2, 2);
const ACTIVITIES = ['a1', 'a2', 'a3'];
const TAGS = ['quiz', 'team'];

const time = fc.integer({ min: -2, max: 20 }).map((halfDay) => START + (halfDay * DAY) / 2);
const version = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined });
const identity = fc.record({ number: fc.integer({ min: 0, max: 11 }), version });
const score = fc.constantFrom(0, 1, 2, 3, 66.7, 70, 100);

/** The object without its undefined members. */
export const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** Facts of learner `l` in courses c1 and c2; few ids, so that newer versions are common. */
export const factEvent: fc.Arbitrary<LearnerFactEvent> = fc
  .record({
    identity,
    time,
    type: fc.constantFrom('AttendanceMarked', 'AssignmentGraded', 'MissionCompleted', 'Withdrawn'),
    activity: fc.constantFrom(...ACTIVITIES),
    occurrence: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
    status: fc.constantFrom('present', 'late', 'excused', 'absent'),
    score,
    max: fc.constantFrom(3, 100),
    tags: fc.uniqueArray(fc.constantFrom(...TAGS)),
  })
  .map(
    ({ identity: { number, version: v }, ...fact }) =>
      // A newer version does not move a fact to another course here: that needs the order which intake keeps.
      withoutUndefined({ ...fact, course: number < 9 ? 'c1' : 'c2', id: `e${number}`, version: v, source: 's', learner: 'l' }) as LearnerFactEvent,
  );

/** Corrections of those, often of what is not there yet. */
export const correction: fc.Arbitrary<CorrectionEvent> = fc
  .record({
    number: fc.integer({ min: 0, max: 5 }),
    target: fc.integer({ min: 0, max: 11 }),
    version,
    time: fc.option(time, { nil: undefined }),
    changes: fc.option(
      fc.record({ score: fc.option(score, { nil: undefined }), time: fc.option(time, { nil: undefined }) }).map(withoutUndefined),
      { nil: undefined },
    ),
  })
  .map(
    ({ number, target, changes, ...rest }) =>
      withoutUndefined({
        ...rest,
        type: changes ? 'FactReplaced' : 'FactRetracted',
        id: `co${number}`,
        target: `e${target}`,
        source: 's',
        learner: 'l',
        changes,
      }) as CorrectionEvent,
  );

/** Facts and corrections in the order in which they arrive. */
export const history = fc.array(fc.oneof({ weight: 3, arbitrary: factEvent }, { weight: 1, arbitrary: correction }), { maxLength: 24 });

/** What a criterion of those facts may select. */
export const selector: fc.Arbitrary<Selector> = fc
  .record({
    type: fc.constantFrom('AttendanceMarked', 'AssignmentGraded', 'MissionCompleted', 'Withdrawn'),
    activities: fc.option(fc.subarray(ACTIVITIES, { minLength: 1 }), { nil: undefined, freq: 2 }),
    tag: fc.option(fc.constantFrom(...TAGS), { nil: undefined, freq: 2 }),
    fromDay: fc.option(fc.integer({ min: -1, max: 5 }), { nil: undefined, freq: 2 }),
    toDay: fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined, freq: 2 }),
    statuses: fc.option(fc.constant(['present', 'late'] as const), { nil: undefined, freq: 2 }),
  })
  .map((select) => withoutUndefined(select) as Selector);

const leaf: fc.Arbitrary<Criterion> = fc.oneof(
  fc
    .record({
      select: selector,
      distinct: fc.constantFrom(undefined, 'activity', 'course-day', 'course-week'),
      needed: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ select, distinct, needed }) => ({
      leaf: { keyword: 'count', select, settings: { 'at-least': needed, ...(distinct && { distinct }) } },
    })),
  fc.record({ select: selector, needed: fc.constantFrom(50, 66.7, 70) }).map(({ select, needed }) => ({
    leaf: { keyword: 'mean', select: { ...select, type: 'AssignmentGraded' as const }, settings: { 'at-least': needed } },
  })),
  selector.map((select) => ({ leaf: { keyword: 'none', select, settings: {} } })),
);

const criterion: fc.Arbitrary<Criterion> = fc.letrec<{ tree: Criterion }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'tree' },
    leaf,
    fc
      .record({ group: fc.constantFrom('all' as const, 'any' as const), parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) })
      .map((group): Criterion => group),
    tie('tree').map((part): Criterion => ({ group: 'not', parts: [part] })),
  ),
})).tree;

const decides: fc.Arbitrary<Decides> = fc.constantFrom<Decides>(
  { mode: 'as-soon-as-met' },
  { mode: 'continuously' },
  { mode: 'at-close', of: 'course' },
  { mode: 'at-close', of: { courseDay: 5 } },
);

/** A rule of course c1 for badge b, with policy revoke. */
export const rule: fc.Arbitrary<Rule> = fc.record({ decides, criteria: criterion }).map((made) => ({
  badge: 'b',
  name: { en: 'B' },
  criteriaText: { en: 'B' },
  course: 'c1',
  whenCorrected: 'revoke' as const,
  ...made,
}));

/** What may be known of course c1. */
export const context: fc.Arbitrary<CourseContext> = fc.record({
  calendar: fc.constantFrom(courseCalendar(START, 'UTC'), courseCalendar(START, 'Asia/Seoul'), undefined),
  closedAt: fc.constantFrom(undefined, START + 7 * DAY),
  clock: fc.constantFrom(-Infinity, START + 30 * DAY),
});
