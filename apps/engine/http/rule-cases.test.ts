import { invited } from './people-under-test.js';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const SOURCE = `badge: essays-well
name: { en: Essays Well Written }
criteria-text: { en: Two graded essays with an average of at least 70 % }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  all:
    - count: { of: grades, distinct: activity, at-least: 2 }
    - mean: { of: grades, at-least: 70 }
`;
const OF_BADGES = `badge: all-round
name: { en: All Round }
criteria-text: { en: Holds both }
decides: as-soon-as-met
when-corrected: review
criteria: { badges: { badge: [essays, present] } }
`;

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest();
  const more = (event: object, over: object) => ({ ...event, ...over });
  await server.post('/v1/events', [
    { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C1', title: 'Essays', start: '2026-03-02T00:00:00+09:00', timezone: 'Asia/Seoul', time: '2026-03-01T00:00:00Z' },
    more(grade('g-1', 'ann@example.org', 'e1', 60), { attributes: { marker: 'Dr. Kim' }, occurrence: 'upload-77', title: 'Essay of Ann' }),
    more(grade('g-2', 'ann@example.org', 'e2', 90), { time: '2026-03-09T01:02:03Z' }),
    { id: 'ok-1', source: 'desk', type: 'ApprovalGiven', learner: 'ann@example.org', course: 'C1', badge: 'essays', approver: 'kim@example.org', time: '2026-03-10T00:00:00Z' },
    { id: 'fix-1', source: 'lms', type: 'FactReplaced', target: 'g-1', learner: 'ann@example.org', changes: { score: 80 }, time: '2026-03-11T00:00:00Z' },
    more(grade('g-3', 'ann@example.org', 'e3', 10), { course: 'C2' }),
    { id: 'take-back', source: 'lms', type: 'FactRetracted', target: 'g-3', learner: 'ann@example.org', time: '2026-03-12T00:00:00Z' },
    more(grade('g-4', 'bob', 'e1', 90), { course: 'C2' }),
    ...Array.from({ length: 201 }, (_none, i) => grade(`m-${i}`, 'many', `e${i}`, 90)),
    ...Array.from({ length: 201 }, (_none, i) => ({ id: `s-${i}`, source: 'lms', type: 'AttendanceMarked', learner: 'often', course: 'C1', activity: `s${i}`, status: 'present', time: '2026-03-05T10:00:00Z' })),
    grade('o-1', 'often', 'e1', 90),
  ]);
  await server.engine.followers.settle();
});
afterAll(() => server.close());

const make = (body: object, headers: Record<string, string> = {}) => server.post('/v1/rules/case', { source: SOURCE, learner: 'ann@example.org', ...body }, headers);
const text = (body: Readonly<Record<string, unknown>>, key: string): string => {
  const found = body[key];
  if (typeof found !== 'string') throw new Error(`no text in ${key}: ${JSON.stringify(body)}`);
  return found;
};

describe('POST /v1/rules/case', () => {
  it('makes a file of what is recorded of a learner in the course, which passes at once', async () => {
    const { status, body } = await make({});
    expect([status, body['case']]).toEqual([200, 'like a learner of Essays who earned it on day 7']);
    const cases = text(body, 'cases');
    expect(cases.replace(/now: .*/, 'now: …')).toBe(`# yaml-language-server: $schema=cases.schema.json
course:
  start: 2026-03-02
  timezone: Asia/Seoul
cases:
  - case: like a learner of Essays who earned it on day 7
    events:
      - { type: AssignmentGraded, activity: e1, occurrence: try-1, score: 60, max: 100, time: day 3 19:00 }
      - { type: AssignmentGraded, activity: e2, score: 90, max: 100, time: day 7 10:02 }
      - { type: ApprovalGiven, badge: essays, approver: t-1, time: day 8 09:00 }
      - { type: FactReplaced, target: e1, changes: { score: 80 }, time: day 9 09:00 }
    now: …
    expect:
      awarded: true
      earned: day 7 10:02
      criteria:
        all[0].count: { met: true, value: 2 }
        all[1].mean: { met: true, value: 85 }
`);
    expect((await server.post('/v1/rules/test', { source: SOURCE, cases })).body).toMatchObject({ passed: true, cases: [{ passed: true }] });
    expect((await server.post('/v1/rules/test', { source: SOURCE.replace('at-least: 70', 'at-least: 86'), cases })).body).toMatchObject({ passed: false });
  });

  it('adds to the cases that there are, and keeps every byte of them', async () => {
    const before = '# mine\ncourse: { start: 2026-01-05 }   # another one\ncases:\n- case: nothing\n  expect: { awarded: false }  # of course\n';
    const { body } = await make({ cases: before });
    const cases = text(body, 'cases');
    expect(cases.startsWith(before)).toBe(true);
    expect(cases).toContain('\n  course:\n    start: 2026-03-02\n    timezone: Asia/Seoul\n');
    expect((await server.post('/v1/rules/test', { source: SOURCE, cases })).body).toMatchObject({ passed: true, cases: [{ case: 'nothing' }, { case: body['case'] }] });
  });

  it('knows a learner by another name of theirs, and says none', async () => {
    const { text: said } = await make({});
    for (const word of ['ann', 'Ann', 'kim', 'Kim', 'g-1', 'upload', 'lms', 'desk', 'e3']) expect([word, said.includes(word)]).toEqual([word, false]);
  });

  it('leaves out what the rule does not look at where that is too much, and refuses what is too much then', async () => {
    const often = text((await make({ learner: 'often' })).body, 'cases');
    expect(often).toContain('# What the rule does not look at is left out.');
    expect(often.match(/type: /g)).toHaveLength(1);
    expect((await server.post('/v1/rules/test', { source: SOURCE, cases: often })).body).toMatchObject({ passed: true });
    expect(await make({ learner: 'many' })).toMatchObject({ status: 422, body: { type: 'urn:proofmark:problem:case-impossible', detail: expect.stringContaining('201 events') as unknown } });
  });

  it.each<[string, object, number, string]>([
    ['a learner who is not in the course', { learner: 'bob' }, 404, 'Nothing is recorded in the course'],
    ['a learner whom nobody knows', { learner: 'nobody' }, 404, 'Nothing is recorded in the course'],
    ['a rule without a course', { source: OF_BADGES }, 422, 'rests on badges and approvals alone'],
    ['a text that is no rule', { source: 'badge: x' }, 422, 'is no rule'],
    ['cases that cannot be read', { cases: 'cases: 1' }, 422, 'cannot be read'],
    ['cases in brackets', { cases: 'cases: [{ case: x, expect: { awarded: false } }]' }, 422, 'dash'],
    ['no learner', { learner: '' }, 400, 'learner'],
    ['more than it knows', { more: 1 }, 400, 'more'],
  ])('refuses %s', async (_what, body, status, detail) => {
    const answer = await make(body);
    expect([answer.status, answer.text.includes(detail) || answer.text]).toEqual([status, true]);
  });

  it('says what is wrong in what it was sent', async () => {
    expect((await make({ source: 'badge: x' })).body['diagnostics']).not.toEqual([]);
    expect((await make({ cases: 'cases: 1' })).body).toMatchObject({ diagnostics: [{ line: 1, column: 8, message: '"cases" is not a list' }] });
  });

  it('is for who tries rules of the course and may see its learners', async () => {
    const [ina, ivo, lee] = [await invited(server, 'ina', ['instructor'], ['C1']), await invited(server, 'ivo', ['instructor'], ['C2']), await invited(server, 'lee', ['learner'])];
    expect((await make({}, ina.as)).status).toBe(200);
    expect((await make({}, ivo.as)).status).toBe(404);
    expect((await make({}, lee.as)).status).toBe(403);
    // A rule of another course, for a badge that nobody has yet: ann is in C2 as well.
    expect((await make({ source: SOURCE.replace('course: C1', 'course: C2') }, ina.as)).status).toBe(404);
    const key = async (actions: readonly string[]) => ({ authorization: `Bearer ${String((await server.post('/v1/access/keys', { label: 'x', actions, courses: ['C1'] })).body['secret'])}` });
    expect((await make({}, await key(['rule:try']))).status).toBe(403);
    expect((await make({}, await key(['rule:try', 'learner:read']))).status).toBe(200);
  });

  it('keeps nothing, and knows nobody who was erased', async () => {
    const head = await server.engine.store.head();
    await make({});
    expect(await server.engine.store.head()).toBe(head);
    expect((await server.post('/v1/learners/often/erase', { confirm: 'often', reason: 'asked' })).status).toBe(200);
    await server.engine.followers.settle();
    expect((await make({ learner: 'often' })).status).toBe(404);
  });
});
