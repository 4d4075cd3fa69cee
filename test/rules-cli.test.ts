import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofmark, type Run } from './cli.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-rules-'));
const data = join(root, 'data');
const empty = join(root, 'no-rules');
const draft = join(root, 'draft.yaml');
const rule = (badge: string, needed: number, more = ''): string => `badge: ${badge}
name: { en: Marked }
criteria-text: { en: Marked }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  count: { of: grades, distinct: activity, at-least: ${needed} }
${more}`;
const write = (needed: number, file = draft, badge = 'marked'): string => {
  writeFileSync(file, rule(badge, needed));
  return file;
};
const LEARNERS = 300;
const event = (learner: number, activity: number): string =>
  JSON.stringify({ id: `g${learner}-${activity}`, source: 'lms', type: 'AssignmentGraded', learner: `l${learner}`, course: 'C1', activity: `E${activity}`, time: `2026-03-0${activity}T10:00:00Z`, score: 50, max: 100 });

const on = ['--data', data, '--rules', empty];
const rules = (...args: readonly string[]): Promise<Run> => proofmark('rules', ...args, ...(args[0] === 'lint' ? on.slice(0, 2) : on));
const awards = async (state: string): Promise<number> => (await proofmark('awards', '--badge', 'marked', '--state', state, '--ndjson', ...on)).stdout.split('\n').filter(Boolean).length;

beforeAll(async () => {
  mkdirSync(empty);
  const lines = Array.from({ length: LEARNERS }, (_, i) => [event(i, 1), ...(i % 3 === 0 ? [event(i, 2)] : [])]).flat();
  const file = join(root, 'events.ndjson');
  writeFileSync(file, lines.join('\n'));
  expect((await proofmark('import', file, ...on)).code).toBe(0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('proofmark rules', () => {
  it('tries a draft, publishes it, and tries another version against it', async () => {
    const tried = await rules('backtest', write(1), '--json');
    expect(tried.code).toBe(0);
    expect(JSON.parse(tried.stdout)).toMatchObject({ badge: 'marked', complete: true, eligible: LEARNERS, earned: LEARNERS });
    expect(tried.stderr.trim().split('\n').map((line) => JSON.parse(line) as unknown).at(-1)).toEqual({ progress: { done: LEARNERS, total: LEARNERS } });

    for (const by of ['ana@school.example', 'Ana <ana@school.example>', ' ']) expect([by, (await rules('publish', draft, '--by', by)).code]).toEqual([by, 2]);
    const published = await rules('publish', draft, '--by', 'teaching-office');
    expect(published).toMatchObject({ code: 0, stdout: expect.stringContaining('a new badge, marked version 1') as string });
    expect(published.stdout).toContain('published marked version 1');
    expect(await awards('active')).toBe(LEARNERS);
    expect(await rules('publish', draft)).toMatchObject({ code: 0, stdout: expect.stringContaining('marked version 1 is live as it is') as string });

    const against = await rules('backtest', write(2), '--against', 'live', '--limit', '2');
    expect(against.code).toBe(0);
    expect(against.stdout).toContain('200  no longer earned');
    expect(against.stdout).toContain('no longer earned, the first 2 of 200:');
    expect(against.stdout).toMatch(/before 1 of 1, met; after 1 of 2, not met/);
  });

  it('says in lint how many earn a badge, where it has data to look at', async () => {
    const lint = async (needed: number): Promise<Run> => rules('lint', write(needed, join(root, 'linted.yaml'), 'linted'));
    const alone = await proofmark('rules', 'lint', write(1, join(root, 'linted.yaml'), 'linted'));
    expect(alone.stdout).toContain('Names and award rates were not looked up; --data DIR does.');
    expect(alone.stdout).not.toContain('[nearly-');
    const easy = await lint(1);
    expect(easy.stdout).toContain(`${LEARNERS} of ${LEARNERS} learners earned it  [nearly-everybody`);
    expect(easy.stdout).toContain('Award rates on what is recorded were looked at, of 1 rule.');
    expect((await lint(2)).stdout).not.toContain('[nearly-');
    const json = await rules('lint', write(3, join(root, 'linted.yaml'), 'linted'), '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ backtested: 1, rules: [{ findings: expect.arrayContaining([expect.objectContaining({ code: 'nearly-nobody' })]) as object[] }] });
    expect(json.stderr).toContain(`{"progress":{"done":${LEARNERS},"total":${LEARNERS}}}`);
  });

  it('publishes for the past only after it showed what that does, and asks', async () => {
    expect(await rules('publish', draft, '--backfill')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
    const done = await rules('publish', draft, '--backfill', '--yes');
    expect(done.code).toBe(0);
    expect(done.stdout).toContain('200  suspended until a person decides');
    expect(done.stdout).toContain('100  with another date');
    expect(done.stdout).toContain('published marked version 2');
    expect([await awards('active'), await awards('suspended')]).toEqual([100, 200]);
  });

  it('retires a badge, which stays so when an engine starts with its file, and publishes it again', async () => {
    const retired = await rules('retire', 'marked', '--reason', 'replaced');
    expect(retired).toMatchObject({ code: 0, stdout: expect.stringContaining('100 active awards stay') as string });
    const files = join(root, 'files');
    mkdirSync(files);
    write(2, join(files, 'marked.yaml'));
    const more = join(root, 'more.ndjson');
    writeFileSync(more, [event(1, 2), event(400, 1), event(400, 2)].join('\n'));
    await proofmark('import', more, '--data', data, '--rules', files);
    expect(await awards('active')).toBe(101); // a suspended award is judged by its version still, and nobody gets a new one
    expect(await rules('backtest', 'marked')).toMatchObject({ code: 5, stderr: expect.stringContaining('marked@2') as string });
    const again = await rules('publish', join(files, 'marked.yaml'));
    expect(again.stdout).toContain('was retired and comes back as version 3');
  });

  it('publishes a rule of high stakes at once, and says that nobody else was asked', async () => {
    const file = join(root, 'high.yaml');
    writeFileSync(file, rule('high', 1, 'stakes: high\n'));
    const done = await rules('publish', file);
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('without a second person, who would be asked over HTTP: high') as string });
    expect(done.stdout).toContain('published high version 1');
  });

  it('publishes nothing where one file is wrong, and says where', async () => {
    const good = write(1, join(root, 'good.yaml'), 'good');
    const bad = write(0, join(root, 'bad.yaml'), 'bad');
    const run = await rules('publish', good, bad);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/bad\.yaml:8:\d+ /);
    expect(run.stdout).toBe('');
    expect(await rules('backtest', bad)).toMatchObject({ code: 2, stderr: expect.stringMatching(/bad\.yaml:8:\d+ /) as string });
    expect(await rules('backtest', 'good')).toMatchObject({ code: 5 });
  });

  it.each([
    [['backtest', 'none.yaml'], 5], [['backtest', 'marked@9'], 5], [['backtest', 'marked@1', '--against', '9'], 5], [['backtest', 'marked', '--limit', 'x'], 2],
    [['backtest'], 2], [['publish', 'none.yaml'], 5], [['publish'], 2], [['retire', 'marked'], 2], [['retire', 'unknown', '--reason', 'r'], 5], [['nonsense'], 2],
  ])('ends %j with %d', async (args, code) => {
    const run = await rules(...args);
    expect(run.code).toBe(code);
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it.each(['backtest', 'publish', 'retire'])('helps with %s', async (command) => {
    expect(await proofmark('rules', command, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Example') as string });
  });
});
