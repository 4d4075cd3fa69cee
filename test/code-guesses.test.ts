import { randomBytes } from 'node:crypto';
import { grade, serverUnderTest, type ServerUnderTest } from '#engine/http/server-under-test.js';

const GUESSES = 100_000;
// So few addresses that most meet the limit of a minute on a slow machine, too.
const [ADDRESSES, AT_ONCE] = [4, 200];
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest();
  const events = Array.from({ length: 50 }, (_none, i) => ['a1', 'a2'].map((activity) => grade(`l${i}${activity}`, `l${i}`, activity, 90))).flat();
  expect((await server.post('/v1/events', events)).body).toMatchObject({ recorded: 100 });
  await server.engine.followers.settle();
}, 120_000);
afterAll(() => server.close());

it(`finds nothing by ${GUESSES.toLocaleString('en')} guesses of codes, of which those that could be one soon meet the limit`, async () => {
  expect(await server.engine.readModels.count('credential', { status: 'active' })).toBe(50);
  const counts: Record<number, number> = {};
  for (let at = 0; at < GUESSES; at += AT_ONCE) {
    const statuses = await Promise.all(
      Array.from({ length: AT_ONCE }, async (_none, i) => {
        const code = [...randomBytes(16)].map((byte) => CROCKFORD[byte & 31]).join('');
        return (await server.app.nest.inject({ method: 'GET', url: `/v1/verify/${code}`, remoteAddress: `10.0.0.${(at + i) % ADDRESSES}` })).statusCode;
      }),
    );
    for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  }
  expect(Object.keys(counts).sort()).toEqual(['404', '429']); // no 200
  expect(counts[429]).toBeGreaterThan(GUESSES / 100);
}, 600_000);
