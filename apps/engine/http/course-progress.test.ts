import { invited, type PersonUnderTest } from './people-under-test.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
let tutor: PersonUnderTest;

const mark = (id: string, learner: string, activity: string, day: number, status = 'present') => ({ id, source: 'lms', type: 'AttendanceMarked', learner, course: 'C1', activity, status, time: `2026-03-${String(day).padStart(2, '0')}T09:00:00Z` });

beforeAll(async () => {
  server = await serverUnderTest({ smallGroup: 5 });
  tutor = await invited(server, 'tutor', ['instructor'], ['C1']);
  await send(
    { id: 'open', source: 'lms', type: 'CourseOpened', course: 'C1', title: 'Writing', time: '2026-03-01T00:00:00Z' }, { id: 'open2', source: 'lms', type: 'CourseOpened', course: 'C2', time: '2026-03-01T00:00:00Z' },
    // Two good essays; one, and too weak; one who has come twice; one who only was absent; one who has left.
    grade('a1', 'ann', 'e1', 90), grade('a2', 'ann', 'e2', 90), grade('b1', 'bob', 'e1', 40), grade('b2', 'bob', 'e2', 40), grade('c1', 'cyd', 'e1', 95), mark('c2', 'cyd', 's1', 8), mark('c3', 'cyd', 's2', 9), mark('d1', 'dan', 's1', 8, 'absent'),
    grade('x1', 'eve', 'e1', 90), { id: 'x2', source: 'lms', type: 'Withdrawn', learner: 'eve', course: 'C1', time: '2026-03-06T00:00:00Z' }, { ...grade('f1', 'fay', 'e1', 90), course: 'C2' },
  );
}, 120_000);
afterAll(() => server.close());

const send = async (...events: readonly object[]): Promise<void> => {
  expect(await server.post('/v1/events', events)).toMatchObject({ status: 200, body: { recorded: events.length } });
  await server.engine.followers.settle();
};
const read = (path: string, as: Readonly<Record<string, string>> = tutor.as): Promise<Answer> => server.get(path, { ...as });
interface Found {
  readonly learner: string;
  readonly earned: number;
  readonly lastAt?: string;
  readonly place?: { readonly badge: string; readonly stage: string; readonly lacks: readonly { readonly path: string }[] };
}
const learners = async (asked: string): Promise<readonly Found[]> => (await read(`/v1/courses/C1/learners?${asked}`)).body['items'] as readonly Found[];

describe('how far the learners of a course are', () => {
  it('is told by badge, with what most are stuck at, of few learners as well', async () => {
    const { status, body } = await read('/v1/courses/C1/progress');
    expect([status, body]).toMatchObject([200, {
      course: 'C1', title: 'Writing', learners: 4, known: 4,
      badges: [
        {
          badge: 'essays', name: { en: 'Essays', ko: '에세이' }, stages: { earned: 1, met: 0, close: 2, 'under-way': 0, 'not-begun': 1, out: 0 },
          hurdles: [{ path: 'all[0].count', lack: 2, only: 1 }, { path: 'all[1].mean', lack: 2, only: 1 }],
        },
        { badge: 'present', stages: { earned: 0, 'under-way': 1, 'not-begun': 3 }, hurdles: [{ lack: 4, only: 0 }] },
      ],
    }]);
  });

  it('is told by learner: by how close they are, by what they lack, by how long they have done nothing, by id', async () => {
    expect((await learners('badge=essays')).map(({ learner, place }) => [learner, place?.stage])).toEqual([['bob', 'close'], ['cyd', 'close'], ['dan', 'not-begun'], ['ann', 'earned']]);
    expect((await learners('badge=essays&lacks=all[1].mean')).map(({ learner }) => learner)).toEqual(['bob', 'dan']);
    expect((await learners('badge=essays&stage=earned')).map(({ learner }) => learner)).toEqual(['ann']);
    expect((await learners('order=idle')).map(({ learner, lastAt }) => [learner, lastAt])).toEqual([['dan', undefined], ['ann', '2026-03-05T10:00:00.000Z'], ['bob', '2026-03-05T10:00:00.000Z'], ['cyd', '2026-03-09T09:00:00.000Z']]);
    expect((await learners('text=CY'))).toMatchObject([{ learner: 'cyd', earned: 0, place: { badge: 'essays', lacks: [{ text: { en: expect.any(String) as string, ko: expect.any(String) as string } }] } }]);
    expect(await read('/v1/courses/C1/learners?badge=none')).toMatchObject({ status: 404 });
    expect(await read('/v1/courses/C1/learners?stage=x')).toMatchObject({ status: 400 });
  });

  it('comes in pages that hold together', async () => {
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await read(`/v1/courses/C1/learners?limit=1&badge=essays${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body['items'] as readonly Found[]).map(({ learner }) => learner));
      expect(body['total']).toBe(4);
      if (body['next'] === null) break;
      cursor = body['next'] as string;
    }
    expect(seen).toEqual(['bob', 'cyd', 'dan', 'ann']);
  });

  it('is for who may read each of them: not for other instructors, learners or operators', async () => {
    const other = await invited(server, 'other', ['instructor'], ['C2']);
    const learner = await invited(server, 'ann', ['learner']);
    const operator = await invited(server, 'operator', ['operator']);
    const auditor = await invited(server, 'auditor', ['auditor']);
    for (const path of ['/v1/courses/C1/progress', '/v1/courses/C1/learners']) {
      expect([path, ...(await Promise.all([tutor, other, learner, operator, auditor].map(async ({ as }) => (await read(path, as)).status)))]).toEqual([path, 200, 404, 404, 403, 200]);
    }
    const listed = async ({ as }: PersonUnderTest): Promise<unknown> => ((await read('/v1/courses', as)).body['items'] as readonly { readonly course: string }[]).map(({ course }) => course);
    expect([await listed(tutor), await listed(other), await listed(learner), await listed(auditor)]).toEqual([['C1'], ['C2'], [], ['C1', 'C2']]);
    expect((await read('/v1/courses', operator.as)).status).toBe(403);
    expect((await read('/v1/courses/none/progress', auditor.as)).status).toBe(404);
  });

  it('follows what happens: events, corrections, rules, and who leaves or is erased', async () => {
    await send(mark('c4', 'cyd', 's3', 10), grade('b3', 'bob', 'e3', 100), grade('b4', 'bob', 'e4', 100));
    expect((await learners('stage=earned&badge=essays')).map(({ learner }) => learner)).toEqual(['ann', 'bob']);
    expect((await learners('stage=earned&badge=present')).map(({ learner }) => learner)).toEqual(['cyd']);
    await send({ id: 'c5', source: 'lms', type: 'FactRetracted', target: 'c4', learner: 'cyd', course: 'C1', time: '2026-03-11T00:00:00Z' });
    expect((await learners('stage=earned&badge=present'))).toEqual([]);
    expect(await server.post('/v1/rules', { source: 'badge: present\nname: { en: Present }\ncriteria-text: { en: Two sessions }\ncourse: C1\ndecides: continuously\nwhen-corrected: revoke\ncriteria:\n  count: { of: attendance, status: [present, late], at-least: 8 }\n' })).toMatchObject({ status: 201 });
    await server.engine.followers.settle();
    expect((await learners('badge=present&text=cyd'))).toMatchObject([{ place: { stage: 'under-way' } }]);
    await send({ id: 'w1', source: 'lms', type: 'Withdrawn', learner: 'dan', course: 'C1', time: '2026-03-12T00:00:00Z' });
    expect(await server.post('/v1/learners/bob/erase', { confirm: 'bob', reason: 'asked' })).toMatchObject({ status: 200 });
    await server.engine.followers.settle();
    expect((await learners('badge=essays')).map(({ learner }) => learner).sort()).toEqual(['ann', 'cyd']);
  });
});
