import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest({ maxLogBytes: 400_000 });
});
afterAll(() => server.close());

describe('a log that is full', () => {
  it('turns intake away for now and keeps answering reads', async () => {
    let refused = await server.post('/v1/events', grade('first', 'ana', 'A1', 70));
    for (let batch = 0; refused.status === 200 && batch < 100; batch++) {
      refused = await server.post('/v1/events', Array.from({ length: 200 }, (_, i) => grade(`${batch}-${i}`, `l${i}`, `A${batch}`, 50)));
    }
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, body: { type: 'urn:proofmark:problem:unavailable' } });
    expect(await server.get('/v1/learners/ana/timeline')).toMatchObject({ status: 200 });
    expect(await server.get('/v1/analytics/summary')).toMatchObject({ status: 200 });
    expect(await server.get('/metrics')).toMatchObject({ status: 200 });
    const { sent, recorded, duplicates, deadLettered } = server.engine.intake.account;
    expect(sent).toBe(recorded + duplicates + deadLettered);
  });

  it('makes deciding and issuing wait, which is told, and both go on where there is room', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'proofmark-full-'));
    const full = await serverUnderTest({ dataDir, maxLogBytes: 600_000 });
    let status = 200;
    for (let batch = 0; status === 200; batch++) {
      ({ status } = await full.post('/v1/events', Array.from({ length: 100 }, (_, i) => grade(`${batch}-${i}`, `l${batch}-${i >> 1}`, `A${i % 2}`, 90))));
    }
    expect(status).toBe(503);
    const followers = () => [full.engine.followers.status().awarding, full.engine.followers.status().issuing];
    while (!followers().some(({ state }) => state === 'waiting')) await new Promise((resolve) => setImmediate(resolve));
    expect(followers().map(({ state }) => state)).not.toContain('parked');
    const { body } = await full.get('/health/ready');
    expect(body).toMatchObject({ status: 'not ready', checks: expect.arrayContaining([expect.objectContaining({ name: 'store', ok: false })]) as unknown });
    await full.close();

    const roomy = await serverUnderTest({ dataDir });
    const awards = await roomy.engine.readModels.find('award', {});
    const credentials = await roomy.engine.readModels.find('credential', {});
    expect(awards.length).toBeGreaterThan(0);
    expect(credentials.map(({ award }) => award as string).sort()).toEqual(awards.map(({ award }) => award as string).sort());
    expect(roomy.engine.followers.status()).toMatchObject({ awarding: { state: 'running' }, issuing: { state: 'running' } });
    await roomy.close();
    rmSync(dataDir, { recursive: true, force: true });
  }, 120_000);
});
