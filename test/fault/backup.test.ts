import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openEngine } from '#engine/composition.js';
import { loadConfig } from '#engine/config.js';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import { openEmbeddedReader } from '#event-store/embedded.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { Manifest } from '../../apps/cli/backup/manifest.js';
import { proofmark, start, startIn, type Started } from '../cli.js';
import type { AuditedLog } from './audit-log.js';
import { appears, auditLog, startEngine } from './engine-process.js';

/*
 * The real engine takes events in, awards and signs while the real program backs its data directory up; and that program is killed.
 */

const root = mkdtempSync(join(tmpdir(), 'proofmark-backup-fault-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const place = (name: string): string => join(root, name);
const [data, rules, backup, restored] = ['data', 'rules', 'backup', 'restored'].map(place) as [string, string, string, string];
const MINUTES = 60_000;

const RULE = `
badge: two-missions
name: { en: Two Missions }
criteria-text: { en: Two missions done. }
issuer: academy
course: C1
decides: as-soon-as-met
when-corrected: keep
criteria:
  count: { of: missions, at-least: 2 }
`;

interface Sent {
  readonly id: string;
  readonly learner: string;
}
const mission = (learner: string, n: number): Sent & Readonly<Record<string, string>> => ({ id: `${learner}-m${n}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: `m${n}`, time: `2026-03-0${n}T09:00:00Z` });
const attended = (learner: string, n: number): Sent & Readonly<Record<string, string>> => ({ id: `${learner}-s${n}`, source: 'lms', type: 'AttendanceMarked', learner, course: 'C1', activity: `s${n}`, status: 'present', time: '2026-03-05T09:00:00Z' });
/** So many earn the badge: each credential that is looked at takes its time. */
const EARN = 30;
/** One learner of a batch earns the badge; the others are there. */
const batchOf = (n: number): readonly Sent[] => [mission(`l${n}`, 1), ...(n < EARN ? [mission(`l${n}`, 2)] : []), ...Array.from({ length: 98 }, (_, i) => attended(`l${n}-${i % 14}`, i))];

const post = async (url: string, events: readonly Sent[]): Promise<void> => {
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: JSON.stringify(events) });
  if (answer.status !== 200) throw new Error(`status ${answer.status}: ${await answer.text()}`);
};

const eventsOf = async (dir: string): Promise<readonly RecordedEvent[]> => {
  const store = await openEmbeddedReader(dir);
  const events = await store.readAll({ after: 0, limit: 1_000_000 });
  await store.close();
  return events;
};
const learningEvents = (events: readonly RecordedEvent[]): readonly string[] =>
  events.filter(({ stream }) => stream.startsWith('learner-')).map(({ json }) => (JSON.parse(json) as { id: string }).id);
const keysOf = ({ codes }: AuditedLog): readonly string[] => [...new Set(Object.values(codes).map(({ kid }) => kid))];

/** Everything is decided and signed. */
const settled = async (dataDir: string): Promise<void> => {
  const engine = await openEngine(loadConfig({}, { dataDir, rulesDirs: [rules] }));
  await engine.followers.settle();
  await engine.close();
};
/** Who has which badge since when. */
const awardsIn = async (dataDir: string): Promise<readonly string[]> => {
  const { stdout } = await proofmark('awards', '--ndjson', '--data', dataDir, '--rules', rules);
  return stdout.trim().split('\n').map((line) => {
    const { award, learner, badge, status, earnedAt } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return JSON.stringify({ award, learner, badge, status, earnedAt });
  }).sort();
};

describe('a backup while the engine takes events in', () => {
  const sent: Sent[] = [];
  const acknowledged = new Set<string>();
  /** What had been acknowledged when the backup began, and when it was whole. */
  let before: ReadonlySet<string> = new Set();
  let after = 0;

  beforeAll(async () => {
    mkdirSync(rules);
    writeFileSync(join(rules, 'two-missions.yaml'), RULE);
    const engine = await startEngine(data, rules);
    let [batches, done] = [0, false];
    const load = async (): Promise<void> => {
      while (!done) {
        const events = batchOf(batches++);
        sent.push(...events);
        await post(engine.url, events);
        for (const { id } of events) acknowledged.add(id);
      }
    };
    const loads = [load(), load(), load()];
    await appears(data, 'CredentialIssued', 0);
    before = new Set(acknowledged);
    const run = await proofmark('backup', backup, '--data', data);
    after = acknowledged.size;
    // As a copy of the file that somebody makes without knowing what belongs to it.
    mkdirSync(place('naive'));
    copyFileSync(join(data, 'events.db'), place('naive/events.db'));
    done = true;
    await Promise.all(loads);
    await engine.kill();
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(await proofmark('restore', backup, '--data', restored)).toMatchObject({ code: 0 });
  }, 5 * MINUTES);

  it('does not hold the engine up', () => expect(after).toBeGreaterThan(before.size));

  it('has the log as it was at one position: every event that was acknowledged before, none that is out of order', async () => {
    const [all, kept] = [await eventsOf(data), await eventsOf(restored)];
    const { log } = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as Manifest;
    expect(log).toEqual({ position: kept.length, events: kept.length });
    expect(kept.map(({ id, json, stream }) => [id, json, stream])).toEqual(all.slice(0, kept.length).map(({ id, json, stream }) => [id, json, stream]));
    const ids = new Set(learningEvents(kept));
    expect([...before].filter((id) => !ids.has(id))).toEqual([]);
    expect(before.size).toBeGreaterThan(0);
    expect((await proofmark('verify-log', '--data', restored)).code).toBe(0);
  });

  it('would not, had the file been copied as it stands there', async () => {
    const ids = new Set(await eventsOf(place('naive')).then(learningEvents, () => []));
    expect([...before].filter((id) => !ids.has(id))).not.toEqual([]);
  });

  it('comes back to life: what was signed verifies, the awards are those of the same events, and the same key signs on', async () => {
    const kept = learningEvents(await eventsOf(restored));
    const signedBefore = keysOf(await auditLog(restored));
    expect(signedBefore).toHaveLength(1);
    // Without its passphrase nothing is signed, and no other key is made.
    expect((await proofmark('keys', 'list', 'academy', '--data', restored, '--rules', rules)).stderr).toContain('is lost');
    copyFileSync(join(data, 'keys/passphrase'), join(restored, 'keys/passphrase'));
    await settled(restored);
    const audit = await auditLog(restored);
    expect(audit.flaws).toEqual([]);
    expect(audit.documents).toBeGreaterThan(0);

    const byId = new Map(sent.map((event) => [event.id, event]));
    writeFileSync(place('prefix.ndjson'), kept.map((id) => JSON.stringify(byId.get(id))).join('\n'));
    expect((await proofmark('import', place('prefix.ndjson'), '--data', place('fresh'), '--rules', rules)).code).toBe(0);
    const awards = await awardsIn(restored);
    expect(awards).toEqual(await awardsIn(place('fresh')));
    expect(awards.length).toBe(audit.active.length);

    const engine = await startEngine(restored, rules);
    const [head] = [(await eventsOf(restored)).length];
    await post(engine.url, [mission('later', 1), mission('later', 2)]);
    await appears(restored, 'CredentialIssued', head);
    await engine.stop();
    expect((await proofmark('audit', 'verify', '--data', restored)).stdout).toMatch(/^The log is as it was recorded: .*(?<!under none yet\.)\n$/);
    const later = await auditLog(restored);
    expect([later.flaws, later.issued]).toEqual([[], audit.issued + 1]);
    expect(keysOf(later)).toEqual(signedBefore);
  }, 5 * MINUTES);

  it('takes what sources send again, and is then where the engine was', async () => {
    const engine = await startEngine(restored, rules);
    for (let at = 0; at < sent.length; at += 500) await post(engine.url, sent.slice(at, at + 500));
    await engine.kill();
    const ids = learningEvents(await eventsOf(restored));
    expect(new Set(ids)).toEqual(new Set([...sent.map(({ id }) => id), 'later-m1', 'later-m2']));
    expect(ids).toHaveLength(new Set(ids).size);
  }, 5 * MINUTES);
});

describe('a backup that is killed', () => {
  const killed = place('killed');
  const content = `${killed}.partial/content`;
  /** Copied last, and for long enough to be met in the middle. */
  const last = `${content}/data/audit/large`;
  beforeAll(() => {
    mkdirSync(join(data, 'audit'), { recursive: true });
    writeFileSync(join(data, 'audit/large'), Buffer.alloc(30_000_000));
  });
  afterEach(() => rmSync(killed, { recursive: true, force: true }));

  const backing = async (moment: string): Promise<Started> => {
    const started = start('backup', killed, '--data', data);
    while (!existsSync(moment) && started.child.exitCode === null) await turn();
    return started;
  };
  /** Sends the signal as soon as something is there; again where the program was done before. */
  const endedBy = async (signal: NodeJS.Signals, moment: string): Promise<void> => {
    for (;;) {
      const { child, ended } = await backing(moment);
      child.kill(signal);
      if ((await ended).signal === signal) return;
      rmSync(killed, { recursive: true });
    }
  };

  it.each([content, `${content}/data/events.db`, `${content}/data/keys/keyring.jwe`, last].map((path) => [path.slice(root.length), path]))(
    'when %s is there, leaves nothing that is whole, and the next one is made all the same',
    async (_what, moment) => {
      await endedBy('SIGKILL', moment);
      expect(existsSync(killed)).toBe(false);
      expect((await proofmark('backup-verify', killed)).code).toBe(5);
      expect((await proofmark('backup-verify', content)).code).toBe(1);
      expect((await proofmark('backup', killed, '--data', data)).code).toBe(0);
      expect([existsSync(`${killed}.partial`), (await proofmark('backup-verify', killed)).code]).toEqual([false, 0]);
    },
  );

  it('leaves an archive that is seen to be cut off', async () => {
    const { child, ended } = startIn({ env: { TMPDIR: root } }, 'backup', '-', '--data', data);
    const chunks: Buffer[] = [];
    child.stdout?.removeAllListeners('data').on('data', (chunk: string) => {
      chunks.push(Buffer.from(chunk));
      child.kill('SIGKILL'); // the pipe holds less than the archive
    });
    expect((await ended).signal).toBe('SIGKILL');
    writeFileSync(place('cut.tar'), Buffer.concat(chunks));
    expect(await proofmark('backup-verify', place('cut.tar'))).toMatchObject({ code: 1 });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s clears up what it has made', async (signal) => {
    await endedBy(signal, last);
    expect(readdirSync(root).filter((name) => name.startsWith('killed'))).toEqual([]);
  });

  it('is refused while another process makes the same one', async () => {
    const { child, ended } = await backing(`${killed}.partial/content`);
    child.kill('SIGSTOP');
    expect(await proofmark('backup', killed, '--data', data)).toMatchObject({ code: 3, stderr: expect.stringContaining('is making') as string });
    child.kill('SIGCONT');
    expect((await ended).code).toBe(0);
  });
});

it('a restore that is killed leaves no data directory, and the next one is made all the same', async () => {
  cpSync(backup, place('source'), { recursive: true });
  const to = place('target');
  const { child, ended } = start('restore', place('source'), '--data', to);
  while (!existsSync(`${to}.partial/content/events.db`) && child.exitCode === null) await turn();
  child.kill('SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
  expect(existsSync(to)).toBe(false);
  expect((await proofmark('restore', place('source'), '--data', to)).code).toBe(0);
  expect([existsSync(`${to}.partial`), (await proofmark('verify-log', '--data', to)).code]).toEqual([false, 0]);
});
