import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { readText, unwrapped, withEntry, withEntryAt, withoutEntry, withValue, wrapped, type Path } from '../../apps/web/src/studio/rule-text.js';

const DIR = 'rules';
const RULES = readdirSync(DIR).filter((name) => name.endsWith('.yaml') && !/\.(cases|issuer)\.yaml$/.test(name)).map((name) => readFileSync(join(DIR, name), 'utf8'));

const TEXT = `# Who wrote this, and why.
badge: there-every-week   # the id

name: { en: There Every Week, ko: "매주 출석" }
# what people read
criteria-text:
  en: >-
    Attended at least one class
    in 11 of the 12 weeks.
course: 'sql-basics'
decides: as-soon-as-met
when-corrected: review
criteria:
  all:
    # the classes
    - count: { of: attendance, at-least: 11, distinct: course-week } # all but one
    # the work
    - mean:
        of: grades
        at-least: 70   # of 100
tags: [sql,   weekly]
`;

const comments = (text: string): readonly string[] => [...text.matchAll(/#[^\n]*/g)].map(([comment]) => comment.trim());

/** Every place in a value that holds no mapping and no list. */
const leavesOf = (value: unknown, path: Path = []): readonly Path[] => {
  if (Array.isArray(value)) return value.flatMap((item, i) => leavesOf(item, [...path, i]));
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
  return [path];
};
const at = (value: unknown, path: Path): unknown => path.reduce<unknown>((in_, key) => (in_ as Readonly<Record<string | number, unknown>> | undefined)?.[key], value);

describe('a change of one value', () => {
  it('changes nothing else, to the byte', () => {
    expect(withValue(TEXT, ['criteria', 'all', 0, 'count', 'at-least'], 10)).toBe(TEXT.replace('at-least: 11', 'at-least: 10'));
    expect(withValue(TEXT, ['criteria', 'all', 1, 'mean', 'at-least'], 82.5)).toBe(TEXT.replace('at-least: 70 ', 'at-least: 82.5 '));
    expect(withValue(TEXT, ['course'], 'excel')).toBe(TEXT.replace("'sql-basics'", 'excel'));
    expect(withValue(TEXT, ['name', 'en'], 'Here, always')).toBe(TEXT.replace('There Every Week,', '"Here, always",'));
    expect(withValue(TEXT, ['when-corrected'], 'keep')).toBe(TEXT.replace('review', 'keep'));
  });

  it.each(['yes: no', '# no comment', '- a', 'a\nb', ' a ', '12', 'true', '"', "it's", '한국어, 그리고', '', '{', '@a', '*a'])('takes any text for what it is: %j', (text) => {
    for (const path of [['name', 'en'], ['course'], ['criteria', 'all', 0, 'count', 'of']] as const) expect(at(readText(withValue(TEXT, path, text)).value, path)).toBe(text);
  });

  it('adds a key in its place and takes it out again', () => {
    const held = withValue(TEXT, ['hold'], '48 hours');
    expect(held).toBe(TEXT.replace('when-corrected: review\n', 'when-corrected: review\nhold: 48 hours\n'));
    expect(withValue(held, ['hold'], undefined)).toBe(TEXT);
    const competent = withValue(TEXT, ['competency', 'en'], 'Comes.');
    expect(competent).toBe(TEXT.replace('course:', 'competency:\n  en: Comes.\ncourse:'));
    expect(withValue(TEXT, ['criteria', 'all', 0, 'count', 'within'], '3 days')).toContain('distinct: course-week, within: 3 days }');
    expect(withValue(TEXT, ['tags'], undefined)).toBe(TEXT.replace('tags: [sql,   weekly]\n', ''));
    expect(withValue('', ['badge'], 'new')).toBe('badge: new\n');
  });

  it('is right for every value of every rule there is, and keeps every comment', () =>
    fc.assert(
      fc.property(fc.constantFrom(...RULES, TEXT), fc.nat(), fc.oneof(fc.integer(), fc.string(), fc.constantFrom('a, b', 'a: b', 'x # y', '가나다')), (text, pick, value) => {
        const was: unknown = parse(text);
        const leaves = leavesOf(was);
        const path = leaves[pick % leaves.length] ?? [];
        const after = withValue(text, path, value);
        const is: unknown = parse(after);
        expect(leavesOf(is)).toEqual(leaves);
        for (const leaf of leaves) expect(at(is, leaf)).toBe(leaf === path ? value : at(was, leaf));
        const whole = text.split('\n').map((line) => line.trim()).filter((line) => line.startsWith('#'));
        expect(after.split('\n').map((line) => line.trim())).toEqual(expect.arrayContaining(whole));
        expect(after.split('\n').length - text.split('\n').length).toBeLessThanOrEqual(0);
      }),
      { numRuns: 200 },
    ));
});

describe('a change of the criteria', () => {
  it('leaves all other text as it is, and keeps the comments', () => {
    const list = ['criteria', 'all'] as const;
    const [head, tail] = [TEXT.slice(0, TEXT.indexOf('criteria:\n')), TEXT.slice(TEXT.indexOf('tags:'))];
    const added = withEntry(TEXT, list, 2, { count: { of: 'missions', tag: 'teamwork', 'at-least': 3 } });
    const moved = withEntryAt(added, list, 2, 0);
    const around = wrapped(moved, [...list, 1], (inner) => ({ any: [inner, { approval: {} }] }), '@@');
    const without = unwrapped(withoutEntry(around, [...list, 1, 'any'], 1), [...list, 1], ['any', 0]);
    for (const text of [added, moved, around, without]) {
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      expect(comments(text)).toEqual(expect.arrayContaining(comments(TEXT) as string[]));
    }
    expect(readText(moved).value?.['criteria']).toEqual({ all: [{ count: { of: 'missions', tag: 'teamwork', 'at-least': 3 } }, ...(readText(TEXT).value?.['criteria'] as { all: unknown[] }).all] });
    expect(at(readText(around).value, [...list, 1])).toEqual({ any: [{ count: { of: 'attendance', 'at-least': 11, distinct: 'course-week' } }, { approval: {} }] });
    expect(readText(without).value).toEqual(readText(moved).value);
    expect(readText(withoutEntry(moved, list, 0)).value).toEqual(readText(TEXT).value);
  });

  it('wraps the root of a rule', () => {
    const text = 'badge: a # id\ncriteria:\n  # the only one\n  approval: # by two\n    by: 2\n';
    const all = wrapped(text, ['criteria'], (inner) => ({ all: [inner] }), '@@');
    expect(readText(all).value).toEqual({ badge: 'a', criteria: { all: [{ approval: { by: 2 } }] } });
    expect(comments(all)).toEqual(expect.arrayContaining(comments(text) as string[]));
    expect(readText(unwrapped(all, ['criteria'], ['all', 0])).value).toEqual(readText(text).value);
  });

  it('goes back by the change that undoes it, in every rule with a list of criteria', () => {
    const listed = RULES.filter((text) => Array.isArray(at(parse(text), ['criteria', 'all'])));
    expect(listed.length).toBeGreaterThan(3);
    for (const text of listed) {
      const list = ['criteria', 'all'] as const;
      const count = (at(parse(text), list) as unknown[]).length;
      const there = withEntryAt(text, list, 0, count - 1);
      const back = withEntryAt(there, list, count - 1, 0);
      expect(readText(back).value).toEqual(parse(text));
      expect(comments(back).toSorted()).toEqual(comments(text).toSorted());
      expect(readText(withoutEntry(withEntry(text, list, 1, { none: { of: 'flags' } }), list, 1)).value).toEqual(parse(text));
    }
  });
});

it('says where a text is no YAML', () => {
  expect(readText('badge: a\nname: {')).toMatchObject({ value: undefined, broken: { line: expect.any(Number) as number } });
  expect(readText('- a')).toMatchObject({ value: undefined, broken: { line: 1 } });
  expect(readText('')).toEqual({ value: {} });
});
