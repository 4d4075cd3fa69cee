import { readdirSync, readFileSync } from 'node:fs';
import { kindOf } from '#rules/criteria/all.js';
import { parseRule } from '#rules/parse.js';

/* The pages about criteria: their examples are rules, and show every key. */

const FOLDER = 'docs/criteria';
const pages = readdirSync(FOLDER).map((name) => ({ keyword: name.replace('.md', ''), text: readFileSync(`${FOLDER}/${name}`, 'utf8') }));

describe.each(pages)('the page about $keyword', ({ keyword, text }) => {
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(text) ?? [];

  it('is named after a criterion', () => expect(text.startsWith(`# ${kindOf(keyword).keyword}\n`)).toBe(true));

  it('has a rule for an example', () => {
    const parsed = parseRule(example, `${keyword}.md`);
    expect(parsed.ok ? [] : parsed.diagnostics).toEqual([]);
  });

  it('shows every key of its own', () => {
    expect(Object.keys(kindOf(keyword).members).filter((key) => !example.includes(`${key}:`))).toEqual([]);
  });
});
