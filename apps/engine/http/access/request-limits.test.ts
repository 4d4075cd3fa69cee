import { serverUnderTest, type ServerUnderTest } from '../server-under-test.js';

const NOBODY = { authorization: '' };

describe('requests', () => {
  let server: ServerUnderTest;
  beforeEach(async () => {
    server = await serverUnderTest({ requestsPerSecond: { address: 0.5, person: 1, key: 2 } }); // ten times as many at once
  }, 120_000);
  afterEach(() => server.close());

  const times = async (n: number, ask: () => Promise<{ readonly status: number }>): Promise<Readonly<Record<number, number>>> => {
    const counts: Record<number, number> = {};
    for (let i = 0; i < n; i++) {
      const { status } = await ask();
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  };

  it('of who does not show who they are are counted by address, and those of who does by who they are', async () => {
    const { body } = await server.post('/v1/access/keys', { label: 'x', actions: ['badge:read'] });
    const key = { authorization: `Bearer ${String(body['secret'])}` };
    const open = await times(40, () => server.get('/verify', NOBODY));
    expect(open[429]).toBeGreaterThan(20);
    const refused = await server.get('/v1/badges', NOBODY);
    expect([refused.status, Number(refused.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
    // From the same address, in the name of a key: another account.
    expect((await server.get('/v1/badges', key)).status).toBe(200);
  });

  it('of what pages are made of are not counted', async () => {
    expect(await times(40, () => server.get('/app/fonts.css', NOBODY))).toEqual({ 200: 40 });
    expect((await server.get('/app/fonts.css', NOBODY)).headers['cache-control']).toBe('public, max-age=86400');
  });

  it('with keys that are none run out soon, whatever keys they are', async () => {
    const counts = await times(40, () => server.get('/v1/badges', { authorization: `Bearer pmk_${'0'.repeat(16)}_${'1'.repeat(52)}` }));
    expect(counts[401]).toBeLessThan(10);
    expect(counts[429]).toBeGreaterThan(30);
  });

  it('of a key and of a person have a measure each', async () => {
    const { body } = await server.post('/v1/access/keys', { label: 'x', actions: ['badge:read'] });
    const key = { authorization: `Bearer ${String(body['secret'])}` };
    const byKey = await times(60, () => server.get('/v1/badges', key));
    const byPerson = await times(60, () => server.get('/v1/badges'));
    expect(byKey[200]).toBeGreaterThanOrEqual(20);
    expect(byPerson[200]).toBeGreaterThanOrEqual(9);
    expect(byKey[429]).toBeGreaterThan(10);
    expect(byPerson[429]).toBeGreaterThan(20);
  });
});
