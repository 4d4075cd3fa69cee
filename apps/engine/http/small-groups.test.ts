import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApiOf } from './openapi.js';
import { serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

const RULES = { one: ['C1', 1], two: ['C1', 2], three: ['C1', 3], other: ['C2', 1], 'at-home': ['C3', 1] } as const;
let dir: string;
let server: ServerUnderTest;

const present = (learner: string, course: string, n: number, day: string) => ({ id: `${course}-${learner}-${n}`, source: 'lms', type: 'AttendanceMarked', learner, course, activity: `s${n}`, status: 'present', time: `${day}T09:00:00Z` });
const of = (prefix: string, many: number): readonly string[] => Array.from({ length: many }, (_none, i) => `${prefix}${String(i).padStart(2, '0')}`);
const items = ({ body }: Answer): readonly Readonly<Record<string, unknown>>[] => body['items'] as readonly Readonly<Record<string, unknown>>[];
const demo = async (body: Readonly<Record<string, unknown>>): Promise<Record<string, string>> => {
  const { headers } = await server.post('/sign-in/demo', body, { authorization: '' });
  return { authorization: '', cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'proofmark-small-'));
  for (const [badge, [course, least]] of Object.entries(RULES)) {
    writeFileSync(join(dir, `${badge}.yaml`), `badge: ${badge}\nname: { en: ${badge} }\ncriteria-text: { en: Sessions }\ncourse: ${course}\ndecides: as-soon-as-met\nwhen-corrected: review\ncriteria:\n  count: { of: attendance, status: [present], at-least: ${least} }\n`);
  }
  server = await serverUnderTest({ rulesDirs: [dir], demo: true });
  const c1 = of('a', 16);
  await server.post('/v1/events', [
    // "one" has 14 learners in March and 2 in April, "two" has 9, "three" has 2.
    ...c1.slice(0, 14).map((learner) => present(learner, 'C1', 1, '2026-03-03')),
    ...c1.slice(14).map((learner) => present(learner, 'C1', 1, '2026-04-10')),
    ...c1.slice(0, 9).map((learner) => present(learner, 'C1', 2, '2026-03-04')),
    ...c1.slice(0, 2).map((learner) => present(learner, 'C1', 3, '2026-03-05')),
    // C2 has 3 learners, C3 has 8.
    ...of('b', 3).map((learner) => present(learner, 'C2', 1, '2026-03-03')),
    ...of('c', 8).map((learner) => present(learner, 'C3', 1, '2026-03-03')),
  ]);
  await server.engine.followers.settle();
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const SUPPRESSED = { suppressed: { fewerThan: 5 } };
const UNTOLD = { active: null, suspended: null, revoked: null, expired: null };

describe('figures about few learners', () => {
  it('are not told of a badge, nor is the next smaller one from which they would follow', async () => {
    const answer = await server.get('/v1/analytics/badges');
    expect(answer.body).toMatchObject(SUPPRESSED);
    const [, one, , three, two] = items(answer);
    expect(one).toMatchObject({ badge: 'one', awards: { active: 16, suspended: 0 }, learners: 16, awardRate: 1, timeToEarn: { awards: 16, meanDays: 0 } });
    for (const badge of [two, three]) {
      expect(badge).toMatchObject({ awards: UNTOLD, learners: 16, awardRate: null, timeToEarn: { awards: null, meanDays: null } });
      expect((badge?.['timeToEarn'] as { histogram: { awards: unknown }[] }).histogram.map(({ awards }) => awards)).toEqual(Array.from({ length: 9 }, () => null));
    }
  });

  it('are told to nobody: not where badges are listed, and not to learners, instructors and auditors', async () => {
    for (const who of [{}, await demo({ role: 'auditor' }), await demo({ role: 'learner', learner: 'a00' })]) {
      const { body } = await server.get('/v1/badges/three', who);
      expect(body).toMatchObject({ awards: UNTOLD, ...SUPPRESSED });
      expect(items(await server.get('/v1/badges', who)).map(({ id, awards }) => [id, (awards as Record<string, unknown>)['active']])).toEqual([['at-home', null], ['one', 16], ['other', null], ['three', null], ['two', null]]);
    }
    expect((await server.get('/v1/badges/one')).body).not.toHaveProperty('suppressed');
  });

  it('are not told of a course, nor of the next smaller one', async () => {
    const answer = await server.get('/v1/analytics/courses');
    expect(answer.body).toMatchObject(SUPPRESSED);
    expect(items(answer)).toMatchObject([
      { course: 'C1', learners: 16, events: 27, activeAwards: 27 }, { course: 'C2', learners: null, events: null, activeAwards: null }, { course: 'C3', learners: null, events: null, activeAwards: null },
    ]);
    expect(items(await server.get('/v1/analytics/badges'))[0]).toMatchObject({ badge: 'at-home', awards: UNTOLD, learners: null, awardRate: null }); // else it would tell what "other" is
    expect((await server.get('/v1/analytics/summary')).body).toMatchObject({ learners: 27, courses: 3, events: 38, badges: 5, awards: { active: 38, suspended: 0 } });
  });

  it('are put together with their neighbours over time, in the same way whatever is asked', async () => {
    const { body } = await server.get('/v1/analytics/events-over-time?course=C1');
    expect(body).toEqual({ interval: 'day', events: [{ start: '2026-02-23', until: '2026-03-04', events: 14 }, { start: '2026-03-04', until: '2026-05-01', events: 13 }].map((one) => expect.objectContaining({ events: one.events }) as unknown) });
    const april = await server.get('/v1/analytics/events-over-time?course=C1&from=2026-04-01&to=2026-05-01');
    expect(april.body).toMatchObject({ events: [{ events: null }], ...SUPPRESSED });
    const months = (await server.get('/v1/analytics/awards-over-time?interval=month&badge=one')).body;
    expect(months).toMatchObject({ earned: [{ start: '2026-03-01', until: '2026-05-01', awarded: 16 }] });
    for (const filter of ['course=C2', 'course=C3']) expect((await server.get(`/v1/analytics/events-over-time?${filter}`)).body).toMatchObject({ events: null, ...SUPPRESSED });
    for (const filter of ['badge=two', 'badge=three', 'badge=other', 'course=C2']) expect((await server.get(`/v1/analytics/awards-over-time?${filter}`)).body).toMatchObject({ earned: null, decided: null, ...SUPPRESSED });
  });

  it('are not told of who looks at badges, nor by asking from how many awards on nobody does', async () => {
    const answer = await server.get('/v1/analytics/engagement');
    expect(answer.body).toMatchObject(SUPPRESSED);
    const [, one, , three] = items(answer);
    expect(three).toEqual({ badge: 'three', name: { en: 'three' }, course: 'C1', awarded: null, views: null, verifications: null, shares: null, sharedCredentials: null, shareRate: null, lastViewedOn: null, fatigued: null });
    expect(one).toMatchObject({ awarded: 16, views: 0 });
    expect(items(await server.get('/v1/analytics/engagement?show=fatigued&leastAwards=1&daysWithoutView=1')).map(({ badge }) => badge)).not.toContain('three');
  });

  it('do not follow from the total of a course from which a badge has moved', async () => {
    const rule = (badge: string, course: string, least: number): string => `badge: ${badge}\nname: { en: ${badge} }\ncriteria-text: { en: Sessions }\ncourse: ${course}\ndecides: as-soon-as-met\nwhen-corrected: keep\ncriteria:\n  count: { of: attendance, at-least: ${least} }\n`;
    const school = await serverUnderTest();
    try {
      const publish = async (...of: Parameters<typeof rule>): Promise<void> => expect(await school.post('/v1/rules', { source: rule(...of) })).toMatchObject({ status: 201 });
      await publish('stays', 'D1', 1);
      await publish('moves', 'D1', 2);
      await publish('there', 'D2', 1);
      const learners = of('d', 10);
      await school.post('/v1/events', [...learners.map((one) => present(one, 'D1', 1, '2026-03-03')), ...learners.slice(0, 3).map((one) => present(one, 'D1', 2, '2026-03-04')), ...of('e', 8).map((one) => present(one, 'D2', 1, '2026-03-03'))]);
      await school.engine.followers.settle();
      await publish('moves', 'D2', 2);
      await school.engine.followers.settle();
      expect(items(await school.get('/v1/analytics/badges')).filter(({ course }) => course !== 'C1').map(({ badge, awards }) => [badge, (awards as Record<string, unknown>)['active']])).toEqual([['moves', null], ['stays', 10], ['there', null]]);
      expect(items(await school.get('/v1/analytics/courses'))).toMatchObject([{ course: 'D1', activeAwards: 10 }, { course: 'D2', activeAwards: 11 }]);
    } finally {
      await school.close();
    }
  });

  it('are told where an operator wants them told', async () => {
    const open = await serverUnderTest({ rulesDirs: [dir], smallGroup: 0 });
    try {
      await open.post('/v1/events', present('ann', 'C2', 1, '2026-03-03'));
      await open.engine.followers.settle();
      expect((await open.get('/v1/analytics/courses')).body).toEqual({ items: [{ course: 'C2', learners: 1, events: 1, activeAwards: 1 }] });
      expect((await open.get('/v1/analytics/events-over-time?from=2026-03-03')).body).toEqual({ interval: 'day', events: [{ start: '2026-03-03', events: 1 }] });
      expect((await open.get('/v1/badges/other')).body).toMatchObject({ awards: { active: 1 } });
    } finally {
      await open.close();
    }
  });

  it('may be null, says the OpenAPI document of each', () => {
    const { paths, components } = openApiOf(server.app.nest);
    const schemas: Readonly<Record<string, unknown>> = components?.schemas ?? {};
    /** What is said there, with all that it refers to; of these none refers to itself. */
    const said = (schema: unknown): string => JSON.stringify(schema).replace(/"\$ref":"#\/components\/schemas\/(\w+)"/g, (_all, name: string) => said(schemas[name]));
    for (const path of ['/v1/analytics/summary', '/v1/analytics/courses', '/v1/analytics/badges', '/v1/analytics/awards-over-time', '/v1/analytics/events-over-time', '/v1/analytics/engagement', '/v1/badges', '/v1/badges/{id}']) {
      const text = said(paths[path]?.get?.responses['200']);
      expect([path, text]).toEqual([path, expect.stringMatching(/\["(number|array)","null"\]/)]);
      expect([path, text]).toEqual([path, expect.stringContaining('"suppressed"')]);
    }
  });
});

describe('figures on single credentials', () => {
  it('are for who may read the awards, and not for keys that have figures alone', async () => {
    const { body } = await server.post('/v1/access/keys', { label: 'dashboard', actions: ['analytics:read'] });
    const key = { authorization: `Bearer ${String(body['secret'])}` };
    expect((await server.get('/v1/analytics/badges', key)).status).toBe(200);
    expect((await server.get('/v1/analytics/engagement/three', key)).status).toBe(403);
    expect((await server.get('/v1/analytics/engagement/three', await demo({ role: 'learner', learner: 'a00' }))).status).toBe(404);
    expect((await server.get('/v1/analytics/engagement/three')).status).toBe(200);
  });
});
