import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofmark, start } from '../cli.js';
import { appears, auditLog, headOf } from './engine-process.js';

/*
 * The drill for a lost key, with the real program: it is killed when the key has been given up, and again when some credentials have
 * been signed anew, and started once more.
 */

// Issuing signs anew by 500 events of the log, so that there is a middle to be killed in.
const LEARNERS = 1200;
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

const mission = (learner: string, n: number) => ({ id: `${learner}-m${n}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: `m${n}`, time: `2026-03-0${n}T09:00:00Z` });

describe('giving a key up', () => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-drill-'));
  const dataDir = join(dir, 'data');
  const where = ['--data', dataDir, '--rules', dir];
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const keys = async (): Promise<readonly string[]> => {
    const { code, stdout } = await proofmark('keys', 'list', 'academy', ...where);
    expect(code).toBe(0);
    return stdout.trim().split('\n');
  };
  const proving = (lines: readonly string[], status: string): readonly string[] => lines.filter((line) => line.includes('Ed25519') && line.includes(status));

  it(`signs ${LEARNERS} credentials anew through two kills, under the same codes and never by the lost key`, async () => {
    writeFileSync(join(dir, 'two-missions.yaml'), RULE);
    const events = Array.from({ length: LEARNERS }, (_, i) => [mission(`l${i}`, 1), mission(`l${i}`, 2)]).flat();
    writeFileSync(join(dir, 'events.jsonl'), events.map((event) => JSON.stringify(event)).join('\n'));
    expect((await proofmark('import', join(dir, 'events.jsonl'), ...where)).code).toBe(0);
    const before = await auditLog(dataDir);
    expect(before).toMatchObject({ issued: LEARNERS, renewed: 0, documents: LEARNERS, flaws: [] });
    const [lost = ''] = proving(await keys(), 'signing').map((line) => line.split(' ')[0]);
    expect(new Set(Object.values(before.codes).map(({ kid }) => kid))).toEqual(new Set([lost]));

    const drill = ['keys', 'compromised', 'academy', lost, '--reason', 'a stolen laptop', ...where];
    const head = await headOf(dataDir);
    for (const moment of ['IssuerKeyCompromised', 'CredentialRenewed']) {
      const { child, ended } = start(...drill);
      await appears(dataDir, moment, head);
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
    }
    const middle = await auditLog(dataDir);
    expect(middle.renewed).toBeGreaterThan(0);
    expect(middle.renewed).toBeLessThan(LEARNERS);
    // What the lost key has signed verifies no more, whether it was signed anew or not.
    expect(middle.flaws).toHaveLength(LEARNERS - middle.renewed);

    const last = await proofmark(...drill);
    expect([last.code, last.stderr]).toEqual([0, '']);
    const after = await auditLog(dataDir);
    expect(after).toMatchObject({ issued: LEARNERS, renewed: LEARNERS, documents: LEARNERS, flaws: [] });
    const [next = ''] = proving(await keys(), 'signing').map((line) => line.split(' ')[0]);
    expect(next).not.toBe(lost);
    expect(after.codes).toEqual(Object.fromEntries(Object.entries(before.codes).map(([credential, { code }]) => [credential, { code, kid: next }])));
    expect(proving(await keys(), 'compromised')).toEqual([expect.stringMatching(new RegExp(`^${lost} .* 0 credentials$`))]);
  }, 8 * MINUTES);
});
