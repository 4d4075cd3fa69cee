import fc from 'fast-check';
import type { CorrectionEvent, LearnerFactEvent, LearnerFactType } from '#domain/learning-event.js';

/* TEST SUPPORT: random histories, small enough that ties, repeats and exact thresholds are common. */

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 2, 2);
export const ACTIVITIES = ['a1', 'a2', 'a3'];
export const TAGS = ['quiz', 'team'];

/** Event times and due dates: half days. */
export const time = fc.integer({ min: -2, max: 20 }).map((halfDay) => START + (halfDay * DAY) / 2);
const version = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined });
const identity = fc.record({ number: fc.integer({ min: 0, max: 11 }), version });
const score = fc.constantFrom(0, 1, 2, 3, 66.7, 70, 100);
/** Weights of assignments; a third of a course is no decimal fraction. */
export const weight = fc.constantFrom(0, 1, 2, 33.333333);

/** The object without its undefined members. */
export const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** What rules may ask for of a fact, and what spoils it. */
const attributes = fc.record(
  { minutes: fc.constantFrom<string | number>(0.1, 0.2, 30, 60, -45, 'long') },
  { requiredKeys: [] },
);

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });

const TYPES: fc.Arbitrary<LearnerFactType> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('AssignmentGraded' as const) },
  { weight: 2, arbitrary: fc.constant('AssignmentSubmitted' as const) },
  { weight: 6, arbitrary: fc.constantFrom('AttendanceMarked', 'MissionCompleted', 'Withdrawn', 'Enrolled', 'ExtensionGranted') },
);

/** Facts of learner `l` in courses c1 and c2; few ids, so that newer versions are common. */
export const factEvent: fc.Arbitrary<LearnerFactEvent> = fc
  .record({
    identity,
    time,
    type: TYPES,
    activity: fc.constantFrom<string | undefined>(...ACTIVITIES, ...ACTIVITIES, undefined),
    occurrence: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
    status: fc.constantFrom('present', 'late', 'excused', 'absent'),
    score,
    max: fc.constantFrom(3, 100),
    weight: sometimes(weight),
    due: sometimes(time),
    submitted: sometimes(time),
    released: fc.constantFrom(undefined, undefined, true, false),
    attributes: sometimes(attributes),
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
      fc.record({ score: sometimes(score), time: sometimes(time), submitted: sometimes(time), released: sometimes(fc.boolean()) }).map(withoutUndefined),
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
