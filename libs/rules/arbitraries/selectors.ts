import fc from 'fast-check';
import type { Selector, SelectedType } from '../selector.js';
import { ACTIVITIES, TAGS, withoutUndefined } from './histories.js';

/* TEST SUPPORT: what a criterion of random histories may select. */

const or = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });

/** Mostly absent. */
export const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** A selector of some types of facts; conditions are absent as often as present. */
export const selectorOf = (...types: readonly SelectedType[]): fc.Arbitrary<Selector> =>
  fc
    .record({
      type: fc.constantFrom(...types),
      activities: or(fc.subarray(ACTIVITIES, { minLength: 1 })),
      tag: or(fc.constantFrom(...TAGS)),
      fromDay: or(fc.integer({ min: -1, max: 5 })),
      toDay: or(fc.integer({ min: 0, max: 10 })),
      fromEnrolmentDay: seldom(fc.integer({ min: 0, max: 3 })),
      toEnrolmentDay: seldom(fc.integer({ min: 2, max: 9 })),
      toDate: seldom(fc.integer({ min: 20513, max: 20520 })),
    })
    .chain((select) =>
      select.type === 'AttendanceMarked'
        ? fc.record({ statuses: or(fc.constant(['present', 'late'] as const)) }).map((more) => ({ ...select, ...more }))
        : select.type === 'AssignmentGraded'
          ? fc.record({ minScore: or(fc.constantFrom(50, 66.7)) }).map((more) => ({ ...select, ...more }))
          : fc.constant(select),
    )
    .map((select) => withoutUndefined(select) as Selector);

/** A selector of the facts that histories have most. */
export const selector = selectorOf('AttendanceMarked', 'AssignmentGraded', 'MissionCompleted', 'Withdrawn');
