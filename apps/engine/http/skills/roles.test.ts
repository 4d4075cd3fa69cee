import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverUnderTest, type ServerUnderTest } from '../server-under-test.js';

const BADGES = ['one', 'two', 'three'] as const;
let dir: string;
let server: ServerUnderTest;

const of = (many: number): readonly string[] => Array.from({ length: many }, (_none, i) => `p${String(i).padStart(2, '0')}`);
const did = (learner: string, badge: string) => ({ id: `${badge}-${learner}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: badge, time: '2026-03-02T09:00:00Z' });
const enrolled = (learner: string) => ({ id: `en-${learner}`, source: 'lms', type: 'Enrolled', learner, course: 'C1', time: '2026-03-01T09:00:00Z' });
const rangesAt = async (at: ServerUnderTest): Promise<unknown> => {
  await at.engine.followers.settle();
  const { body } = await at.get('/v1/analytics/roles');
  return (body['items'] as { ranges: { from: number; to: number; learners: unknown }[] }[]).map(({ ranges }) => ranges.map(({ from, to, learners }) => [from, to, learners]));
};
/** The first so many learners have each badge. */
const school = async (many: number, badges: readonly (readonly [string, number])[], smallGroup?: number): Promise<ServerUnderTest> => {
  const made = await serverUnderTest({ rulesDirs: [dir], demo: true, ...(smallGroup !== undefined && { smallGroup }) });
  await made.post('/v1/events', [...of(many).map(enrolled), ...badges.flatMap(([badge, most]) => of(most).map((learner) => did(learner, badge)))]);
  await made.engine.followers.settle();
  return made;
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'proofmark-roles-'));
  const head = (badge: string): string => `badge: ${badge}\nname: { en: ${badge} }\ncriteria-text: { en: Done }\ndecides: as-soon-as-met\nwhen-corrected: revoke\n`;
  for (const badge of BADGES) writeFileSync(join(dir, `${badge}.yaml`), `${head(badge)}course: C1\ncriteria:\n  count: { of: missions, activity: [${badge}], at-least: 1 }\n`);
  writeFileSync(join(dir, 'maker.yaml'), `${head('maker')}role: { en: Maker, ko: 메이커 }\ncriteria:\n  badges: { badge: [one, two, three], at-least: 2 }\n`);
  server = await school(40, [['one', 30], ['two', 20], ['three', 10]]);
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('how far people are on the way to a role', () => {
  it('is told as how many hold none, one, … all of its badges', async () => {
    const { body } = await server.get('/v1/analytics/roles');
    expect(body).toEqual({ items: [{ role: 'maker', name: { en: 'Maker', ko: '메이커' }, holders: 20, badges: [['one'], ['two'], ['three']].map((some) => ({ badges: some.map((badge) => ({ badge, name: { en: badge } })) })), ranges: [0, 1, 2, 3].map((held) => ({ from: held, to: held, learners: 10 })) }] });
  });

  it('leads to the learners, with what they hold and what is missing', async () => {
    const { body } = await server.get('/v1/analytics/roles/maker/learners?from=2&to=2&limit=1');
    expect(body).toMatchObject({ items: [{ learner: 'p10', hasRole: true, held: [{ badge: 'one' }, { badge: 'two' }], missing: [['three']] }], next: expect.any(String) as string });
    const seen: unknown[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: Readonly<Record<string, unknown>> = (await server.get(`/v1/analytics/roles/maker/learners?from=3&limit=4${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...(page['items'] as { learner: string; hasRole: boolean }[]).map(({ learner, hasRole }) => [learner, hasRole]));
      cursor = typeof page['next'] === 'string' ? page['next'] : undefined;
    }
    expect(seen).toEqual(of(10).map((learner) => [learner, true]));
    for (const role of ['one', 'nothing']) expect((await server.get(`/v1/analytics/roles/${role}/learners`)).status).toBe(404);
    for (const wrong of ['from=-1', 'to=x', 'from=1&from=2', 'cursor=abc']) expect([wrong, (await server.get(`/v1/analytics/roles/maker/learners?${wrong}`)).status]).toEqual([wrong, 400]);
  });

  it('is told of several numbers together where few hold so many, or not at all', async () => {
    const few = await school(40, [['one', 30], ['two', 20], ['three', 18]]);
    try {
      expect(await rangesAt(few)).toEqual([[[0, 1, 20], [2, 3, 20]]]);
      expect((await few.get('/v1/analytics/roles')).body).toMatchObject({ suppressed: { fewerThan: 5 } });
      await few.post('/v1/events', of(38).slice(30).map((learner) => did(learner, 'one')));
      expect(await rangesAt(few)).toEqual([[[0, 3, null]]]); // all but two of the school have it
    } finally {
      await few.close();
    }
  });

  it('follows what is lost and who is erased, and shows few where that is wanted', async () => {
    const open = await school(3, [['one', 3], ['two', 2]], 0);
    try {
      expect(await rangesAt(open)).toEqual([[[0, 0, 0], [1, 1, 1], [2, 2, 2], [3, 3, 0]]]);
      await open.post('/v1/events', { id: 'x1', source: 'lms', type: 'FactRetracted', target: 'two-p00', learner: 'p00', time: '2026-03-05T09:00:00Z' });
      expect(await rangesAt(open)).toEqual([[[0, 0, 0], [1, 1, 2], [2, 2, 1], [3, 3, 0]]]);
      expect((await open.post('/v1/learners/p01/erase', { confirm: 'p01', reason: 'asked' })).status).toBe(200);
      expect(await rangesAt(open)).toEqual([[[0, 0, 0], [1, 1, 2], [2, 2, 0], [3, 3, 0]]]);
    } finally {
      await open.close();
    }
  });

  it('is for who may read figures of the whole school, and the learners for who may read their awards', async () => {
    const { body } = await server.post('/v1/access/keys', { label: 'dashboard', actions: ['analytics:read'] });
    const key = { authorization: `Bearer ${String(body['secret'])}` };
    expect((await server.get('/v1/analytics/roles', key)).status).toBe(200);
    expect((await server.get('/v1/analytics/roles/maker/learners', key)).status).toBe(403);
  });
});
