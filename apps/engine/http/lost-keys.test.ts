import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grade, serverUnderTest } from './server-under-test.js';

const dataDir = mkdtempSync(join(tmpdir(), 'proofmark-lost-keys-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

describe('a key ring that is lost', () => {
  it('stops issuing and nothing else, and the engine says so', async () => {
    const before = await serverUnderTest({ dataDir });
    await before.post('/v1/events', [grade('a1', 'ann', 'E1', 80), grade('a2', 'ann', 'E2', 80)]);
    await before.engine.followers.settle();
    expect((await before.get('/health/ready')).status).toBe(200);
    await before.close();
    rmSync(join(dataDir, 'keys', 'keyring.jwe'));

    const server = await serverUnderTest({ dataDir });
    await server.post('/v1/events', [grade('b1', 'bob', 'E1', 80), grade('b2', 'bob', 'E2', 80)]);
    await expect(server.engine.followers.settle()).rejects.toThrow(/Issuing credentials has stopped: .* Restore the ring/);
    const stopped = { state: 'parked', reason: expect.stringContaining('Restore the ring') as string };
    expect(await server.get('/health/ready')).toMatchObject({ status: 503, body: { checks: expect.arrayContaining([{ name: 'issuing', ok: false, detail: stopped.reason }]) as object[] } });
    expect((await server.get('/metrics')).text).toMatch(/^proofmark_follower_parked\{follower="issuing"\} 1$/m);
    expect((await server.get('/v1/projections')).body).toMatchObject({ awarding: { state: 'running' }, issuing: stopped });
    expect((await server.get('/v1/awards?learner=bob')).body).toMatchObject({ items: [{ state: 'active' }] });
    await server.close();
  });
});
