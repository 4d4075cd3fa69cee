import fc from 'fast-check';
import { courseCalendar, zoneOf } from '../calendar.js';
import type { Circumstances } from '../circumstances.js';
import type { CourseContext } from '../course-context.js';
import type { Criterion, Decides, Rule } from '../rule.js';
import { DAY, START } from './histories.js';
import { leaf } from './leaves.js';
import { offers } from './offers.js';

/* TEST SUPPORT: random rules, and the circumstances in which they are evaluated. */

export const criterion: fc.Arbitrary<Criterion> = fc.letrec<{ tree: Criterion }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'tree' },
    leaf.map((node): Criterion => ({ leaf: node })),
    fc
      .record({ group: fc.constantFrom('all' as const, 'any' as const), parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) })
      .map((group): Criterion => group),
    fc
      .record({ atLeast: fc.integer({ min: 1, max: 3 }), parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) })
      .map(({ atLeast, parts }): Criterion => ({ group: 'some', atLeast: Math.min(atLeast, parts.length), parts })),
    tie('tree').map((part): Criterion => ({ group: 'not', parts: [part] })),
  ),
})).tree;

export const decides: fc.Arbitrary<Decides> = fc.constantFrom<Decides>(
  { mode: 'as-soon-as-met' },
  { mode: 'continuously' },
  { mode: 'at-close', of: 'course' },
  { mode: 'at-close', of: { courseDay: 5 } },
);

/** A rule of course c1 for badge b with these criteria, with policy revoke. */
export const ruleOf = (made: Pick<Rule, 'criteria' | 'decides'> & Partial<Rule>): Rule => ({
  badge: 'b',
  name: { en: 'B' },
  criteriaText: { en: 'B' },
  course: 'c1',
  whenCorrected: 'revoke',
  design: {},
  ...made,
});

/** Any rule of course c1 for badge b that is earned once. */
export const rule: fc.Arbitrary<Rule> = fc.record({ decides, criteria: criterion }).map(ruleOf);

/** What may be known of course c1. */
export const context: fc.Arbitrary<CourseContext> = fc
  .record({
    timezone: fc.constantFrom('UTC', 'Asia/Seoul', 'America/New_York'),
    started: fc.boolean(),
    closedAt: fc.constantFrom(undefined, START + 7 * DAY),
    clock: fc.constantFrom(-Infinity, START + 4 * DAY, START + 30 * DAY),
    offers: fc.oneof(fc.constant([]), { weight: 3, arbitrary: offers }),
  })
  .map(({ timezone, started, ...rest }) => ({
    zone: zoneOf(timezone),
    formerZones: [],
    calendar: started ? courseCalendar(START, timezone) : undefined,
    cutoffs: new Map<string, number | null>(),
    ...rest,
  }));

/** The circumstances of a learner of whom nothing is known but facts. */
export const inCourse = (course: CourseContext): Circumstances => ({
  course,
  learner: { enrolledAt: undefined, zone: undefined, extensions: new Map() },
});
