import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverUnderTest, type Answer, type ServerUnderTest } from '../server-under-test.js';

const RULES = {
  sql: 'alignments: [{ name: SQL, framework: F, url: "https://f.example/sql" }]\n',
  'sql-more': 'alignments: [{ name: SQL, framework: F, url: "https://f.example/sql" }]\n',
  charts: '',
  rare: '',
  aside: '',
};
let dir: string;
let server: ServerUnderTest;

const of = (prefix: string, many: number): readonly string[] => Array.from({ length: many }, (_none, i) => `${prefix}${String(i).padStart(2, '0')}`);
const enrolled = (learner: string, department?: string) => ({ id: `en-${learner}`, source: 'lms', type: 'Enrolled', learner, course: 'C1', time: '2026-03-01T09:00:00Z', ...(department !== undefined && { attributes: { department } }) });
const did = (learner: string, badge: keyof typeof RULES) => ({ id: `${badge}-${learner}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: badge, time: '2026-03-02T09:00:00Z' });
const skills = async (query = '', at = server): Promise<Answer> => at.get(`/v1/analytics/skills${query}`);
const cells = ({ body }: Answer): Readonly<Record<string, unknown>> =>
  Object.fromEntries((body['groups'] as { group: string; learners: unknown; cells: { learners: unknown }[] }[]).map(({ group, learners, cells: some }) => [group, [learners, ...some.map(({ learners: many }) => many)]]));
const demo = async (body: Readonly<Record<string, unknown>>): Promise<Record<string, string>> => {
  const { headers } = await server.post('/sign-in/demo', body, { authorization: '' });
  return { authorization: '', cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
};

const [sales, research, legal] = [of('s', 10), of('r', 8), of('l', 6)];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'proofmark-skills-'));
  for (const [badge, design] of Object.entries(RULES)) {
    writeFileSync(join(dir, `${badge}.yaml`), `badge: ${badge}\nname: { en: ${badge} }\ncriteria-text: { en: A mission }\ncourse: C1\ndecides: as-soon-as-met\nwhen-corrected: revoke\n${design}criteria:\n  count: { of: missions, activity: [${badge}], at-least: 1 }\n`);
  }
  server = await serverUnderTest({ rulesDirs: [dir], demo: true });
  await server.post('/v1/events', [
    ...sales.map((learner) => enrolled(learner, 'Sales')),
    ...research.map((learner) => enrolled(learner, 'Research')),
    ...legal.map((learner) => enrolled(learner, 'Legal')),
    // SQL by either badge: 9 of sales, 7 of research, nobody of legal. Charts: 8, 2 and 5.
    ...[...sales.slice(0, 8), ...research.slice(0, 7)].map((learner) => did(learner, 'sql')),
    ...sales.slice(1, 9).map((learner) => did(learner, 'sql-more')),
    ...[...sales.slice(0, 8), ...research.slice(0, 2), ...legal.slice(0, 5)].map((learner) => did(learner, 'charts')),
    // Of two learners, and of six beside which the two are hidden.
    ...sales.slice(0, 2).map((learner) => did(learner, 'rare')),
    ...legal.map((learner) => did(learner, 'aside')),
  ]);
  await server.engine.followers.settle();
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const SQL = encodeURIComponent('https://f.example/sql');

describe('who holds which skill', () => {
  it('is counted by group and competency, each learner once, however many badges they have for it', async () => {
    const answer = await skills();
    expect(answer.body['competencies']).toMatchObject([
      { id: 'badge:aside', learners: null, badges: [{ badge: 'aside', leftOut: true }] },
      { id: 'badge:charts', name: { en: 'charts' }, learners: 15, badges: [{ badge: 'charts', course: 'C1' }] },
      { id: 'badge:rare', learners: null, badges: [{ badge: 'rare', leftOut: true }] },
      { id: 'https://f.example/sql', name: { und: 'SQL' }, framework: 'F', badges: [{ badge: 'sql' }, { badge: 'sql-more' }] },
    ]);
    expect(cells(await skills(`?competency=${SQL}`))).toEqual({ Legal: [6, 0], Research: [8, 7], Sales: [10, 9] });
    expect((await skills(`?competency=${SQL}&group=Sales`)).body).toMatchObject({ groups: [{ group: 'Sales', cells: [{ share: 0.9 }] }] });
  });

  it('is not told of few, with what it would follow from', async () => {
    const answer = await skills('?competency=badge:charts');
    expect(cells(answer)).toEqual({ Legal: [6, null], Research: [8, null], Sales: [10, null] });
    expect(answer.body).toMatchObject({ suppressed: { fewerThan: 5 } });
    expect(cells(await skills('?badge=rare'))).toEqual({ Legal: [6, null], Research: [8, null], Sales: [10, null] });
  });

  it('is counted alike whatever is asked for', async () => {
    const whole = cells(await skills());
    for (const badge of ['sql', 'sql-more']) expect(cells(await skills(`?badge=${badge}`))).toEqual(cells(await skills(`?competency=${SQL}`)));
    expect(cells(await skills('?course=C1'))).toEqual(whole);
    expect(cells(await skills('?course=C2'))).toEqual({ Legal: [6], Research: [8], Sales: [10] });
    expect((await skills('?group=')).body['groups']).toEqual([]);
  });

  it.each(['group=a&group=b', `competency=${'x'.repeat(2_001)}`, 'badge=', 'from=2026-03-01', 'minPosition=x'])('refuses %s', async (query) => {
    expect((await skills(`?${query}`)).status).toBe(400);
    expect((await server.get(`/v1/analytics/skills/learners?${query}`)).status).toBe(400);
  });

  it('leads to the learners, a page at a time', async () => {
    const seen: unknown[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body } = await server.get(`/v1/analytics/skills/learners?group=Sales&competency=${SQL}&limit=4${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body['items'] as { learner: string }[]).map(({ learner }) => learner));
      cursor = typeof body['next'] === 'string' ? body['next'] : undefined;
    }
    expect(seen).toEqual(sales.slice(0, 9));
    const { body } = await server.get('/v1/analytics/skills/learners?group=Sales&limit=1');
    expect(body['items']).toMatchObject([{ learner: 's00', group: 'Sales', held: [{ badge: 'charts', award: expect.any(String) as string }, { badge: 'rare' }, { badge: 'sql' }] }]);
  });

  it('is for who may read figures of the whole school, and the learners for who may read their awards', async () => {
    for (const [who, status] of [[{ role: 'auditor' }, 200], [{ role: 'instructor' }, 404], [{ role: 'learner', learner: 's00' }, 403], [{ role: 'operator' }, 403]] as const) {
      expect([who.role, (await server.get('/v1/analytics/skills', await demo(who))).status]).toEqual([who.role, status]);
    }
    const { body } = await server.post('/v1/access/keys', { label: 'dashboard', actions: ['analytics:read'] });
    const key = { authorization: `Bearer ${String(body['secret'])}` };
    expect((await server.get('/v1/analytics/skills', key)).status).toBe(200);
    expect((await server.get('/v1/analytics/skills/learners', key)).status).toBe(403);
  });

  it('follows what is lost, who moves, and who is erased', async () => {
    const school = await serverUnderTest({ rulesDirs: [dir], smallGroup: 0 });
    try {
      const table = async (): Promise<unknown> => {
        await school.engine.followers.settle();
        return cells(await skills('?badge=sql', school));
      };
      await school.post('/v1/events', [enrolled('ann', 'Sales'), enrolled('bob', 'Sales'), enrolled('eve'), did('ann', 'sql'), did('bob', 'sql')]);
      expect(await table()).toEqual({ Sales: [2, 2], '': [1, 0] });
      await school.post('/v1/events', { id: 'x1', source: 'lms', type: 'FactRetracted', target: 'sql-bob', learner: 'bob', time: '2026-03-05T09:00:00Z' });
      expect(await table()).toEqual({ Sales: [2, 1], '': [1, 0] });
      await school.post('/v1/events', { ...enrolled('bob', 'Legal'), id: 'en-2', course: 'C2', time: '2026-03-06T09:00:00Z' });
      expect(await table()).toEqual({ Legal: [1, 0], Sales: [1, 1], '': [1, 0] });
      await school.post('/v1/events', { id: 'x2', source: 'lms', type: 'FactReplaced', target: 'en-ann', learner: 'ann', time: '2026-03-06T09:00:00Z', changes: { attributes: { department: 'Legal' } } });
      expect(await table()).toEqual({ Legal: [2, 1], '': [1, 0] });
      expect((await school.post('/v1/learners/ann/erase', { confirm: 'ann', reason: 'asked' })).status).toBeLessThan(300);
      expect(await table()).toEqual({ Legal: [1, 0], '': [1, 0] });
    } finally {
      await school.close();
    }
  });
});
