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
});
