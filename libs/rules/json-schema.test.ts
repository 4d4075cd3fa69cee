import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import { ruleSchema, ruleSchemaText } from './json-schema.js';
import { COMMON_TEXT, findings, RULE_TEXT, where, withCriteria } from './rule-text.js';

const ROOT = new URL('../../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, ROOT), 'utf8');
const RULE_FILES = ['rules/', 'test/truth/rules/'].flatMap((folder) =>
  readdirSync(new URL(folder, ROOT)).filter((file) => file.endsWith('.yaml') && !/\.(cases|issuer)\.yaml$/.test(file)).map((file) => folder + file),
);

const takes = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, formats: { date: true, uri: true } }).compile(ruleSchema());
/** What the schema has against a text, in short. */
const refusals = (text: string): readonly string[] => {
  takes(parse(text));
  return (takes.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

it('the schema beside the rules is fresh: "npm run schema" writes it', () => {
  expect(read('rules/rule.schema.json')).toBe(ruleSchemaText());
});

describe('what the parser takes the schema takes:', () => {
  it.each(RULE_FILES)('%s', (file) => expect(refusals(read(file))).toEqual([]));
  it('every part', () => expect(refusals(RULE_TEXT)).toEqual([]));

  it.each(['count', '42', '0042'])('the course %s', (course) => {
    const text = where('course: sql', `course: ${course}`);
    expect([findings(text), refusals(text)]).toEqual([[], []]);
  });

  it('rules with parts left out, put elsewhere or replaced', () => {
    type Path = readonly (string | number)[];
    const pathsIn = (data: unknown, path: Path = []): readonly Path[] => [
      path,
      ...(typeof data === 'object' && data ? Object.entries(data).flatMap(([key, value]) => pathsIn(value, [...path, key])) : []),
    ];
    const at = (data: unknown, path: Path): unknown => path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], data);
    const edited = (data: unknown, [key, ...rest]: Path, edit: (parent: Record<string, unknown>, key: string) => void): void => {
      if (key === undefined || typeof data !== 'object' || !data) return;
      const parent = data as Record<string, unknown>;
      if (rest.length === 0) edit(parent, String(key));
      else edited(parent[key], rest, edit);
    };
    const texts = [RULE_TEXT, COMMON_TEXT, ...RULE_FILES.map(read)].map((text): unknown => parse(text));
    const all = texts.flatMap((data) => pathsIn(data).map((path) => ({ path, value: at(data, path) })));
    const values = fc.oneof(
      fc.constantFrom(...all.map(({ value }) => value)),
      fc.constantFrom(null, '', ' ', 0, -1, 1.5, 70, 'course', 'period', 'continuously', 'late', 'grades', '2026-03-02', '1 week', [], {}),
    );
    const mutation = fc.record({ path: fc.constantFrom(...all.map(({ path }) => path)), value: values, remove: fc.boolean() });
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(mutation, { maxLength: 4 }), (start, mutations) => {
        const data = structuredClone(start);
        for (const { path, value, remove } of mutations) {
          edited(data, path, (parent, key) => {
            if (!remove) parent[key] = structuredClone(value);
            else if (Array.isArray(parent)) parent.splice(Number(key), 1);
            else delete parent[key];
          });
        }
        const text = JSON.stringify(data);
        if (findings(text).length > 0) return;
        taken += 1;
        expect(refusals(text)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});

describe('what has not the shape of a rule the schema refuses as the parser does:', () => {
  it.each([
    ['no mapping', '- a'],
    ['no badge', where('badge: sql-basics\n', '')],
    ['a badge id with capitals', where('badge: sql-basics', 'badge: SQL')],
    ['a badge id that is too long', where('badge: sql-basics', `badge: ${'a'.repeat(65)}`)],
    ['no English', where('  en: SQL Basics\n', '')],
    ['a language that is none', where('  ko: SQL', '  Korean: SQL')],
    ['an empty text', where('en: Do it all.', 'en: ""')],
    ['an unknown mode', where('as-soon-as-met', 'as-soon-as-mat')],
    ['a close of what is unknown', where('as-soon-as-met', '{ at-close: cuorse }')],
    ['a close of a day that is none', where('as-soon-as-met', '{ at-close: { course-day: 1.5 } }')],
    ['an unknown policy', where('revoke', 'revok')],
    ['an unknown key', where('course: sql', 'courses: sql')],
    ['an unknown criterion', where('- count:\n        of: missions', '- cuont:\n        of: missions')],
    ['two criteria in one', withCriteria('{ none: { of: withdrawal }, all: [] }')],
    ['an empty criterion', withCriteria('{}')],
    ['an empty group', withCriteria('{ all: [] }')],
    ['"not" of several', withCriteria('{ not: [{ none: { of: withdrawal } }] }')],
    ['something wrong deep within', withCriteria('{ not: { not: { any: [{ not: { none: { of: widthrawal } } }] } } }')],
    ['an unknown setting', where('at-least: 4', 'atleast: 4')],
    ['an unknown kind of fact', where('of: missions', 'of: mission')],
    ['no kind of fact', where('        of: missions\n', '')],
    ['a number that is none', where('at-least: 4', 'at-least: four')],
    ['a number that is too small', where('at-least: 4', 'at-least: 0')],
    ['marks for what has none', where('tag: quiz', 'status: present')],
    ['a mark that is none', where('[present, late]', '[present, here]')],
    ['an empty list of activities', where('[s1, s2]', '[]')],
    ['nothing where settings are needed', withCriteria('{ mean: }')],
    ['a day that is no day', where('2026-06-30', 'today')],
    ['some without a number', where('some:\n        at-least: 1\n', 'some:\n')],
    ['a hold that is no length of time', where('48 hours', '48')],
    ['an address of another kind', where('http://data', 'ftp://data')],
    ['an alignment without a name', where('- name: Databases\n    url', '- url')],
    ['a rank that is none', where('rank: 1', 'rank: 0')],
    ['a picture above the rules', where('images/', '../')],
    ['no tags', where('[sql, data]', '[]')],
    ['units and terms', where('each: half-year', 'each: half-year\n  terms: [{ name: a, from: 2026-03-02, to: 2026-03-02 }]')],
    ['a renewal that is none', where('renewal: none', 'renewal: yearly')],
  ])('%s', (_what, text) => {
    expect(findings(text)).not.toEqual([]);
    expect(refusals(text)).not.toEqual([]);
  });
});
