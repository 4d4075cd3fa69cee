import { dirname, join } from 'node:path';
import { openDatabase } from '#event-store/sqlite.js';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest();
});
afterAll(() => server.close());

describe('a log that turns out to be damaged', () => {
  it('takes no more events, and says why', async () => {
    await server.post('/v1/events', [grade('a1', 'ann', 'E1', 80), grade('b1', 'bob', 'E1', 80)]);
    await server.engine.followers.settle();
    const log = openDatabase(join(server.engine.config.dataDir, 'events.db'));
    log.exec(`UPDATE events SET json = replace(json, '"score":80', '"score":81') WHERE stream IN (SELECT id FROM streams WHERE name = 'learner-default.ann')`);
    log.close();

    const unavailable = { status: 503, body: { type: 'urn:proofmark:problem:unavailable', detail: expect.stringMatching(/is damaged: .* Restore it from a backup/) as string } };
    expect(await server.get('/v1/learners/ann/badges/essays/explanation')).toMatchObject(unavailable);
    const head = await server.engine.store.head();
    expect(await server.post('/v1/events', grade('b2', 'bob', 'E2', 80))).toMatchObject({ ...unavailable, headers: { 'retry-after': '5' } });
    expect(await server.engine.store.head()).toBe(head);
    expect(await server.get('/health/ready')).toMatchObject({ status: 503, body: { checks: expect.arrayContaining([{ name: 'store', ok: false, detail: unavailable.body.detail }]) as object[] } });
    for (const path of ['/health/ready', '/v1/learners/ann/badges/essays/explanation']) {
      const { text } = await server.get(path);
      expect([path, text.includes('events.db'), text.includes(dirname(server.engine.config.dataDir))]).toEqual([path, true, false]); // where it is, is nobody's
    }
    const { body } = await server.get('/health/ready', { authorization: '' });
    expect((body['checks'] as readonly object[]).map((check) => Object.keys(check).join())).toEqual((body['checks'] as readonly object[]).map(() => 'name,ok')); // why it is so neither
    expect((await server.get('/metrics')).text).toMatch(/^proofmark_log_writable 0$/m);
    expect(await server.get('/v1/learners/bob/timeline')).toMatchObject({ status: 200 });
  });
});
