import type { CriterionVerdict } from '#domain/verdict.js';
import { ruleOf } from './arbitraries/rules.js';
import { Funnel } from './funnel.js';
import { leafVerdicts, matchLeaves } from './matching-leaves.js';
import type { Criterion, Rule } from './rule.js';
import { ruleChanges } from './rule-changes.js';
import { criteriaDifferences } from './verdict-difference.js';
import { NO_NAMES } from './words.js';

const count = (needed: number, type: 'MissionCompleted' | 'AttendanceMarked' | 'AssignmentGraded' = 'MissionCompleted'): Criterion => ({
  leaf: { keyword: 'count', selects: [{ type }], settings: { 'at-least': needed } },
});
const all = (...parts: Criterion[]): Criterion => ({ group: 'all', parts });
const paths = (before: Criterion, after: Criterion): readonly string[] => matchLeaves(before, after).map((pair) => `${pair.before?.path ?? '-'} ${pair.after?.path ?? '-'}`);

describe('the leaves of two versions', () => {
  it.each<[string, Criterion, Criterion, readonly string[]]>([
    ['stay what they are at another place', all(count(1), count(2)), all(count(2), count(1)), ['all[1].count all[0].count', 'all[0].count all[1].count']],
    ['are the same with another threshold', all(count(1), count(2, 'AttendanceMarked')), all(count(5, 'AttendanceMarked'), count(1)), ['all[1].count all[0].count', 'all[0].count all[1].count']],
    ['are the same at one place with other facts', count(1), count(1, 'AttendanceMarked'), ['count count']],
    ['may be added', count(1), all(count(3, 'AttendanceMarked'), count(1)), ['- all[0].count', 'count all[1].count']],
    ['may be removed', all(count(3, 'AttendanceMarked'), count(1)), count(1), ['all[1].count count', 'all[0].count -']],
  ])('%s', (_name, before, after, expected) => expect(paths(before, after)).toEqual(expected));
});

describe('the changes of a rule', () => {
  const rule = (criteria: Criterion, more: Partial<Rule> = {}): Rule => ruleOf({ criteria, decides: { mode: 'as-soon-as-met' }, ...more });
  const changes = (before: Rule, after: Rule): readonly string[] =>
    ruleChanges(before, after, NO_NAMES).map(({ part, before: was, after: is }) => `${part}: ${was?.en ?? '-'} → ${is?.en ?? '-'}`);

  it('are none for equal rules', () => expect(changes(rule(count(1)), rule(count(1)))).toEqual([]));
  it('name each part that differs, with what it was and is', () => {
    const before = rule(count(1), { hold: 86_400_000, design: { tags: ['a'] } });
    const after = rule(count(2), { name: { en: 'C', ko: '씨' }, course: 'c2', decides: { mode: 'at-close', of: { courseDay: 9 } }, whenCorrected: 'keep', validity: { for: 2 * 604_800_000, renewal: 'none' }, stakes: 'high' });
    expect(changes(before, after)).toEqual([
      'name: B → en: C; ko: 씨',
      'course: c1 → c2',
      'decides: as-soon-as-met → at-close: course-day 9',
      'when-corrected: revoke → keep',
      'hold: 1 day → -',
      'validity: - → for 2 weeks, renewal: none',
      'stakes: - → high',
      'tags: ["a"] → -',
      expect.stringMatching(/^criteria count: At least 1 .* → At least 2 /),
    ]);
  });
  it('name terms by their days', () => {
    const recurs = { terms: [{ name: 'Spring', from: Date.UTC(2026, 2, 2) / 86_400_000, to: Date.UTC(2026, 5, 30) / 86_400_000 }] };
    expect(changes(rule(count(1)), rule(count(1), { recurs }))).toEqual(['recurs: - → {"terms":[{"from":"2026-03-02","name":"Spring","to":"2026-06-30"}]}']);
  });
  it('tell how criteria are combined where nothing else differs', () => {
    const [first, second] = [count(1), count(2, 'AttendanceMarked')];
    expect(changes(rule(all(first, second)), rule({ group: 'any', parts: [first, second] }))).toEqual(['criteria: all(count, count) → any(count, count)']);
    expect(changes(rule(all(first, second)), rule({ group: 'some', atLeast: 1, parts: [first, second] }))).toEqual(['criteria: all(count, count) → at least 1 of(count, count)']);
  });
});

const verdict = (path: string, value: number, needed: number, parts?: readonly CriterionVerdict[]): CriterionVerdict => ({
  criterion: parts ? 'all' : 'count', path, met: value >= needed, value, needed, unit: 'count', evidence: [], ...(parts && { parts }),
});

describe('the difference between two verdicts', () => {
  it('is what is met by one alone, needs something else, or is in one alone', () => {
    const [before, after] = [all(count(1), count(2, 'AttendanceMarked')), all(count(3), count(2, 'AttendanceMarked'), count(1, 'AssignmentGraded'))];
    const was = verdict('all', 2, 2, [verdict('all[0].count', 4, 1), verdict('all[1].count', 5, 2)]);
    const is = verdict('all', 2, 3, [verdict('all[0].count', 4, 3), verdict('all[1].count', 5, 2), verdict('all[2].count', 0, 1)]);
    expect(leafVerdicts(is).map(({ path }) => path)).toEqual(['all[0].count', 'all[1].count', 'all[2].count']);
    expect(criteriaDifferences(matchLeaves(before, after), was, is, NO_NAMES)).toMatchObject([
      { path: 'all[0].count', before: { needed: 1, met: true }, after: { needed: 3, met: true } },
      { path: 'all[2].count', before: null, after: { value: 0, met: false } },
    ]);
    expect(criteriaDifferences(matchLeaves(before, after), undefined, is, NO_NAMES)).toHaveLength(3);
    expect(criteriaDifferences(matchLeaves(before, after), undefined, undefined, NO_NAMES)).toEqual([]);
  });
});

describe('a funnel', () => {
  it('counts the conditions of an "all" one after another and each alone', () => {
    const funnel = new Funnel(all(count(1), count(2)));
    for (const [first, second] of [[1, 2], [1, 0], [0, 2], [0, 0]] as const) {
      funnel.add(verdict('all', 0, 2, [verdict('all[0].count', first, 1), verdict('all[1].count', second, 2)]));
    }
    expect(funnel.stages(NO_NAMES)).toMatchObject([{ path: 'all[0].count', alone: 2, together: 2 }, { path: 'all[1].count', alone: 2, together: 1 }]);
  });

  it('has one stage where something else is at the root', () => {
    const leaf = new Funnel(count(1));
    leaf.add(verdict('count', 1, 1));
    expect(leaf.stages(NO_NAMES)).toMatchObject([{ path: 'count', alone: 1, together: 1 }]);
    const any = new Funnel({ group: 'any', parts: [count(1), count(2)] });
    expect(any.stages(NO_NAMES)).toMatchObject([{ path: 'any', alone: 0, together: 0, parts: [{ path: 'any[0].count' }, { path: 'any[1].count' }] }]);
  });
});
