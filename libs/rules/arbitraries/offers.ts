import fc from 'fast-check';
import type { Fact } from '#domain/facts.js';
import type { FactValues } from '#domain/learning-event.js';
import { compareFacts } from '../sorted-facts.js';
import { ACTIVITIES, START, TAGS, time, weight, withoutUndefined } from './histories.js';

/* TEST SUPPORT: what course c1 may offer. */

const or = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });

const assignment: fc.Arbitrary<Fact> = fc
  .record({
    activity: fc.constantFrom(...ACTIVITIES),
    values: fc.record({ due: or(time), weight: or(weight), tags: or(fc.subarray(TAGS)) }),
  })
  .map(({ activity, values }): Fact => ({ activity, values: withoutUndefined(values) as FactValues, id: `s/${activity}`, type: 'AssignmentPublished', course: 'c1', occurrence: undefined, time: START, correctedBy: [] }));

/** Published assignments, in the order in which a course has them. */
export const offers: fc.Arbitrary<readonly Fact[]> = fc
  .uniqueArray(assignment, { maxLength: 3, selector: ({ activity }) => activity })
  .map((found) => found.sort(compareFacts));
