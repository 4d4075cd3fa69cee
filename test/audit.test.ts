import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attackerOf } from '#audit/log-under-attack.js';
import { openEngine } from '#engine/composition.js';
import { loadConfig } from '#engine/config.js';
import { openDatabase } from '#event-store/sqlite.js';
import { proofmark, type Run } from './cli.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-audit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const data = join(root, 'data');
const elsewhere = join(root, 'elsewhere');
const keys = join(elsewhere, 'verifier-keys');
const rules = join(root, 'rules');
const audit = (...args: readonly string[]): Promise<Run> => proofmark('audit', ...args);
const EVENTS = 1_500;

/** A copy of the data directory in which somebody has changed something. */
const changed = (name: string, change: (attacker: ReturnType<typeof attackerOf>) => void): string => {
  const dir = join(root, name);
  cpSync(data, dir, { recursive: true });
  const attacker = attackerOf(dir);
  change(attacker);
  attacker.close();
  return dir;
};

beforeAll(async () => {
  const file = join(root, 'events.ndjson');
  mkdirSync(rules);
  mkdirSync(elsewhere);
  const event = (i: number): string => JSON.stringify({ id: `e${i}`, source: 'lms', type: 'Enrolled', learner: `learner-${i % 100}`, course: `C${i}`, time: '2026-03-01' });
  writeFileSync(file, Array.from({ length: EVENTS }, (_none, i) => `${event(i)}\n`).join(''));
  expect((await proofmark('import', file, '--data', data, '--rules', rules)).code).toBe(0);
  for (const name of ['latest', 'verifier-keys']) copyFileSync(join(data, 'audit', 'checkpoints', name), join(elsewhere, name));
});

describe('proofmark audit', () => {
  it('finds nothing where nothing was changed, also beside a running engine', async () => {
    const alone = await audit('verify', '--data', data, '--key', keys, '--checkpoint', join(elsewhere, 'latest'));
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    expect(alone.stdout).toMatch(/^The log is as it was recorded: 1,500 records, held against 1 checkpoints, the newest of \S+ \(position 1500\)\.\n$/);
    const engine = await openEngine(loadConfig({}, { dataDir: data, rulesDirs: [rules] }));
    const beside = await audit('verify', '--data', data, '--json');
    await engine.close();
    expect(beside.code).toBe(0);
    expect(beside.stderr).toContain('The key was taken from');
    expect(JSON.parse(beside.stdout)).toMatchObject({ intact: true, records: EVENTS, uncovered: 0, checkpoints: 1, findings: [], found: 0, newest: { size: EVENTS, root: expect.any(String) as string } });
  });

  it('finds an edited record that the checksums do not tell', async () => {
    const dir = changed('edited', (attacker) => attacker.edit(1234));
    expect(await proofmark('verify-log', '--data', dir)).toMatchObject({ code: 0 });
    const { code, stdout } = await audit('verify', '--data', dir);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Position 1234: the record is not the one that was there\. It was covered by the checkpoint of \S+ \(position 1500\)\.\nThe log is not the one of the checkpoint of .*\nThe log is not as it was recorded: 2 findings in 1,500 records\. Keep the data directory as it is/);
  });

  it('finds by a checkpoint from elsewhere what nothing in the data directory tells', async () => {
    const dir = changed('cut', (attacker) => attacker.cut(1000));
    rmSync(join(dir, 'audit'), { recursive: true });
    const { code, stdout } = await audit('verify', '--data', dir, '--checkpoint', join(elsewhere, 'latest'), '--key', keys);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^The log has 999 records, and the checkpoint of \S+ \(position 1500\) is over 1500: its end was cut off/)]);
  });

  it('finds a category by which a record is not found any more', async () => {
    const dir = changed('misfiled', () => undefined);
    const db = openDatabase(join(dir, 'events.db'));
    db.exec(`UPDATE events SET category = 'award' WHERE position = 7`);
    db.close();
    expect(await audit('verify', '--data', dir)).toMatchObject({ code: 1, stdout: expect.stringContaining('the event at position 7 is filed under a wrong category') as string });
  });

  it('prints the newest checkpoint', async () => {
    expect(await audit('checkpoint', '--data', data)).toMatchObject({ code: 0, stderr: '', stdout: readFileSync(join(data, 'audit', 'checkpoints', 'latest'), 'utf8') });
  });

  it('proves a record, and checks that by the key alone', async () => {
    const proof = join(root, 'proof.json');
    const { code, stdout } = await audit('prove', '--data', data, '--position', '700');
    expect(code).toBe(0);
    writeFileSync(proof, stdout);
    const { record } = JSON.parse(stdout) as { readonly record: { readonly stream: string; readonly json: string } };
    const { course } = JSON.parse(record.json) as { readonly course: string };
    const checked = await audit('check-proof', proof, '--key', readFileSync(keys, 'utf8').trim());
    expect([checked.code, checked.stdout.split('\n').slice(1)]).toEqual([0, [record.json, '']]);
    expect(checked.stdout).toContain(`It holds: the record at position 700 (Enrolled, ${record.stream}) is under the checkpoint of `);
    expect(await audit('check-proof', proof)).toMatchObject({ code: 14, stdout: expect.stringContaining('name it with --key. It claims to be signed by localhost:3000/log-') as string });
    writeFileSync(proof, stdout.replace(course, 'C0'));
    expect(await audit('check-proof', proof, '--key', keys)).toMatchObject({ code: 1, stdout: 'It does not hold. Its record is not the one that its hash is of.\n' });
  });

  it('proves that the log continues an earlier checkpoint', async () => {
    const proof = join(root, 'continued.json');
    writeFileSync(proof, (await audit('prove', '--data', data, '--since', join(elsewhere, 'latest'))).stdout);
    expect(await audit('check-proof', proof, '--key', keys)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^It holds: .* nothing that the earlier one covers was changed\.\n$/) as string });
  });

  it.each([
    [5, 'There is no record at position 1501', ['prove', '--data', data, '--position', '1501']],
    [5, 'There is no award "nobody"', ['prove', '--data', data, 'nobody']],
    [2, 'Name what is to be proved', ['prove', '--data', data]],
    [2, 'It must be a whole number', ['prove', '--position', '-1']],
    [5, 'cannot be read', ['check-proof', join(root, 'none.json')]],
    [2, 'is no JSON', ['check-proof', keys]],
    [2, 'is no key', ['verify', '--data', data, '--key', 'a+00000000+AAAA']],
    [2, 'holds no keys', ['verify', '--data', data, '--key', join(elsewhere, 'latest')]],
    [5, 'cannot be read', ['verify', '--data', data, '--checkpoint', join(root, 'none')]],
  ])('exits with %i and says "%s"', async (code, why, args) => {
    const run = await audit(...args);
    expect([run.code, run.stdout, run.stderr]).toEqual([code, '', expect.stringContaining(why)]);
  });

  it('finds no audit where there is none', async () => {
    const dir = changed('unaudited', () => undefined);
    rmSync(join(dir, 'audit'), { recursive: true });
    for (const command of ['verify', 'checkpoint']) expect(await audit(command, '--data', dir)).toMatchObject({ code: 5, stdout: '' });
  });
});
