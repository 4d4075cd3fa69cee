import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { lintRule } from '#rules/lint/lint.js';
import { parseRule } from '#rules/parse.js';
import { added, grouped, opened, partsOf, readCriterion, regrouped, rekeyed } from '../../apps/web/src/studio/criterion-edits.js';
import { lineDifference } from '../../apps/web/src/studio/line-difference.js';
import { withEntryAt, withoutEntry, type Path } from '../../apps/web/src/studio/rule-text.js';
import { historySearch, rulesSearch } from '../../apps/web/src/studio/search.js';
import { idOf, newRule, ownCourses, STARTS } from '../../apps/web/src/studio/starts.js';
import { tracePath } from '../../apps/web/src/studio/trace-path.js';

const NESTED = `badge: nested
name: { en: Nested }
criteria-text: { en: All sorts. }
course: c
decides: as-soon-as-met
when-corrected: keep
criteria:
  some:
    at-least: 1
    of:
      - any:
          - not:
              all:
                - count: { of: missions, at-least: 1 }
                - not: { none: { of: flags } }
          - score: { at-least: 50 }
      - approval:
`;
const RULES = [NESTED, ...readdirSync('rules').filter((name) => name.endsWith('.yaml') && !/\.(cases|issuer)\.yaml$/.test(name)).map((name) => readFileSync(join('rules', name), 'utf8'))];

const criteriaIn = (text: string): unknown => (parse(text) as { readonly criteria: unknown }).criteria;

/** The places of all criteria in a text, as the builder goes through them. */
const placesIn = (value: unknown, path: Path): readonly string[] => {
  const criterion = readCriterion(value);
  if (!criterion) return ['no criterion'];
  const group = partsOf(path, criterion);
  const inner = group ? group.parts.flatMap((part, i) => placesIn(part, [...group.list, i])) : criterion.keyword === 'not' ? placesIn(criterion.body, [...path, 'not']) : [];
  return [tracePath(path, criterion.keyword), ...inner];
};

it('finds each criterion of a text in its trace, by its place', () => {
  const pathsOf = ({ path, parts = [] }: NonNullable<ReturnType<typeof lintRule>['sentences']>): readonly string[] => [path, ...parts.flatMap(pathsOf)];
  for (const text of RULES) {
    const { sentences } = lintRule({ file: 'rule.yaml', text });
    expect(placesIn(criteriaIn(text), ['criteria'])).toEqual(sentences && pathsOf(sentences));
  }
});

describe('changing criteria', () => {
  const of = (text: string, path: Path = ['criteria']) => readCriterion(path.slice(1).reduce<unknown>((value, key) => (value as Readonly<Record<string | number, unknown>>)[key], criteriaIn(text)));

  it('adds, groups, moves and takes out', () => {
    const one = 'badge: b\ncriteria:\n  count: { of: missions, at-least: 3 }\n';
    const two = added(one, ['criteria'], of(one), 'approval');
    expect(criteriaIn(two)).toEqual({ all: [{ count: { of: 'missions', 'at-least': 3 } }, { approval: { by: 1 } }] });
    expect(criteriaIn(withEntryAt(two, ['criteria', 'all'], 0, 1))).toEqual({ all: [{ approval: { by: 1 } }, { count: { of: 'missions', 'at-least': 3 } }] });
    expect(criteriaIn(withoutEntry(two, ['criteria', 'all'], 0))).toEqual({ all: [{ approval: { by: 1 } }] });
    expect(criteriaIn(added('badge: b\n', ['criteria'], undefined, 'any'))).toEqual({ any: [{ count: { of: 'missions', 'at-least': 3 } }] });
    const root = of(two);
    expect(root && criteriaIn(regrouped(two, ['criteria'], root, 'some'))).toEqual({ some: { 'at-least': 1, of: (criteriaIn(two) as { all: unknown[] }).all } });
    expect(root && criteriaIn(regrouped(two, ['criteria'], root, 'not'))).toEqual({ not: criteriaIn(two) });
  });

  it.each(['all', 'any', 'some', 'not'] as const)('opens what it grouped (%s)', (group) => {
    const text = 'badge: b # id\ncriteria:\n  all:\n    # why\n    - count: { of: missions, at-least: 3 }\n    - approval:\n        by: 2\n';
    const path = ['criteria', 'all', 1] as const;
    const within = grouped(text, path, group);
    const outer = of(within, path);
    expect(outer?.keyword).toBe(group);
    expect(outer && criteriaIn(opened(within, path, outer))).toEqual(criteriaIn(text));
    expect(within).toContain('# why');
  });

  it('keeps what another kind can hold as well', () => {
    const text = 'criteria:\n  count: { of: missions, tag: practice, at-least: 3, distinct: activity }\n';
    const criterion = of(text);
    expect(criterion && criteriaIn(rekeyed(text, ['criteria'], criterion, 'sum', (key) => ['of', 'tag', 'at-least', 'attribute'].includes(key)))).toEqual({ sum: { of: 'missions', tag: 'practice', 'at-least': 3, attribute: 'minutes' } });
  });
});

describe('a new badge', () => {
  it.each(STARTS)('begins with a rule that is right (%s)', (start) => {
    for (const name of [{ en: 'A: b, # c', ko: '가' }, { en: '', ko: '나' }, { en: 'C', ko: '' }]) {
      const parsed = parseRule(newRule({ badge: 'b', name, course: 'c', start }), 'rule.yaml');
      expect(parsed.ok ? [parsed.rule.name['en'], parsed.rule.course] : parsed.diagnostics).toEqual([name.en === '' ? name.ko : name.en, 'c']);
    }
  });

  it('has an id that its name says, where it can', () => {
    expect(['Team Player!', ' SQL  & Excel ', '팀 플레이어', '--', 'a'.repeat(100)].map(idOf)).toEqual(['team-player', 'sql-excel', '', '', 'a'.repeat(64)]);
    fc.assert(fc.property(fc.string(), (name) => /^([a-z0-9][a-z0-9-]*)?$/.test(idOf(name))));
  });
});

it('is for a course that its author teaches', () => {
  const known = ['sql-basics', 'sql-more', 'data-viz'].map((id) => ({ id, title: id.toUpperCase() }));
  expect(ownCourses(['sql-*', 'team'], known).map(({ id }) => id)).toEqual(['sql-basics', 'sql-more', 'team']);
  expect(ownCourses(['*'], known)).toEqual(known);
  expect(ownCourses([], known)).toEqual([]);
});

describe('what differs between two texts', () => {
  it('makes the one of the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const found = lineDifference(before, after);
        const of = (kinds: readonly string[]): string => found.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text).join('\n');
        expect([of(['same', 'gone']), of(['same', 'new'])]).toEqual([before.replace(/\n$/, ''), after.replace(/\n$/, '')]);
      }),
    );
  });

  it('is no more than it has to be', () => {
    expect(lineDifference('a\nb\nc\n', 'a\nx\nc\n')).toEqual([{ kind: 'same', text: 'a' }, { kind: 'gone', text: 'b' }, { kind: 'new', text: 'x' }, { kind: 'same', text: 'c' }]);
    expect(lineDifference('a', 'a')).toEqual([{ kind: 'same', text: 'a' }]);
  });
});

it('reads of an address what makes sense', () => {
  expect(rulesSearch({ course: 101, q: '', x: 1 })).toEqual({ course: '101' });
  expect(rulesSearch({ course: ['a'], q: 'sql' })).toEqual({ q: 'sql' });
  expect(historySearch({ version: 3, against: 'x' })).toEqual({ version: 3 });
  expect(historySearch({ version: -1, against: 1.5 })).toEqual({});
});

