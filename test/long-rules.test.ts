import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedReader } from '#event-store/embedded.js';
import { proofmark, start, type Run } from './cli.js';

/* Work on all that is recorded, ended in the middle of it: by Ctrl+C, and by kill -9. */

const LEARNERS = 2_500;
const root = mkdtempSync(join(tmpdir(), 'proofmark-long-'));
const none = join(root, 'rules');
const events = join(root, 'events.ndjson');
const rule = (name: string, criteria: string): string => {
  const file = join(root, `${name}.yaml`);
  writeFileSync(file, `badge: marked\nname: { en: Marked }\ncriteria-text: { en: Marked }\ncourse: C1\ndecides: as-soon-as-met\nwhen-corrected: revoke\ncriteria:\n${criteria}\n`);
  return file;
};
const once = rule('once', '  count: { of: grades, distinct: activity, at-least: 1 }');
const twice = rule('twice', '  count: { of: grades, distinct: activity, at-least: 2 }');
const long = rule('long', `  all:\n${Array.from({ length: 199 }, (_, i) => `    - count: { of: grades, at-least: ${1 + (i % 2)} }`).join('\n')}`);

const at = (dir: string): readonly string[] => ['--data', join(root, dir), '--rules', none];
const run = async (dir: string, ...args: readonly string[]): Promise<Run> => {
  const done = await proofmark(...args, ...at(dir));
  expect(done).toMatchObject({ code: 0 });
  return done;
};
/** What happened to every award, in the order of its stream. */
const awardsIn = async (dir: string): Promise<ReadonlyMap<string, string>> => {
  const log = await openEmbeddedReader(join(root, dir));
  const histories = new Map<string, string>();
  for (let after = 0; ; ) {
    const page = await log.readAll({ after, limit: 1_000, categories: ['award'] });
    for (const { stream, type } of page) histories.set(stream, [histories.get(stream) ?? '', type].join(' '));
    const last = page.at(-1);
    if (!last) break;
    after = last.position;
  }
  await log.close();
  return histories;
};
const changed = (histories: ReadonlyMap<string, string>): number => [...histories.values()].filter((history) => history !== ' BadgeAwarded').length;

beforeAll(async () => {
  mkdirSync(none);
  const grade = (learner: number, activity: number): string =>
    JSON.stringify({ id: `g${learner}-${activity}`, source: 'lms', type: 'AssignmentGraded', learner: `l${learner}`, course: 'C1', activity: `E${activity}`, time: `2026-03-0${activity}T10:00:00Z`, score: 50, max: 100 });
  writeFileSync(events, Array.from({ length: LEARNERS }, (_, i) => [grade(i, 1), ...(i % 2 === 0 ? [grade(i, 2)] : [])]).flat().join('\n'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('proofmark rules backtest', () => {
  it('ends at Ctrl+C, says so, prints what was done until then, and leaves nothing behind', async () => {
    await run('interrupted', 'import', events);
    const log = async (): Promise<string> => (await proofmark('verify-log', '--data', join(root, 'interrupted'))).stdout;
    const before = await log();
    const { child, ended } = start('rules', 'backtest', long, '--json', ...at('interrupted'));
    // The first line of progress comes before any of the work.
    child.stderr?.once('data', () => child.kill('SIGINT'));
    const { code, stdout } = await ended;
    const result = JSON.parse(stdout) as { readonly done: number; readonly eligible: number };
    expect([code, result]).toMatchObject([130, { complete: false, total: LEARNERS }]);
    expect(result.done).toBeLessThan(LEARNERS);
    expect(result.eligible).toBe(result.done);
    expect(await log()).toBe(before);
    expect((await proofmark('rules', 'backtest', once, '--json', ...at('interrupted'))).code).toBe(0);
  });
});

describe('proofmark rules publish --backfill', () => {
  it('that is killed while it judges the past is completed by whoever starts next, each award once', async () => {
    await run('whole', 'import', events);
    await run('whole', 'rules', 'publish', once);
    cpSync(join(root, 'whole'), join(root, 'killed'), { recursive: true });
    await run('whole', 'rules', 'publish', twice, '--backfill', '--yes');
    const expected = await awardsIn('whole');
    expect([expected.size, changed(expected)]).toEqual([LEARNERS, LEARNERS]);

    const { child, ended } = start('rules', 'publish', twice, '--backfill', '--yes', ...at('killed'));
    while (changed(await awardsIn('killed')) === 0) expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    expect(changed(await awardsIn('killed'))).toBeLessThan(LEARNERS);

    const listed = (await run('killed', 'awards', '--state', 'active', '--ndjson')).stdout.trim().split('\n');
    expect(listed).toHaveLength(LEARNERS / 2);
    expect(await awardsIn('killed')).toEqual(expected);
    expect((await proofmark('verify-log', '--data', join(root, 'killed'))).code).toBe(0);
  }, 180_000);
});
