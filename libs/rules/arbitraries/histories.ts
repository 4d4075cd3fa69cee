import fc from 'fast-check';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';

/* TEST SUPPORT: random histories, small enough that ties, repeats and exact thresholds are common. */

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 2, 2);
export const ACTIVITIES = ['a1', 'a2', 'a3'];
export const TAGS = ['quiz', 'team'];

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
    type: fc.constantFrom('AttendanceMarked', 'AssignmentGraded', 'AssignmentSubmitted', 'MissionCompleted', 'Withdrawn', 'Enrolled'),
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
