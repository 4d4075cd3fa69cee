import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keysIn } from '#audit/checkpoint-files.js';
import { openCheckpoint } from '#audit/checkpoint.js';
import { attackerOf } from '#audit/log-under-attack.js';
import { checkProof, proofOfAward } from '#audit/proof.js';
import type { AuditStatus } from '#audit/auditing.js';
import { grade, serverUnderTest, type ServerUnderTest } from '../http/server-under-test.js';
import { AUDIT_DIR } from './auditing.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-audit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const dataDir = join(root, 'data');
const checkpointsDir = join(dataDir, AUDIT_DIR, 'checkpoints');

const until = async (server: ServerUnderTest, is: (audit: AuditStatus) => boolean): Promise<AuditStatus> => {
  for (;;) {
    const { audit } = server.engine.followers.status();
    if (audit && is(audit)) return audit;
    await sleep(10);
  }
};
const checkOf = async (server: ServerUnderTest): Promise<unknown> => {
  const { status, body } = await server.get('/health/ready');
  return { status, audit: (body['checks'] as readonly { readonly name: string }[]).find(({ name }) => name === 'audit') };
};
const NOBODY = { authorization: '' };
const latest = (dir: string): unknown => openCheckpoint(readFileSync(join(dir, 'latest'), 'utf8'), keysIn(readFileSync(join(dir, 'verifier-keys'), 'utf8')) ?? []);

describe('the engine', () => {
  it('keeps an audit of everything that it records, signs it when it stops, and proves awards', async () => {
    const copy = join(root, 'copy');
    const server = await serverUnderTest({ dataDir, auditCopyDir: copy });
    await until(server, ({ checkpoint }) => checkpoint !== undefined); // so the next one is a minute away
    await server.post('/v1/events', [grade('a1', 'ann', 'E1', 80), grade('a2', 'ann', 'E2', 80)]);
    await server.engine.followers.settle();
    const head = await server.engine.store.head();
    await until(server, ({ position }) => position === head);
    expect(await checkOf(server)).toEqual({ status: 200, audit: { name: 'audit', ok: true } });
    const { items } = (await server.get('/v1/awards?learner=ann')).body as { readonly items: readonly { readonly id: string }[] };
    const award = items[0]?.id ?? '';
    expect(await server.get(`/v1/awards/${award}/proof`)).toMatchObject({ status: 503, headers: { 'retry-after': '60' }, body: { type: 'urn:proofmark:problem:not-audited-yet' } });
    await server.close();
    expect(latest(checkpointsDir)).toMatchObject({ position: head });
    expect(latest(copy)).toEqual(latest(checkpointsDir));

    const again = await serverUnderTest({ dataDir });
    const proof = await proofOfAward({ log: again.engine.store, dir: join(dataDir, AUDIT_DIR) }, award);
    expect(proof.record).toMatchObject({ type: 'BadgeAwarded', stream: `award-${award}` });
    expect(checkProof(JSON.parse(JSON.stringify(proof)), keysIn(readFileSync(join(copy, 'verifier-keys'), 'utf8')) ?? [])).toMatchObject({ holds: true, record: proof.record });
    // The same over HTTP, for who may see the award; the checkpoint and the keys are for everybody.
    const given = await again.get(`/v1/awards/${award}/proof`);
    expect(given).toMatchObject({ status: 200, headers: { 'content-disposition': `attachment; filename="${award}.proof.json"`, 'cache-control': 'private, no-cache' }, body: proof });
    expect((await again.get(`/v1/awards/${award}/proof`, NOBODY)).status).toBe(401);
    expect((await again.get('/v1/awards/none/proof')).status).toBe(404);
    expect(await again.get('/v1/audit/checkpoint', NOBODY)).toMatchObject({ status: 200, text: proof.checkpoint });
    const keys = await again.get('/v1/audit/keys', NOBODY);
    expect(checkProof(given.body, keysIn(keys.text) ?? [])).toMatchObject({ holds: true });
    await again.close();
  });

  it('goes on where checkpoints cannot be copied, and says so', async () => {
    const copy = join(root, 'in the way');
    writeFileSync(copy, '');
    const server = await serverUnderTest({ dataDir, auditCopyDir: copy });
    const { copyProblem } = await until(server, (audit) => audit.copyProblem !== undefined);
    expect(await checkOf(server)).toEqual({ status: 200, audit: { name: 'audit', ok: true, detail: `Checkpoints are not copied: ${copyProblem}` } });
    await server.close();
  });

  it('stops the audit, and says why, where the log is not what was recorded; deciding goes on', async () => {
    const attacker = attackerOf(dataDir);
    attacker.edit(2);
    attacker.close();
    const before = readFileSync(join(checkpointsDir, 'latest'), 'utf8');
    const server = await serverUnderTest({ dataDir });
    const { reason } = await until(server, ({ state }) => state === 'parked');
    expect(reason).toMatch(/^The log is not what the audit has recorded: the record at position 2 is not the one that was recorded\./);
    // Without where the data are.
    expect(await checkOf(server)).toEqual({ status: 503, audit: { name: 'audit', ok: false, detail: reason?.replaceAll(`${dataDir}/`, '') } });
    await server.post('/v1/events', [grade('b1', 'bob', 'E1', 80), grade('b2', 'bob', 'E2', 80)]);
    await server.engine.followers.settle();
    expect((await server.get('/v1/awards?learner=bob')).body).toMatchObject({ items: [{ state: 'active' }] });
    await server.close();
    expect(readFileSync(join(checkpointsDir, 'latest'), 'utf8')).toBe(before);
  });
});
