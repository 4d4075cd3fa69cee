import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { testRule } from '#awarding/test-rule.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { parseRule } from '#rules/parse.js';

/* TEST SUPPORT: the pages about rules, with the rules and the example cases in them. */

export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A rule on a page with the example cases below it; both begin with as many empty lines as stand above them on the page. */
export interface Example {
  readonly line: number;
  readonly rule: string;
  readonly cases: string | undefined;
}

const GUIDE = 'docs/rules.md';

/** The guide and every page about a criterion that it links to. */
export const readPages = (): readonly Page[] => {
  const guide: Page = { path: GUIDE, text: readFileSync(GUIDE, 'utf8') };
  const linked = new Set([...guide.text.matchAll(/\]\((criteria\/[^)#]+)/g)].map(([, path = '']) => join(dirname(GUIDE), path)));
  return [guide, ...[...linked].filter(existsSync).map((path) => ({ path, text: readFileSync(path, 'utf8') }))];
};

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** The examples of a page: all YAML on it is a rule, or the cases of the rule above. */
export const examplesOf = ({ path, text }: Page): readonly Example[] => {
  const examples: Example[] = [];
  for (const { 1: body = '', index } of text.matchAll(/^```yaml\n([^]*?)^```$/gm)) {
    const line = lineOf(text, index) + 1;
    const placed = '\n'.repeat(line - 1) + body;
    const last = examples.at(-1);
    if (!/^cases:/m.test(body)) examples.push({ line, rule: placed, cases: undefined });
    else if (last && last.cases === undefined) examples[examples.length - 1] = { ...last, cases: placed };
    else throw new Error(`${path}:${line} cases of no rule`);
  }
  return examples;
};

interface Plain {
  readonly [key: string]: unknown;
}

export const isMapping = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every value of a key, anywhere in a document; those of a list one by one. */
const valuesOf = (key: string, document: unknown): readonly string[] => {
  if (Array.isArray(document)) return document.flatMap((item) => valuesOf(key, item));
  if (!isMapping(document)) return [];
  return Object.entries(document).flatMap(([name, value]) => [...(name === key ? [value].flat().map(String) : []), ...valuesOf(key, value)]);
};

/** The badges that a page's examples award, or name as held. */
export const badgesOf = (page: Page): readonly string[] =>
  examplesOf(page).flatMap(({ rule, cases = '' }) => {
    const document: unknown = parse(rule);
    return [...(isMapping(document) ? [String(document['badge'])] : []), ...valuesOf('badge', parse(cases))];
  });

const wrongCases = (page: Page, rule: string, cases: string): readonly string[] => {
  const { diagnostics, cases: results } = testRule({ file: page.path, text: rule }, { file: page.path, text: cases });
  const failures = results.flatMap(({ line, case: name, failures: all }) =>
    all.map(({ what, expected, actual }) => `${page.path}:${line} ${name}: ${what}: expected ${expected}, got ${actual}`),
  );
  return [...diagnostics.map(formatDiagnostic), ...failures];
};

/** What is wrong with the examples of a page, each with page and line. Names in a rule have to occur in its cases. */
export const wrongIn = (page: Page, badges: readonly string[]): readonly string[] =>
  examplesOf(page).flatMap(({ line, rule, cases }) => {
    if (cases === undefined) return [`${page.path}:${line} a rule without cases`];
    const wrong = wrongCases(page, rule, cases);
    if (wrong.length > 0) return wrong;
    if (!/awarded: true/.test(cases) || !/awarded: false/.test(cases)) return [`${page.path}:${line} its cases all come out the same`];
    const played: unknown = parse(cases);
    const activities = valuesOf('activity', played);
    const parsed = parseRule(rule, page.path, { badges, activities: () => activities, tags: valuesOf('tags', played) });
    return parsed.ok ? parsed.warnings.map(formatDiagnostic) : parsed.diagnostics.map(formatDiagnostic);
  });

const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} -]/gu, '').replaceAll(' ', '-'));

/** The links of a page that lead nowhere. */
export const brokenLinks = ({ path, text }: Page): readonly string[] =>
  [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(([, file = '', anchor]) => {
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(target)) return [`${path}: ${target}`];
    return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor) ? [] : [`${path}: ${target}#${anchor}`];
  });

/** The tables of keys on a page, by the name in the comment above each. */
export const tablesOn = ({ text }: Page): ReadonlyMap<string, { readonly line: number; readonly lines: readonly string[] }> =>
  new Map(
    [...text.matchAll(/^<!-- keys: (\S+) -->\n((?:\|.*\n)*)/gm)].map(({ 1: name = '', 2: body = '', index }) => [
      name,
      { line: lineOf(text, index), lines: body.trimEnd().split('\n') },
    ]),
  );
