import fc from 'fast-check';
import type { Fact } from '#domain/facts.js';
import type { FactValues } from '#domain/learning-event.js';
import { compareFacts } from '../sorted-facts.js';
import { ACTIVITIES, DAY, START, TAGS, withoutUndefined } from './histories.js';
import { seldom } from './selectors.js';

/* TEST SUPPORT: what a course may offer, of the activities of random histories. */

export const KINDS = ['lab', 'exam'];

const moment = fc.integer({ min: -2, max: 20 }).map((halfDay) => START + (halfDay * DAY) / 2);

const offer: fc.Arbitrary<Fact> = fc
  .record({
    type: fc.constantFrom('SessionHeld' as const, 'AssignmentPublished' as const, 'MissionPublished' as const),
    activity: fc.constantFrom(...ACTIVITIES),
    occurrence: seldom(fc.constantFrom('1', '2')),
    time: moment,
    due: fc.option(moment, { nil: undefined }),
    kind: fc.option(fc.constantFrom(...KINDS), { nil: undefined }),
    tags: fc.option(fc.uniqueArray(fc.constantFrom(...TAGS)), { nil: undefined }),
    weight: fc.option(fc.constantFrom(10, 30), { nil: undefined }),
  })
  .map(({ type, activity, occurrence, time, ...values }) => ({
    id: `s/${type} ${activity} ${occurrence ?? ''}`,
    type,
    course: 'c1',
    activity,
    occurrence,
    time,
    values: withoutUndefined(type === 'SessionHeld' ? { ...values, due: undefined } : values) as FactValues,
    correctedBy: [],
  }));

/** What a course offers at some moment, as its context has it. */
export const offers: fc.Arbitrary<readonly Fact[]> = fc
  .uniqueArray(offer, { selector: ({ id }) => id, maxLength: 7 })
  .map((made) => made.sort(compareFacts));
