import fc from 'fast-check';
import type { CriterionNode, Settings } from '../criterion.js';
import { kindOf } from '../criteria/all.js';
import type { SelectedType, Selector } from '../selector.js';
import { withoutUndefined } from './histories.js';
import { KINDS } from './offers.js';
import { seldom, selectorOf } from './selectors.js';

/* TEST SUPPORT: random criteria on being there, keeping at it and leaving nothing out. */

const HOUR = 3_600_000;

/** Few conditions, so that the criteria are often met. */
const select = (types: readonly SelectedType[]): fc.Arbitrary<Selector> =>
  fc.oneof(
    { weight: 1, arbitrary: selectorOf(...types) },
    { weight: 3, arbitrary: fc.constantFrom(...types).map((type): Selector => (type === 'AttendanceMarked' ? { type, statuses: ['present', 'late'] } : { type })) },
  );

const leaf = (keyword: string, types: readonly SelectedType[], settings: fc.Arbitrary<object>): fc.Arbitrary<CriterionNode> =>
  fc
    .record({ select: select(types), kind: seldom(fc.constantFrom(...KINDS)), settings })
    .map(({ select: chosen, kind: group, settings: drawn }) => {
      const kind = kindOf(keyword);
      const own = withoutUndefined(drawn) as Settings;
      const selector = group === undefined ? chosen : { ...chosen, kind: group };
      return { keyword, selects: kind.selects?.(own, selector, 'b') ?? [selector], settings: own };
    });

const attendanceRate = leaf(
  'attendance-rate',
  ['AttendanceMarked'],
  fc.record({
    'at-least': fc.constantFrom(0, 33.333333, 50, 66.7, 75, 100),
    late: fc.constantFrom(undefined, 'counts', 'half', 'absent'),
    excused: fc.constantFrom(undefined, 'leave-out', 'counts', 'absent'),
    since: fc.constantFrom(undefined, 'course', 'enrolment'),
  }),
);

const activityRate = leaf(
  'activity-rate',
  ['AttendanceMarked', 'AssignmentGraded', 'MissionCompleted'],
  fc
    .record({
      'at-least': fc.constantFrom(20, 33.333333, 50, 66.7, 100),
      per: fc.constantFrom(undefined, 'course-week', 'course-day', 'course-day'),
      'weekdays-only': fc.constantFrom(undefined, true),
      since: fc.constantFrom(undefined, 'course', 'enrolment'),
    })
    .map((drawn) => (drawn.per === 'course-day' ? drawn : { ...drawn, 'weekdays-only': undefined })),
);

const noneMissing = leaf(
  'none-missing',
  ['AssignmentSubmitted', 'MissionCompleted', 'AttendanceMarked'],
  fc.record({
    grace: fc.constantFrom(undefined, 12 * HOUR, 24 * HOUR, 72 * HOUR),
    late: fc.constantFrom(undefined, 'accept', 'never'),
  }),
);

const dayStreak = leaf(
  'streak',
  ['AttendanceMarked', 'AssignmentGraded', 'MissionCompleted'],
  fc
    .record({
      'at-least': fc.integer({ min: 1, max: 4 }),
      per: fc.constantFrom(undefined, 'day', 'week'),
      gaps: fc.constantFrom(undefined, 0, 1, 2),
      'weekdays-only': fc.constantFrom(undefined, true),
      zone: fc.constantFrom(undefined, 'course', 'learner'),
    })
    .map((drawn) => (drawn.per === 'week' ? { ...drawn, 'weekdays-only': undefined } : drawn)),
);

const sessionStreak = leaf(
  'streak',
  ['AttendanceMarked'],
  fc.record({ 'at-least': fc.integer({ min: 1, max: 3 }), per: fc.constant('session'), gaps: fc.constantFrom(undefined, 1) }),
);

/** Every kind of leaf of this family, by keyword. */
export const attendanceLeaves: Readonly<Record<string, fc.Arbitrary<CriterionNode>>> = {
  'attendance-rate': attendanceRate,
  'activity-rate': activityRate,
  'none-missing': noneMissing,
  streak: fc.oneof(dayStreak, sessionStreak),
};
