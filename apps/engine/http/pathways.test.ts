import { serverUnderTest, grade, type ServerUnderTest } from './server-under-test.js';

const ROLE = `
badge: writer
name: { en: Writer, ko: 작가 }
criteria-text: { en: Holds Essays and Present }
role: { en: Writer, ko: 작가 }
decides: as-soon-as-met
when-corrected: revoke
criteria: { badges: { badge: [essays, present] } }
`;

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest();
  await server.post('/v1/rules', { source: ROLE });
  await server.post('/v1/events', [grade('1', 'ana', 'A1', 90), grade('2', 'ana', 'A2', 90), { id: 'att', source: 'lms', type: 'AttendanceMarked', learner: 'ana', course: 'C1', activity: 'S1', time: '2026-03-04', status: 'present' }]);
  await server.engine.followers.settle();
});
afterAll(() => server.close());

describe("a learner's way to a role", () => {
  it('stands in the growth path, with what is earned and what is begun, and the step that leads on', async () => {
    const { status, body } = await server.get('/v1/learners/ana/growth-path');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      pathways: [
        {
          badge: 'writer',
          role: { en: 'Writer', ko: '작가' },
          stops: [{ value: 1, needed: 2, places: [{ steps: [{ badge: 'essays', state: 'earned', award: { status: 'active' } }] }, { steps: [{ badge: 'present', state: 'in-progress', closeness: 0.33 }] }] }],
        },
      ],
      nextStep: { text: { en: '2 more attendance marks' }, helps: [{ badge: 'present', completes: true }], roles: [{ badge: 'writer' }] },
    });
  });

  it('turns to lost with the award that it rests on', async () => {
    await server.post('/v1/events', { id: 'fix', source: 'lms', type: 'FactReplaced', target: '1', learner: 'ana', time: '2026-03-09', changes: { score: 10 } });
    await server.engine.followers.settle();
    const { body } = await server.get('/v1/learners/ana/growth-path');
    expect(body).toMatchObject({ pathways: [{ stops: [{ value: 0, places: [{ steps: [{ badge: 'essays', state: 'lost', award: { status: 'suspended' } }] }, {}] }] }] });
  });
});
