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
const CASES = `course: { start: 2026-03-02 }
cases:
  - case: two are enough
    events:
      - { type: AssignmentGraded, activity: a, score: 70, max: 100, time: day 1 }
      - { type: AssignmentGraded, activity: b, score: 70, max: 100, time: day 2 }
    expect: { awarded: true, earned: day 2 }
  - case: one is not
    events: [{ type: AssignmentGraded, activity: a, score: 70, max: 100, time: day 1 }]
    expect: { awarded: true }
`;

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest();
  await server.post('/v1/events', [grade('g1', 'L1', 'e1', 80)]);
  await server.engine.followers.settle();
});
afterAll(() => server.close());

describe('POST /v1/rules/lint', () => {
  it('says what is to be said, with score, rule and criteria in words, among the live rules', async () => {
    const { status, body } = await server.post('/v1/rules/lint', { source: SOURCE, file: 'mine.yaml' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ file: 'mine.yaml', diagnostics: [], rule: { badge: 'essays-well' }, sentences: { path: 'all', parts: [{ path: 'all[0].count' }, { path: 'all[1].mean' }] } });
    expect(body['score']).toBe(100 - (body['findings'] as readonly { readonly effect: number }[]).reduce((sum, { effect }) => sum + effect, 0));
    expect(body['findings']).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'same-criteria', file: 'mine.yaml', line: 8, column: 3, message: { en: 'It has the same criteria as the badge “essays”', ko: '배지 ‘essays’와 조건이 같음' } })]));
  });

  it('says where hardly anybody or nearly everybody earns the badge, where it is asked to look', async () => {
    await server.post('/v1/events', Array.from({ length: 25 }, (_, i) => grade(`many-${i}`, `many-${i}`, 'e1', 90)));
    const codes = async (needed: number, more: object): Promise<readonly unknown[]> => {
      const source = SOURCE.replace('at-least: 2', `at-least: ${needed}`);
      const { status, body } = await server.post('/v1/rules/lint', { source, ...more });
      expect(status).toBe(200);
      return (body['findings'] as readonly { readonly code: string }[]).map(({ code }) => code).filter((code) => code.startsWith('nearly-'));
    };
    expect(await codes(1, { backtest: true })).toEqual(['nearly-everybody']);
    expect(await codes(2, { backtest: true })).toEqual(['nearly-nobody']);
    expect([...(await codes(1, {})), ...(await codes(2, { backtest: false }))]).toEqual([]);
    expect((await server.post('/v1/rules/lint', { source: SOURCE, backtest: 1 })).status).toBe(400);
  });

  it('says what the whole rule means, with the names that people know', async () => {
    await server.post('/v1/events', [
      { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C2', title: 'Writing', time: '2026-03-02T00:00:00Z' },
      { id: 'a7', source: 'lms', type: 'AssignmentPublished', course: 'C2', activity: 'a7', title: 'Long Essay', time: '2026-03-02T00:00:00Z' },
    ]);
    await server.engine.followers.settle();
    const { body } = await server.post('/v1/rules/lint', { source: SOURCE.replace('course: C1', 'course: C2').replace('mean: { of: grades', 'mean: { of: grades, activity: a7') });
    expect(body['meaning']).toEqual({
      en: 'Learners of the course “Writing” get the badge as soon as they meet both of these: at least 2 different graded assignments; and an average of graded assignments (Long Essay) of at least 70 %. If records are corrected later and no longer support the badge, it is suspended until a person decides.',
      ko: '‘Writing’ 과정 학습자가 다음 조건을 모두 충족하는 즉시 배지를 수여합니다: 서로 다른 채점된 과제 2개 이상; 채점된 과제(Long Essay) 평균 70% 이상. 나중에 기록이 정정되어 조건에 더 이상 맞지 않게 되면 담당자가 결정할 때까지 배지가 보류됩니다.',
    });
  });

  it('does not hold a rule against itself', async () => {
    const { body } = await server.post('/v1/rules/lint', { source: SOURCE.replace('essays-well', 'essays') });
    expect((body['findings'] as readonly { readonly code: string }[]).map(({ code }) => code)).not.toContain('same-criteria');
  });

  it('does not hold a rule against one that is retired', async () => {
    const twin = SOURCE.replace('essays-well', 'talks').replaceAll('grades', 'missions').replace('mean: { of: missions, at-least: 70 }', 'none: { of: withdrawal }');
    const codes = async (): Promise<readonly string[]> => {
      const { body } = await server.post('/v1/rules/lint', { source: twin.replace('talks', 'talks-again') });
      return (body['findings'] as readonly { readonly code: string }[]).map(({ code }) => code);
    };
    expect((await server.post('/v1/rules', { source: twin })).status).toBe(201);
    await server.engine.followers.settle();
    expect(await codes()).toContain('same-criteria');
    expect((await server.post('/v1/rules/talks/retire', { reason: 'replaced' })).status).toBe(200);
    await server.engine.followers.settle();
    expect(await codes()).not.toContain('same-criteria');
  });

  it('says why something is no rule', async () => {
    const { status, body } = await server.post('/v1/rules/lint', { source: SOURCE.replace('mean:', 'man:') });
    expect([status, body['score'], body['rule'], body['sentences'], body['meaning'], body['findings']]).toEqual([200, null, null, null, null, []]);
    expect(body['diagnostics']).toMatchObject([{ file: 'rule.yaml', line: 10, column: 7, message: 'unknown criterion "man"; did you mean "mean"?' }]);
  });

  it.each<[string, unknown, number]>([
    ['nothing', {}, 400],
    ['no text', { source: 7 }, 400],
    ['a blank text', { source: ' ' }, 400],
    ['a text that is too long', { source: 'x'.repeat(100_001) }, 400],
    ['more than it knows', { source: SOURCE, more: 1 }, 400],
    ['null for a name', { source: SOURCE, file: null }, 400],
    ['too much', { source: 'x'.repeat(300_000) }, 413],
    ['no JSON', '{', 400],
  ])('refuses %s', async (_what, body, status) => expect((await server.post('/v1/rules/lint', body)).status).toBe(status));

  it('keeps nothing', async () => {
    const head = await server.engine.store.head();
    await server.post('/v1/rules/lint', { source: SOURCE });
    await server.post('/v1/rules/test', { source: SOURCE, cases: CASES });
    expect(await server.engine.store.head()).toBe(head);
    expect((await server.get('/v1/rules/essays-well')).status).toBe(404);
  });
});

describe('POST /v1/rules/test', () => {
  it('says what came of each case', async () => {
    const { status, body } = await server.post('/v1/rules/test', { source: SOURCE, cases: CASES });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      badge: 'essays-well', passed: false, diagnostics: [],
      cases: [
        { case: 'two are enough', file: 'rule.cases.yaml', line: 3, column: 5, passed: true },
        { case: 'one is not', line: 8, passed: false, failures: [{ what: 'awarded', expected: 'true', actual: 'false' }] },
      ],
    });
  });

  it('says what is wrong with the cases', async () => {
    const { body } = await server.post('/v1/rules/test', { source: SOURCE, cases: 'cases: 1', file: 'mine.yml' });
    expect(body).toMatchObject({ passed: false, diagnostics: [{ file: 'mine.cases.yaml', line: 1, column: 8, message: '"cases" is not a list' }], cases: [] });
  });

  it('refuses a request without cases', async () => expect((await server.post('/v1/rules/test', { source: SOURCE })).status).toBe(400));

  it('goes on answering while cases take long, few at once, and ends what takes too long', async () => {
    const criteria = Array.from({ length: 190 }, (_none, i) => `    - activity-rate: { of: missions, at-least: ${1 + (i % 9)}, per: course-day }\n`).join('');
    const source = SOURCE.replace('as-soon-as-met', 'continuously').replace(/criteria:\n[^]*/, `criteria:\n  all:\n${criteria}`);
    const events = Array.from({ length: 200 }, (_none, day) => `      - { type: MissionCompleted, activity: a${day}, time: day ${day} }\n`).join('');
    const cases = `course: { start: 2026-03-02 }\ncases:\n  - case: long\n    now: 2100-01-01\n    expect: { awarded: true }\n    events:\n${events}`;
    // Three at once, in whatever order they arrive: two run until their time is up, one is turned away.
    const slow = [1, 2, 3].map(() => server.post('/v1/rules/test', { source, cases }));
    expect((await server.get('/health/ready')).status).toBe(200);
    const answers = (await Promise.all(slow)).map(({ status, body }) => [status, body['type']]).sort();
    expect(answers).toEqual([[422, 'urn:proofmark:problem:too-costly'], [422, 'urn:proofmark:problem:too-costly'], [429, 'urn:proofmark:problem:busy']]);
    expect((await server.post('/v1/rules/test', { source: SOURCE, cases: CASES })).status).toBe(200);
  }, 60_000);
});
