import { invited } from './people-under-test.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest({ tenants: [{ tenant: 'other', rulesDirs: [] }] });
  const offer = (type: string, course: string, activity: string, day: number, more: object = {}) => ({ id: `${course}-${type}-${activity}`, source: 'lms', type, course, activity, time: `2026-03-0${day}T09:00:00Z`, ...more });
  await server.post('/v1/events', [
    { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C1', title: 'Writing', time: '2026-03-01T00:00:00Z' },
    offer('SessionHeld', 'C1', 's1', 2, { kind: 'lab' }),
    offer('AssignmentPublished', 'C1', 'a1', 3, { kind: 'essay', tags: ['long', 'graded'], title: 'First Essay' }),
    offer('MissionPublished', 'C1', 'm1', 4, { tags: ['long'] }),
    offer('MissionPublished', 'C2', 'm2', 5, { tags: ['drawn'] }),
    // What was offered, corrected.
    { id: 'fix', source: 'lms', type: 'FactReplaced', target: 'C1-MissionPublished-m1', course: 'C1', changes: { title: 'Letters' }, time: '2026-03-06T09:00:00Z' },
  ]);
  await server.post('/t/other/v1/events', { id: 'x', source: 'lms', type: 'MissionPublished', course: 'C9', activity: 'm9', tags: ['foreign'], time: '2026-03-02T09:00:00Z' });
  const level = (badge: string, rank: number) => `badge: ${badge}\nname: { en: ${badge} }\ncriteria-text: { en: One }\ncourse: C1\ndecides: as-soon-as-met\nwhen-corrected: review\nlevel: { of: prose, rank: ${rank}, name: { en: L } }\nissuer: hanbit\ncriteria: { count: { of: missions, at-least: ${rank} } }\n`;
  for (const [badge, rank] of [['second', 2], ['first', 1], ['gone', 3]] as const) expect((await server.post('/v1/rules', { source: level(badge, rank) })).status).toBe(201);
  expect((await server.post('/v1/rules/gone/retire', { reason: 'over' })).status).toBe(200);
  await server.engine.followers.settle();
});
afterAll(() => server.close());

describe('GET /v1/rules/names', () => {
  it('has what is offered, the latest first, and every badge, level and issuer', async () => {
    const { status, body } = await server.get('/v1/rules/names');
    expect([status, body]).toEqual([200, {
      courses: [{ id: 'C2' }, { id: 'C1', title: 'Writing' }],
      activities: [
        { id: 'm2', type: 'MissionPublished', tags: ['drawn'] },
        { id: 'm1', title: 'Letters', type: 'MissionPublished', tags: ['long'] },
        { id: 'a1', title: 'First Essay', type: 'AssignmentPublished', kind: 'essay', tags: ['graded', 'long'] },
        { id: 's1', type: 'SessionHeld', kind: 'lab' },
      ],
      tags: ['drawn', 'graded', 'long'],
      kinds: ['essay', 'lab'],
      badges: [{ id: 'essays', name: { en: 'Essays', ko: '에세이' } }, { id: 'first', name: { en: 'first' } }, { id: 'present', name: { en: 'Present' } }, { id: 'second', name: { en: 'second' } }],
      levels: [{ of: 'prose', ranks: [1, 2] }],
      issuers: ['hanbit'],
    }]);
  });

  it('is of one course where it is asked for, and knows nothing of one that is not there', async () => {
    expect((await server.get('/v1/rules/names?course=C2')).body).toMatchObject({ courses: [{ id: 'C2' }, { id: 'C1' }], activities: [{ id: 'm2' }], tags: ['drawn'], kinds: [] });
    expect((await server.get('/v1/rules/names?course=C9')).body).toMatchObject({ activities: [], tags: [], kinds: [] });
    expect((await server.get('/v1/rules/names?course=')).status).toBe(400);
  });

  it('stops at two thousand activities, and says so', async () => {
    const many = Array.from({ length: 2_001 }, (_none, i) => ({ id: `n${i}`, source: 'lms', type: 'MissionPublished', course: 'C3', activity: `n${i}`, time: new Date(Date.UTC(2026, 3, 1, 0, i)).toISOString() }));
    for (let i = 0; i < many.length; i += 500) expect((await server.post('/v1/events', many.slice(i, i + 500))).status).toBe(200);
    const { body } = await server.get('/v1/rules/names?course=C3');
    const activities = body['activities'] as readonly { readonly id: string }[];
    expect([activities.length, activities[0]?.id, activities.at(-1)?.id, body['more']]).toEqual([2_000, 'n2000', 'n1', true]);
  });

  it('is for who reads rules', async () => {
    const [ina, lee] = [await invited(server, 'ina', ['instructor'], ['C1']), await invited(server, 'lee', ['learner'])];
    expect((await server.get('/v1/rules/names', ina.as)).status).toBe(200);
    expect((await server.get('/v1/rules/names', lee.as)).status).toBe(403);
    expect((await server.get('/v1/rules/names', { authorization: '' })).status).toBe(401);
  });

  it('says the same under another address of its own school alone', async () => {
    const { text } = await server.get('/t/other/v1/rules/names');
    expect(text).toContain('foreign');
    expect((await server.get('/v1/rules/names')).text).not.toContain('foreign');
  });
});

it('says of the newest version that its rule is retired, and why', async () => {
  const { body } = await server.get('/v1/rules/gone/versions');
  expect(body).toMatchObject({ items: [{ version: 1, retired: { reason: 'over' } }] });
});
