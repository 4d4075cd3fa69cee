import { grade, serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
let award: string;

const items = ({ body }: Answer): readonly Readonly<Record<string, unknown>>[] => body['items'] as readonly Readonly<Record<string, unknown>>[];

beforeAll(async () => {
  server = await serverUnderTest({ smallGroup: 0 }); // four learners
  const learners = ['ana', 'ben', 'cho'];
  await server.post('/v1/events', [
    { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C1', time: '2026-03-01', title: 'Course one' },
    { id: 'pub-1', source: 'lms', type: 'AssignmentPublished', course: 'C1', activity: 'A1', time: '2026-03-01', title: 'First essay' },
    ...learners.flatMap((learner) => [grade(`1-${learner}`, learner, 'A1', 70), grade(`2-${learner}`, learner, 'A2', 80)]),
    grade('1-dan', 'dan', 'A1', 61),
    { id: 'att', source: 'lms', type: 'AttendanceMarked', learner: 'dan', course: 'C1', activity: 'S1', time: '2026-03-04', status: 'late' },
  ]);
  await server.engine.followers.settle(); // so that the correction meets an award
  await server.post('/v1/events', { id: 'fix', source: 'lms', type: 'FactReplaced', target: '1-cho', learner: 'cho', time: '2026-03-09', changes: { score: 40 } });
  await server.engine.followers.settle();
  award = String(items(await server.get('/v1/awards?learner=cho'))[0]?.['id']);
});
afterAll(() => server.close());

describe('growth path', () => {
  it('tells what is earned, what is in reach and what is missing', async () => {
    const { status, body } = await server.get('/v1/learners/dan/growth-path');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      learner: 'dan',
      badges: {
        earned: [],
        inReach: [
          { badge: 'essays', criteriaMet: 0, criteriaTotal: 2, criteria: [{ value: 1, needed: 2, missing: { amount: 1 } }, { value: 61, missing: { amount: 9 } }] },
          { badge: 'present', criteria: [{ value: 1, needed: 3, missing: { amount: 2, text: { en: '2 more attendance marks' } } }] },
        ],
      },
      timeline: { next: null, items: [{ text: { en: 'First essay graded: 61 of 100' } }, { text: { en: 'S1: late' } }] },
    });
  });

  it('shows a correction and what it did to the award', async () => {
    const { body } = await server.get('/v1/learners/cho/growth-path');
    expect(body).toMatchObject({ badges: { earned: [{ badge: 'essays', status: 'suspended', reason: { en: 'corrected records changed what the rule sees', ko: '정정된 기록이 규칙의 판정에 반영되었습니다' } }] } });
    const corrections = items(await server.get('/v1/learners/cho/timeline?type=FactReplaced'));
    expect(corrections).toMatchObject([{ changes: [{ field: 'score', from: 70, to: 40 }], time: '2026-03-09T00:00:00.000Z' }]);
  });

  it('is not found for a learner of whom nothing is recorded', async () => {
    for (const id of ['nobody', '%00', 'a%2Fb', '%F0%9F%8E%93', "'%20or%201=1"]) {
      expect(await server.get(`/v1/learners/${id}/growth-path`)).toMatchObject({ status: 404, body: { type: 'urn:proofmark:problem:not-found' } });
      expect(await server.get(`/v1/learners/${id}/timeline`)).toMatchObject({ status: 404 });
    }
  });
});

describe('lists', () => {
  it('are walked page by page, each item once', async () => {
    const seen: unknown[] = [];
    for (let path: string | undefined = '/v1/awards?limit=1'; path; ) {
      const page: Answer = await server.get(path);
      seen.push(...items(page).map(({ learner }) => learner));
      const { next } = page.body;
      path = typeof next === 'string' ? `/v1/awards?limit=1&cursor=${next}` : undefined;
    }
    expect([...seen].sort()).toEqual(['ana', 'ben', 'cho']);
    const first = await server.get('/v1/learners/ana/timeline?limit=2');
    const second = await server.get(`/v1/learners/ana/timeline?limit=2&cursor=${String(first.body['next'])}`);
    expect([...items(first), ...items(second)]).toHaveLength(3);
    expect(second.body['next']).toBeNull();
  });

  it('take filters', async () => {
    const count = async (query: string): Promise<number> => items(await server.get(`/v1/awards?${query}`)).length;
    expect(await count('badge=essays&state=active')).toBe(2);
    expect(await count('state=suspended&course=C1')).toBe(1);
    expect(await count('badge=present')).toBe(0);
    expect(await count('earnedFrom=2026-03-05&earnedTo=2026-03-06')).toBe(3);
    expect(await count('earnedTo=2026-03-05')).toBe(0);
  });

  it.each(['limit=0', 'limit=501', 'limit=x', 'cursor=abc', 'cursor=W10', 'cursor=a&cursor=b', 'state=gone', 'nope=1', 'earnedFrom=yesterday', 'minPosition=-1', 'badge=a&badge=b', '__proto__[x]=1'])(
    'refuse %s with problem details',
    async (query) => {
      const answer = await server.get(`/v1/awards?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { status: 400, instance: '/v1/awards', title: expect.any(String) as string } });
      expect(answer.headers['content-type']).toContain('application/problem+json');
    },
  );
});

describe('awards', () => {
  it('come with trace, evidence and history', async () => {
    expect((await server.get(`/v1/awards/${award}`)).body).toMatchObject({
      learner: 'cho',
      state: 'suspended',
      verdict: { met: false },
      history: [{ type: 'BadgeAwarded', verdict: { met: true } }, { type: 'AwardSuspended', cause: { kind: 'correction', events: ['lms/fix'] } }],
    });
  });

  it('are decided by a person, once', async () => {
    const review = { decision: 'reinstate', reason: 'the correction was wrong' };
    const done = await server.post(`/v1/awards/${award}/review`, review);
    expect(done).toMatchObject({ status: 200, body: { state: 'active' } });
    const read = await server.get(`/v1/awards/${award}?minPosition=${Number(done.body['position'])}`);
    expect(read.body).toMatchObject({ state: 'active', cause: { kind: 'person', reason: review.reason, text: { en: review.reason, ko: review.reason } } });
    expect(await server.post(`/v1/awards/${award}/review`, review)).toMatchObject({ status: 409, body: { type: 'urn:proofmark:problem:conflict' } });
    expect(await server.post('/v1/awards/nope/review', review)).toMatchObject({ status: 404 });
    for (const bad of [{}, { decision: 'x', reason: 'y' }, { ...review, awardedAt: 1 }, [], 5, '{']) {
      expect(await server.post(`/v1/awards/${award}/review`, bad)).toMatchObject({ status: 400 });
    }
  });
});

describe('positions', () => {
  it('beyond the end of the log are refused at once', async () => {
    const head = await server.engine.store.head();
    expect(await server.get(`/v1/badges?minPosition=${head}`)).toMatchObject({ status: 200 });
    expect(await server.get(`/v1/badges?minPosition=${head + 1}`)).toMatchObject({ status: 409, body: { type: 'urn:proofmark:problem:position-unknown' } });
  });
});

describe('badges, rules and analytics', () => {
  it('count', async () => {
    expect(items(await server.get('/v1/badges'))).toMatchObject([{ id: 'essays', name: { ko: '에세이' } }, { id: 'present', awards: { active: 0 } }]);
    expect((await server.get('/v1/badges/present')).body).toMatchObject({ course: 'C1' });
    expect((await server.get('/v1/rules/essays')).body).toMatchObject({ version: 1, source: expect.stringContaining('badge: essays') as string });
    expect(items(await server.get('/v1/rules/essays/versions'))).toHaveLength(1);
    expect(items(await server.get('/v1/rules'))).toHaveLength(2);
    expect((await server.get('/v1/analytics/summary')).body).toMatchObject({ learners: 4, courses: 1, badges: 2, openDeadLetters: 0 });
    expect(items(await server.get('/v1/analytics/courses'))).toMatchObject([{ course: 'C1', title: 'Course one', learners: 4 }]);
    const [essays, present] = items(await server.get('/v1/analytics/badges'));
    expect(essays).toMatchObject({ badge: 'essays', learners: 4, timeToEarn: { awards: 3, meanDays: 0 } });
    expect(present).toMatchObject({ awardRate: 0, timeToEarn: { meanDays: null } });
    expect((await server.get('/v1/analytics/awards-over-time?interval=week&course=C1&badge=essays')).body).toMatchObject({ earned: [{ start: '2026-03-02', awarded: 3 }] });
    expect((await server.get('/v1/analytics/awards-over-time?to=2026-03-01')).body).toMatchObject({ earned: [] });
    expect((await server.get('/v1/analytics/events-over-time?interval=month')).body).toMatchObject({ events: [{ start: '2026-03-01', events: 11 }] });
  });

  it('are not found where they are not', async () => {
    for (const path of ['/v1/badges/x', '/v1/rules/x', '/v1/rules/x/versions', '/v1/awards/x', '/v1/dead-letters/x', '/v1/nothing']) {
      expect(await server.get(path)).toMatchObject({ status: 404, body: { type: 'urn:proofmark:problem:not-found', instance: path } });
    }
    expect(await server.get(`/v1/awards/${'x'.repeat(201)}`)).toMatchObject({ status: 414 });
    expect(await server.get(`/v1/awards/${'x'.repeat(9_000)}`)).toMatchObject({ status: 414 });
    expect(await server.get('/v1/awards/%E0%A4%A')).toMatchObject({ status: 400 });
  });
});

it('a learner is also found by the e-mail address that a class system names them by', async () => {
  const sent = [grade('1-eve', 'Eve@School.example', 'A1', 90), grade('2-eve', 'eve@school.example', 'A2', 90)];
  expect((await server.post('/v1/events', sent)).body).toMatchObject({ recorded: 2 });
  await server.engine.followers.settle();
  const path = await server.get('/v1/learners/EVE%40school.example/growth-path');
  expect(path).toMatchObject({ status: 200, body: { learner: expect.stringMatching(/^mail-[0-9a-f]{32}$/) as string, badges: { earned: [{ badge: 'essays' }] } } });
  for (const rest of ['timeline', 'badges/essays/explanation', 'transcript']) expect([rest, (await server.get(`/v1/learners/eve%40school.example/${rest}`)).status]).toEqual([rest, 200]);
  expect(items(await server.get('/v1/awards?learner=eve%40school.example'))).toMatchObject([{ learner: path.body['learner'], badge: 'essays' }]);
  expect((await server.get('/v1/learners/nobody%40school.example/growth-path')).status).toBe(404);
});

describe('a learner of two courses', () => {
  it('reads which course an entry is about', async () => {
    await server.post('/v1/events', [
      { id: 'open-2', source: 'lms', type: 'CourseOpened', course: 'C2', time: '2026-03-01', title: 'Course two' },
      { id: 'enrol', source: 'lms', type: 'Enrolled', learner: 'dan', course: 'C2', time: '2026-03-02' },
    ]);
    await server.engine.followers.settle();
    expect(items(await server.get('/v1/learners/dan/timeline')).map(({ type, courseTitle }) => [type, courseTitle])).toEqual([
      ['AssignmentGraded', 'Course one'], ['AttendanceMarked', 'Course one'], ['Enrolled', 'Course two'],
    ]);
  });
});
