import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofmark } from './cli.js';

const RULES = new URL('../../rules/', import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'proofmark-rules-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const directory = (name: string, files: Readonly<Record<string, string>>): string => {
  const dir = join(root, name);
  mkdirSync(dir, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text);
  return dir;
};
const read = (file: string): string => readFileSync(join(RULES, file), 'utf8');
const NOTHING_TO_DO = read('team-reliable.yaml').replace(/criteria:\n[^]*$/, 'criteria: { none: { of: withdrawal } }\n');

describe('proofmark rules lint', () => {
  it('looks at the rules that come with Proofmark', async () => {
    const { code, stdout, stderr } = await proofmark('rules', 'lint', RULES);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/rules\/sql-foundations\.yaml {3}SQL Foundations {3}\d+ of 100\n/);
    expect(stdout).toMatch(/\d+ rules: 0 errors, \d+ warnings?, \d+ pieces of advice, design score \d+ of 100 on average\.\n$/);
  });

  it('fails with an error, and with --strict with a warning', async () => {
    const dir = directory('strict', { 'one.yaml': NOTHING_TO_DO });
    const wrong = await proofmark('rules', 'lint', dir);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain('error  The criteria hold for a learner of whom nothing is recorded  [met-by-nothing, −30]');
    const weak = directory('weak', { 'one.yaml': read('team-reliable.yaml').replace(/^competency:\n( .*\n)+/m, '') });
    expect((await proofmark('rules', 'lint', weak)).code).toBe(0);
    const strict = await proofmark('rules', 'lint', '--strict', weak);
    expect(strict.stdout).toContain('[no-competency,');
    expect(strict.code).toBe(1);
  });

  it('knows the rules beside a file that is named alone', async () => {
    const dir = directory('beside', { 'one.yaml': NOTHING_TO_DO, 'two.yaml': NOTHING_TO_DO });
    const { stdout } = await proofmark('rules', 'lint', join(dir, 'one.yaml'));
    expect(stdout).toMatch(/has a rule in .*two\.yaml as well/);
    expect(stdout).toContain('1 rule: ');
  });

  it('speaks JSON', async () => {
    const { stdout } = await proofmark('rules', 'lint', '--json', join(RULES, 'viz-designer.yaml'));
    expect(JSON.parse(stdout)).toMatchObject({
      rules: [{
        diagnostics: [], rule: { badge: 'viz-designer' }, sentences: { path: 'all' },
        findings: expect.arrayContaining([expect.objectContaining({ severity: expect.any(String) as string, message: { en: expect.any(String) as string, ko: expect.any(String) as string } })]) as object[],
      }],
    });
  });

  it('looks names up in a data directory', async () => {
    const data = join(root, 'data');
    const events = join(root, 'events.ndjson');
    const event = (id: string, more: object): string => JSON.stringify({ id, source: 'lms', course: 'sql-basics', time: '2026-03-02T09:00:00Z', ...more });
    writeFileSync(events, `${event('1', { type: 'CourseOpened' })}\n${event('2', { type: 'AssignmentPublished', activity: 'sql-a1', kind: 'assignment' })}\n`);
    const empty = directory('empty', {});
    expect((await proofmark('import', events, '--data', data, '--rules', empty)).code).toBe(0);
    const { stdout } = await proofmark('rules', 'lint', '--data', data, join(RULES, 'sql-first-steps.yaml'), join(RULES, 'sql-foundations.yaml'), join(RULES, 'viz-critic.yaml'));
    expect(stdout).toContain('no activity "sql-a2" is known; did you mean "sql-a1"?');
    expect(stdout).toContain('but the course offers 1  [more-than-offered');
    expect(stdout).toContain('no course "data-viz" is known');
  });

  it('tells of files that are no rules, whatever is in them', async () => {
    const files = { 'broken.yaml': 'badge: [', 'empty.yaml': '', 'huge.yaml': 'x'.repeat(2_000_000), 'binary.yaml': '\0\u0001\u0002' };
    const { code, stdout, stderr } = await proofmark('rules', 'lint', directory('bad', files));
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/broken\.yaml:1:\d+ /);
    expect(stdout).toContain('the file cannot be read: it is longer than 1000000 bytes');
    for (const file of Object.keys(files)) expect(stdout).toContain(`${file}   is no rule\n`);
    expect(stdout).toMatch(/4 rules: \d+ errors, 0 warnings, 0 pieces of advice\.\n$/);
  });
});

describe.each(['lint', 'test'])('proofmark rules %s', (command) => {
  it('says what it cannot find', async () => {
    const run = (...args: readonly string[]): ReturnType<typeof proofmark> => proofmark('rules', command, ...args);
    const dir = directory('no rules', { 'notes.txt': '', 'a.cases.yaml': '' });
    const [none, empty, cases, wrong] = await Promise.all([run(join(root, 'none')), run(dir), run(join(dir, 'a.cases.yaml')), run('--wrong')]);
    expect(none).toMatchObject({ code: 5, stderr: expect.stringContaining('There is no file or directory') as string });
    expect(empty).toMatchObject({ code: 5, stderr: 'proofmark: There are no rule files (.yaml) in no rules.\n' });
    expect(cases).toMatchObject({ code: 2, stderr: expect.stringContaining('is no rule file') as string });
    expect(wrong.code).toBe(2);
  });

  it('explains itself', async () => {
    const { code, stdout } = await proofmark('rules', command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`Examples:\n  proofmark rules ${command}`);
  });
});

describe('proofmark rules test', () => {
  const copy = (name: string, change: (cases: string) => string): string => {
    const dir = directory(name, {});
    for (const file of ['sql-every-week.yaml', 'sql-every-week.cases.yaml', 'viz-designer.yaml', 'viz-designer.cases.yaml']) cpSync(join(RULES, file), join(dir, file));
    const file = join(dir, 'sql-every-week.cases.yaml');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    return dir;
  };

  it('passes the rules that come with Proofmark', async () => {
    const { code, stdout, stderr } = await proofmark('rules', 'test', RULES);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('  ✓ eleven of twelve weeks are enough, and being late counts\n');
    expect(stdout).toMatch(/rules?, (\d+) cases: \1 passed\.\n$/);
  });

  it('shows what came out otherwise, with its place and the trace', async () => {
    const { code, stdout } = await proofmark('rules', 'test', copy('failing', (text) => text.replace('needed: 11 }', 'needed: 12 }')));
    expect(code).toBe(1);
    expect(stdout).toMatch(/ {2}✗ eleven of twelve weeks are enough, and being late counts\n {6}at \S+sql-every-week\.cases\.yaml:\d+\n {6}count: needed: expected 12, got 11\n/);
    expect(stdout).toContain('✓ In at least 11 different weeks: attendance marks (present or late, course day 0 to course day 83)   11 of 11 weeks   [count]');
    expect(stdout).toMatch(/2 rules, \d+ cases: \d+ passed, 1 failed\.\n$/);
  });

  it('tells of cases that cannot be read, with their place', async () => {
    const { code, stdout } = await proofmark('rules', 'test', copy('mistyped', (text) => text.replace('status: late', 'statsu: late')));
    expect(code).toBe(1);
    expect(stdout).toMatch(/sql-every-week\.cases\.yaml:\d+:\d+ "events\[3\]" has an unknown key "statsu"; did you mean "status"\?/);
    expect(stdout).toMatch(/2 rules \(1 cannot be read\), \d+ cases: \d+ passed\.\n$/);
    const huge = await proofmark('rules', 'test', copy('huge', () => '#'.repeat(2_000_000)));
    expect([huge.code, huge.stdout.includes('its cases cannot be read: it is longer than 1000000 bytes')]).toEqual([1, true]);
  });

  it('warns of a rule without cases, and with --strict fails', async () => {
    const dir = directory('untested', { 'sql-every-week.yaml': read('sql-every-week.yaml') });
    const { code, stdout } = await proofmark('rules', 'test', dir);
    expect(code).toBe(0);
    expect(stdout).toContain('warning: the rule has no example cases');
    expect(stdout).toMatch(/1 rule \(1 without cases\), 0 cases: 0 passed\.\n$/);
    expect((await proofmark('rules', 'test', '--strict', dir)).code).toBe(1);
  });

  it('speaks JSON', async () => {
    const { stdout } = await proofmark('rules', 'test', '--json', join(RULES, 'viz-designer.yaml'));
    expect(JSON.parse(stdout)).toMatchObject({ rules: [{ badge: 'viz-designer', passed: true, cases: expect.arrayContaining([expect.objectContaining({ passed: true })]) as object[] }] });
  });
});
