import { serverUnderTest, type ServerUnderTest } from '../server-under-test.js';

let server: ServerUnderTest;

const of = (prefix: string, many: number): readonly string[] => Array.from({ length: many }, (_none, i) => `${prefix}${String(i).padStart(2, '0')}`);
const enrolled = (learner: string, day: string) => ({ id: `en-${learner}`, source: 'lms', type: 'Enrolled', learner, course: 'C1', time: `${day}T08:00:00Z` });
const grades = (learner: string, day: string) => [1, 2].map((n) => ({ id: `g${n}-${learner}`, source: 'lms', type: 'AssignmentGraded', learner, course: 'C1', activity: `A${n}`, time: `${day}T10:00:00Z`, score: 90, max: 100 }));
const figures = async (query: string): Promise<Readonly<Record<string, unknown>>> => (await server.get(`/v1/analytics/figures?${query}`)).body;

const [march, april] = [of('m', 8), of('a', 6)];

beforeAll(async () => {
  server = await serverUnderTest({ demo: true });
  await server.post('/v1/events', [
    ...march.flatMap((learner) => [enrolled(learner, '2026-03-02'), ...grades(learner, '2026-03-06')]),
    ...april.flatMap((learner) => [enrolled(learner, '2026-04-01'), ...grades(learner, '2026-04-09')]),
    // Two who come between the months.
    ...['x', 'y'].flatMap((learner) => [enrolled(learner, '2026-03-20'), ...grades(learner, '2026-03-24')]),
  ]);
  await server.engine.followers.settle();
}, 120_000);
afterAll(() => server.close());

describe('the figures of a time', () => {
  it('are what happened in it', async () => {
    expect(await figures('from=2026-03-01&to=2026-04-01')).toMatchObject({ learners: 10, daysToEarn: { value: expect.closeTo(4.083, 2) as number, untold: 0 }, verifications: { value: 0 } });
    expect(await figures('from=2026-04-01&to=2026-05-01&course=C1')).toMatchObject({ learners: 6, daysToEarn: { value: expect.closeTo(8.083, 2) as number } });
    expect(await figures('from=2025-01-01&to=2026-01-01')).toEqual({ awarded: { value: 0, untold: 0 }, learners: 0, daysToEarn: { value: null, untold: 0 }, shareRate: { value: null, untold: 0 }, verifications: { value: 0, untold: 0 } });
    expect(await figures('')).toMatchObject({ awarded: { value: 16 }, learners: 16, shareRate: { value: 0, untold: 0 } });
    expect(await figures('badge=present')).toMatchObject({ awarded: { value: 0 }, learners: 16 });
  });

  it('are not told where the time is cut beside few', async () => {
    expect(await figures('from=2026-03-16&to=2026-04-01')).toMatchObject({ learners: null, daysToEarn: { value: null, untold: 1 }, suppressed: { fewerThan: 5 } });
    expect(await figures('from=2026-03-01&to=2026-03-16')).toMatchObject({ learners: null, daysToEarn: { value: null, untold: 1 } });
  });

  it('are of credentials that were shared for the first time', async () => {
    const { body } = await server.get('/v1/awards?limit=500');
    const codes: string[] = [];
    // Many, since codes are drawn by chance and of few it may not be certain that they are five.
    for (const { id } of (body['items'] as { id: string; learner: string }[]).filter(({ learner }) => /^[am]/.test(learner))) {
      const award = (await server.get(`/v1/awards/${id}`)).body;
      if (typeof award['credential'] === 'string') codes.push(award['credential']);
    }
    expect(codes).toHaveLength(14);
    for (const code of codes) expect((await server.post(`/v1/credentials/${code}/shares`, { to: 'linkedin' }, { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' })).status).toBe(201);
    await server.engine.followers.settle();
    expect(await figures('')).toMatchObject({ shareRate: { value: 14 / 16, untold: 0 } });
  });

  it.each(['from=yesterday', 'badge=a&badge=b', 'interval=day', 'to='])('refuse %s', async (query) => {
    expect((await server.get(`/v1/analytics/figures?${query}`)).status).toBe(400);
  });

  it('are for who may read figures, of their courses', async () => {
    const { headers } = await server.post('/sign-in/demo', { role: 'learner', learner: 'm00' }, { authorization: '' });
    expect((await server.get('/v1/analytics/figures', { authorization: '', cookie: String(headers['set-cookie']).split(';')[0] ?? '' })).status).toBe(403);
  });
});
