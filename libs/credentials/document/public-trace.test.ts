import type { Fact } from '#domain/facts.js';
import { contentHash } from '#domain/ids.js';
import type { Verdict } from '#domain/verdict.js';
import { UNKNOWN_LEARNER } from '#rules/circumstances.js';
import { UNKNOWN_COURSE } from '#rules/course-context.js';
import { measureTree } from '#rules/evaluate.js';
import { parseRule } from '#rules/parse.js';
import type { Criterion } from '#rules/rule.js';
import { publicTrace } from './public-trace.js';

const KEY = new Uint8Array(32).fill(7);
const DAY = Date.UTC(2026, 2, 2);

const criteriaOf = (criteria: string): Criterion => {
  const parsed = parseRule(`
badge: b
name: { en: B }
criteria-text: { en: C }
course: c
decides: as-soon-as-met
when-corrected: keep
criteria:
${criteria}`, 'rule.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.rule.criteria;
};
const fact = (n: number, type: Fact['type'], values: Fact['values'] = {}): Fact =>
  ({ id: `lms/ada-${n}`, type, course: 'c', activity: `a${n}`, occurrence: undefined, time: DAY + n, values, correctedBy: [] });
const traceOf = (criteria: Criterion, facts: readonly Fact[]): Verdict =>
  ({ met: true, decided: true, asOf: 5, root: measureTree(criteria, facts, { course: UNKNOWN_COURSE, learner: UNKNOWN_LEARNER }, Infinity) });
const shownOf = (criteria: Criterion, facts: readonly Fact[]) => publicTrace(criteria, traceOf(criteria, facts), KEY);

const MISSIONS = [fact(1, 'MissionCompleted'), fact(2, 'MissionCompleted')];

describe('a public trace', () => {
  const ALL = criteriaOf('  all: [{ count: { of: missions, at-least: 2 } }, { count: { of: missions, distinct: activity, at-least: 1 } }]');
  const shown = shownOf(ALL, MISSIONS);

  it('tells no id of a fact, at any depth', () => expect(JSON.stringify(shown)).not.toMatch(/ada|lms|"a1"/));
  it('says what was reached, and what was needed', () =>
    expect(shown).toMatchObject({ met: true, decided: true, asOf: 5, root: { path: 'all', value: 2, parts: [{ path: 'all[0].count', met: true, value: 2, needed: 2, unit: 'count' }, { value: 2, needed: 1 }] } }));
  it('keeps what is the same the same', () => {
    const [one, other] = shown.root.parts ?? [];
    expect(one?.evidence).toHaveLength(2);
    expect(other?.evidence?.[0]).toBe(one?.evidence?.[0]);
    expect(one?.evidence?.[0]).not.toBe(one?.evidence?.[1]);
  });
  it('is another one under another key', () => expect(publicTrace(ALL, traceOf(ALL, MISSIONS), new Uint8Array(32))).not.toEqual(shown));

  it('leaves out what was not met where something else stands for it', () => {
    const any = criteriaOf('  any: [{ mean: { of: grades, at-least: 80 } }, { all: [{ count: { of: missions, at-least: 2 } }] }]');
    const withoutGrade = shownOf(any, MISSIONS);
    const withOne = shownOf(any, [...MISSIONS, fact(3, 'AssignmentGraded', { score: 12, max: 100 })]);
    expect(withOne).toEqual(withoutGrade);
    expect(withOne.root).toMatchObject({ criterion: 'any', met: true, parts: [{ path: 'any[1].all' }] });
    expect(JSON.stringify(withOne)).not.toContain('mean');
  });

  it('keeps each of some that was met, and no other', () => {
    const some = criteriaOf('  some: { at-least: 2, of: [{ count: { of: missions, at-least: 1 } }, { mean: { of: grades, at-least: 80 } }, { count: { of: missions, at-least: 2 } }] }');
    expect(shownOf(some, MISSIONS).root.parts?.map(({ path }) => path)).toEqual(['some[0].count', 'some[2].count']);
  });

  it.each([
    ['not', '{ not: { mean: { of: grades, at-least: 80 } } }', { criterion: 'not', path: 'all[1].not', met: true }],
    ['at-most', '{ count: { of: attendance, status: absent, at-most: 2 } }', { criterion: 'count', path: 'all[1].count', met: true }],
    ['none', '{ none: { of: flags } }', { criterion: 'none', path: 'all[1].none', met: true }],
  ])('says of what must not be (%s) that it was not, and nothing that was', (_name, part, said) => {
    const criteria = criteriaOf(`  all: [{ count: { of: missions, at-least: 2 } }, ${part}]`);
    const shownWith = shownOf(criteria, [...MISSIONS, fact(3, 'AssignmentGraded', { score: 12, max: 100 }), fact(4, 'AttendanceMarked', { status: 'absent' })]);
    expect(shownWith.root.parts?.[1]).toEqual(said);
    expect(contentHash(shownWith)).toBe(contentHash(shownOf(criteria, MISSIONS)));
  });
});
