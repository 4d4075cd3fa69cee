import fc from 'fast-check';
import type { CriterionNode } from '../criterion.js';
import { attendanceLeaves } from './leaves-attendance.js';
import { gradeLeaves } from './leaves-grades.js';
import { orderLeaves } from './leaves-order.js';
import { selector } from './selectors.js';
import { withoutUndefined } from './histories.js';

/* TEST SUPPORT: random leaf criteria, of every kind. */

const count: fc.Arbitrary<CriterionNode> = fc
  .record({
    select: selector,
    distinct: fc.constantFrom(undefined, 'activity', 'course-day', 'course-week'),
    bound: fc.constantFrom('at-least', 'at-most'),
    needed: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ select, distinct, bound, needed }) => ({
    keyword: 'count',
    selects: [select],
    settings: withoutUndefined({ [bound]: needed, distinct }),
  }));

const none: fc.Arbitrary<CriterionNode> = selector.map((select) => ({ keyword: 'none', selects: [select], settings: {} }));

/** Every kind of leaf, by keyword. */
export const leaves: Readonly<Record<string, fc.Arbitrary<CriterionNode>>> = { count, none, ...gradeLeaves, ...attendanceLeaves, ...orderLeaves };

/** Any leaf. */
export const leaf: fc.Arbitrary<CriterionNode> = fc.oneof(...Object.values(leaves));
