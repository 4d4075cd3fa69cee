import fc from 'fast-check';
import type { Fact } from '#domain/facts.js';
import { courseCalendar } from './calendar.js';
import type { CourseContext } from './course-context.js';
import { leavesOf } from './evaluate.js';
import { createRulebook, type LiveRule } from './rulebook.js';
import { selects, type Selector } from './selector.js';

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 2);
const context: CourseContext = { calendar: courseCalendar(START, 'UTC'), closedAt: undefined, clock: -Infinity };
const UNKNOWN: CourseContext = { ...context, calendar: undefined };

const TYPES = ['AttendanceMarked', 'MissionCompleted'] as const;
const activity = fc.constantFrom('a1', 'a2', 'a3');
const tag = fc.constantFrom('quiz', 'team', 'forum');
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });
const without = <T extends object>(value: T): object => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));

const selector: fc.Arbitrary<Selector> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    activities: optional(fc.array(activity, { minLength: 1, maxLength: 3 })),
    tag: optional(tag),
    kind: optional(fc.constantFrom('k1', 'k2')),
    statuses: optional(fc.subarray(['present', 'late', 'absent'] as const, { minLength: 1 })),
    fromDay: optional(fc.integer({ min: -1, max: 3 })),
    toDay: optional(fc.integer({ min: 0, max: 5 })),
  })
  .map((made) => without(made) as Selector);

const rules: fc.Arbitrary<readonly LiveRule[]> = fc
  .array(fc.record({ course: fc.constantFrom('c1', 'c2'), selectors: fc.array(selector, { minLength: 1, maxLength: 4 }) }), { maxLength: 5 })
  .map((made) =>
    made.map(({ course, selectors }, i) => ({
      reference: { badge: `b${i}`, version: 1, hash: 'h' },
      rule: {
        badge: `b${i}`, name: { en: 'B' }, criteriaText: { en: 'B' }, course, decides: { mode: 'as-soon-as-met' }, whenCorrected: 'keep',
        criteria: { group: 'all', parts: selectors.map((select) => ({ leaf: { keyword: 'none', select, settings: {} } })) },
      },
    })),
  );

const fact: fc.Arbitrary<Fact> = fc
  .record({
    type: fc.constantFrom(...TYPES, 'Enrolled' as const),
    course: fc.constantFrom('c1', 'c2', 'c3'),
    activity: optional(activity),
    day: fc.integer({ min: -2, max: 6 }),
    // Sources do send a tag twice.
    tags: optional(fc.array(tag, { maxLength: 3 })),
    kind: optional(fc.constantFrom('k1', 'k2')),
    status: optional(fc.constantFrom('present' as const, 'late' as const, 'absent' as const)),
  })
  .map(({ day, tags, kind, status, ...rest }) => ({ id: 's/e', occurrence: undefined, correctedBy: [], time: START + day * DAY, values: without({ tags, kind, status }), ...rest }));

describe('the rulebook', () => {
  it('touches exactly the criteria that select a fact, each once', () => {
    fc.assert(
      fc.property(rules, fact, fc.constantFrom(context, UNKNOWN), (made, one, course) => {
        const touched: string[] = [];
        createRulebook(made).forEachTouched(one, course, (rule, leaf) => touched.push(`${rule.rule.badge} ${leaf}`));
        const expected = made.flatMap(({ rule }) =>
          rule.course !== one.course ? [] : leavesOf(rule.criteria).flatMap(({ select }, i) => (selects(select, one, course) ? [`${rule.badge} ${i}`] : [])),
        );
        expect(touched.sort()).toEqual(expected.sort());
      }),
      { numRuns: 2000 },
    );
  });

  it('knows the rules of each course', () => {
    fc.assert(
      fc.property(rules, fc.constantFrom('c1', 'c2', 'c3'), (made, course) => {
        expect(createRulebook(made).ofCourse(course)).toEqual(made.filter(({ rule }) => rule.course === course));
      }),
    );
  });
});
