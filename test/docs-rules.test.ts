import { readdirSync } from 'node:fs';
import { CRITERIA } from '#rules/criteria/all.js';
import { badgesOf, brokenLinks, examplesOf, readPages, tablesOn, wrongIn } from './documentation.js';
import { CASE_TABLES, RULE_TABLES, usedIn } from './key-tables.js';

/* The pages about rules: every example in them runs, and they say every key that there is. */

const pages = readPages();
const badges = pages.flatMap(badgesOf);
const keywords = [...CRITERIA.keys()];
const used = new Set(pages.flatMap(examplesOf).flatMap(({ rule }) => [...usedIn(rule)]));

describe('the pages about rules', () => {
  it('are the guide and a page for each criterion, all linked from the guide', () => {
    const criteria = readdirSync('docs/criteria').map((name) => `docs/criteria/${name}`);
    expect(criteria.sort()).toEqual(keywords.map((keyword) => `docs/criteria/${keyword}.md`).sort());
    expect(pages.map(({ path }) => path).sort()).toEqual([...criteria, 'docs/rules.md'].sort());
  });

  it.each(pages)('$path has examples that come out as they say', (page) => {
    expect(examplesOf(page).length).toBeGreaterThan(0);
    expect(wrongIn(page, badges)).toEqual([]);
  });

  it('link to what is there', () => expect(pages.flatMap(brokenLinks)).toEqual([]));

  it.each(keywords)('show %s on its own page', (keyword) => {
    const page = pages.find(({ path }) => path === `docs/criteria/${keyword}.md`);
    expect(page?.text.startsWith(`# ${keyword}\n`)).toBe(true);
    expect(page && examplesOf(page).some(({ rule }) => usedIn(rule).has(`criterion ${keyword}`))).toBe(true);
  });

  it.each(['all', 'any', 'some', 'not', ...keywords])('have an example of %s', (keyword) => {
    expect(used).toContain(`criterion ${keyword}`);
  });

  it.each([...RULE_TABLES, ...CASE_TABLES])('say the keys of $name in a table', ({ name, lines }) => {
    const found = pages.flatMap((page) => {
      const table = tablesOn(page).get(name);
      return table ? [{ at: `${page.path}:${table.line}`, lines: table.lines }] : [];
    });
    expect(found).toEqual([{ at: found[0]?.at, lines }]);
  });

  it.each(RULE_TABLES)('show each key of $name in an example', ({ name, keys }) => {
    expect(keys.filter((key) => !used.has(`${name} ${key}`))).toEqual([]);
  });

  it('have no table of what does not exist', () => {
    const names = [...RULE_TABLES, ...CASE_TABLES].map(({ name }) => name);
    expect(pages.flatMap((page) => [...tablesOn(page).keys()]).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('an example that is wrong', () => {
  const RULE = 'badge: b\nname: { en: B }\ncriteria-text: { en: B }\ncourse: c\ndecides: as-soon-as-met\nwhen-corrected: keep\ncriteria: { count: { of: missions, tag: x, at-least: 1 } }\n';
  const EVENT = '{ type: MissionCompleted, activity: m, tags: x, time: 2026-03-02 }';
  const CASES = `cases:\n  - { case: one, events: [${EVENT}], expect: { awarded: true } }\n  - { case: none, expect: { awarded: false } }\n`;
  const wrong = (rule: string, cases?: string): readonly string[] => {
    const fenced = (text: string): string => `\`\`\`yaml\n${text}\`\`\`\n`;
    return wrongIn({ path: 'p.md', text: `# p\n\n${fenced(rule)}${cases === undefined ? '' : fenced(cases)}` }, []);
  };

  it('is found where it stands', () => {
    expect(wrong(RULE, CASES)).toEqual([]);
    expect(wrong(RULE)).toEqual(['p.md:4 a rule without cases']);
    expect(wrong(RULE.replace('tag', 'tags'), CASES)).toEqual([expect.stringMatching(/^p\.md:10:\d+ /)]);
    expect(wrong(RULE, CASES.replace('true', 'false'))).toEqual(['p.md:14 one: awarded: expected false, got true']);
    expect(wrong(RULE, CASES.replace('tags', 'tag'))).toEqual([expect.stringMatching(/^p\.md:14:\d+ /)]);
    expect(wrong(RULE, CASES.replace(/.*none.*\n/, ''))).toEqual(['p.md:4 its cases all come out the same']);
    expect(wrong(RULE.replace('tag: x', 'activity: [m, n]'), CASES)).toEqual([expect.stringMatching(/^p\.md:10:\d+ .*no activity "n" is known/)]);
  });
});
