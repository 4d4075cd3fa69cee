import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#event-store/embedded.js';
import { proofmark, type Run } from './cli.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-verify-'));
const data = join(root, 'data');
const LEARNERS = 3_000;
const verify = (...args: readonly string[]): Promise<Run> => proofmark('verify-log', ...args);

beforeAll(async () => {
  const file = join(root, 'events.ndjson');
  const rules = join(root, 'rules');
  mkdirSync(rules);
  const event = (i: number): string => JSON.stringify({ id: `e${i}`, source: 'lms', type: 'Enrolled', learner: `learner-${i}`, course: 'C1', time: '2026-03-01' });
  writeFileSync(file, Array.from({ length: LEARNERS }, (_, i) => event(i)).join('\n'));
  expect((await proofmark('import', file, '--data', data, '--rules', rules)).code).toBe(0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy of the data with some bytes of the log changed. */
const damaged = (name: string, change: (log: Buffer) => void): string => {
  const dir = join(root, name);
  mkdirSync(dir);
  copyFileSync(join(data, 'events.db'), join(dir, 'events.db'));
  const log = readFileSync(join(dir, 'events.db'));
  change(log);
  writeFileSync(join(dir, 'events.db'), log);
  return dir;
};

describe('proofmark verify-log', () => {
  it('counts what is in an intact log, beside a running engine as well', async () => {
    const said = `The log is intact: 3,000 events in 3,000 streams, each with its checksum and in its place.\n`;
    expect(await verify('--data', data)).toMatchObject({ code: 0, stdout: said, stderr: '' });
    const running = await openEmbedded({ dir: data });
    expect(await verify('--data', data)).toMatchObject({ code: 0, stdout: said });
    await running.close();
  });

  it('says how far it is, and what came of it, as JSON', async () => {
    const { stdout, stderr } = await verify('--data', data, '--json');
    expect(JSON.parse(stdout)).toEqual({ intact: true, events: LEARNERS, streams: LEARNERS, problems: [] });
    expect(stderr.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([1000, 2000, 3000].map((done) => ({ progress: { done, total: LEARNERS } })));
  });

  it('says what is wrong with a damaged one, and where', async () => {
    const altered = await verify('--data', damaged('altered', (log) => log.write('LEARNER', log.indexOf('"e1700"') + 1)));
    expect(altered).toMatchObject({ code: 1, stderr: '' });
    expect(altered.stdout).toMatch(/is damaged: the event at position 1701 does not match its checksum\. .*\nThe log is damaged; 1,000 events were read before that was found\./);
    const other = await verify('--data', damaged('other', (log) => log.fill('x', 0, 60)), '--json');
    expect([other.code, JSON.parse(other.stdout)]).toEqual([1, { intact: false, events: 0, streams: 0, problems: [expect.any(String)] }]);
  });

  it('finds no log where there is none', async () => {
    const none = join(root, 'none');
    expect(await verify('--data', none)).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining(`There is no directory ${none}. Name the data directory with --data`) as string });
  });

  it('is in the help', async () => {
    expect((await proofmark('--help')).stdout).toContain('verify-log');
    expect((await verify('--help')).stdout).toContain('Exit codes: 0 intact; 1 damaged');
  });
});
