import fc from 'fast-check';
import type { Fact } from '#domain/facts.js';
import { withoutUndefined } from './arbitraries/histories.js';
import { forEachClass } from './aggregate-index.js';
import { inCourse, context, rule } from './arbitraries/rules.js';
import type { CriterionNode } from './criterion.js';
import { leavesOf, takes } from './evaluate.js';
import type { PlanNode } from './plan.js';
import { createRulebook, forEachUser, type LiveRule, type User } from './rulebook.js';
import { isOfAnyCourse } from './selector.js';

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 2);
const TYPES = ['AttendanceMarked', 'MissionCompleted', 'AssignmentGraded', 'Enrolled', 'Withdrawn'] as const;
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 2 });

const rules: fc.Arbitrary<readonly LiveRule[]> = fc
  .array(fc.record({ made: rule, course: fc.constantFrom('c1', 'c2') }), { maxLength: 5 })
  .map((list) => list.map(({ made, course }, i) => ({ rule: { ...made, course, badge: `b${i}` }, reference: { badge: `b${i}`, version: 1, hash: 'h' } })));

const fact: fc.Arbitrary<Fact> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    course: fc.constantFrom('c1', 'c2', 'c3'),
    activity: optional(fc.constantFrom('a1', 'a2', 'a3')),
    day: fc.integer({ min: -2, max: 6 }),
    // Sources do send a tag twice.
    tags: optional(fc.array(fc.constantFrom('quiz', 'team'), { maxLength: 3 })),
    status: optional(fc.constantFrom('present' as const, 'late' as const, 'absent' as const)),
    score: optional(fc.constantFrom(40, 70)),
  })
  .map(({ day, tags, status, score, ...rest }) => ({
    id: 's/e', occurrence: undefined, correctedBy: [], time: START + day * DAY,
    values: withoutUndefined({ tags, status, score, max: 100 }) as Fact['values'], ...rest,
  }));

describe('the rulebook', () => {
  it('finds every aggregate that takes a fact, once, for exactly the criteria that do', () => {
    fc.assert(
      fc.property(rules, fact, context, (made, one, course) => {
        const at = inCourse(course);
        const book = createRulebook(made);
        const visits: string[] = [];
        const touched = new Set<string>();
        const index = isOfAnyCourse(one.type) ? book.anyCourse : book.program(one.course)?.index;
        if (index) forEachClass(index, one, ({ aggregates }) => aggregates.forEach((aggregate) => {
          const { course: ofCourse, id } = aggregate;
          visits.push(`${ofCourse} ${id}`);
          if (!takes(aggregate.node, one, at)) return;
          for (const [live, { slots }] of book.program(ofCourse)?.plans ?? []) if (slots.includes(id)) touched.add(live.rule.badge);
        }));
        expect(new Set(visits).size).toBe(visits.length);
        const expected = made.filter((live) => live.rule.course === one.course && leavesOf(live.rule.criteria).some((leaf) => takes(leaf, one, at)));
        expect([...touched].sort()).toEqual(expected.map((live) => live.rule.badge).sort());
      }),
      { numRuns: 2000 },
    );
  });

  it('gives each leaf an aggregate that means the same', () => {
    fc.assert(
      fc.property(rules, (made) => {
        const book = createRulebook(made);
        for (const live of made) {
          const program = book.program(live.rule.course);
          const planned = (node: PlanNode | undefined): readonly unknown[] =>
            !node ? [] : 'leaf' in node ? [[node.leaf, program?.aggregates[node.slot]?.node]] : node.parts.flatMap(planned);
          const leaves = leavesOf(live.rule.criteria);
          const found = planned(program?.plans.get(live)?.root) as readonly (readonly [CriterionNode, CriterionNode])[];
          expect(found.map(([leaf]) => leaf)).toEqual(leaves);
          for (const [leaf, shared] of found) expect([shared.keyword, shared.selects]).toEqual([leaf.keyword, leaf.selects]);
        }
      }),
    );
  });

  it('knows the rules of each course', () => {
    fc.assert(
      fc.property(rules, fc.constantFrom('c1', 'c2', 'c3'), (made, course) => {
        expect(createRulebook(made).program(course)?.rules ?? []).toEqual(made.filter((live) => live.rule.course === course));
      }),
    );
  });

  it('finds the users whose threshold lies in a range', () => {
    const threshold = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(fc.array(threshold, { maxLength: 8 }), threshold, threshold, (thresholds, above, upTo) => {
        const sorted = [...thresholds].sort((a, b) => a - b);
        const found: number[] = [];
        forEachUser(sorted.map((one) => ({ threshold: one }) as User), above, upTo, (user) => found.push(user.threshold));
        expect(found).toEqual(sorted.filter((one) => one > above && one <= upTo));
      }),
    );
  });
});
