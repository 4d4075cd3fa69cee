import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest({ smallGroup: 0 }); // a handful of learners are counted
  await server.post('/v1/events', [
    grade('a1', 'ann', 'E1', 80), grade('a2', 'ann', 'E2', 70), grade('b1', 'bob', 'E1', 90), grade('c1', 'cid', 'E1', 40), grade('c2', 'cid', 'E2', 50),
  ]);
  await server.engine.followers.settle();
});
afterAll(() => server.close());

const RULE = (badge: string, needed: number, more = ''): string => `
badge: ${badge}
name: { en: Marked }
criteria-text: { en: Marked }
course: C1
decides: as-soon-as-met
when-corrected: revoke
criteria:
  count: { of: grades, distinct: activity, at-least: ${needed} }
${more}`;
const publish = (body: object): Promise<Answer> => server.post('/v1/rules', body);
const active = async (badge: string): Promise<readonly string[]> => {
  await server.engine.followers.settle();
  const { body } = await server.get(`/v1/awards?badge=${badge}&state=active`);
  return (body['items'] as readonly { readonly learner: string }[]).map(({ learner }) => learner).sort();
};

describe('POST /v1/rules', () => {
  it('publishes a first version, which also awards what was earned before; the same again changes nothing', async () => {
    expect(await publish({ source: RULE('first', 2) })).toMatchObject({ status: 201, body: { outcome: 'published', badge: 'first', version: 1, changes: [] } });
    expect(await active('first')).toEqual(['ann', 'cid']);
    expect(await publish({ source: `# a comment\n${RULE('first', 2)}` })).toMatchObject({ status: 200, body: { outcome: 'unchanged', version: 1 } });
    expect((await server.get('/v1/rules/first')).body).toMatchObject({ version: 1, publishedBy: 'admin-key' });
  });

  it('refuses the later of two that ask for each other, though both are sent at once', async () => {
    const asking = (badge: string, other: string): string => `
badge: ${badge}
name: { en: Other }
criteria-text: { en: Other }
decides: as-soon-as-met
when-corrected: revoke
criteria: { badges: { badge: [${other}] } }
`;
    const both = await Promise.all([publish({ source: asking('here', 'there') }), publish({ source: asking('there', 'here') })]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect((await server.get('/v1/rules/diagnostics')).body).toMatchObject({ circular: [] });
  });

  it('publishes another version for what happens from then on', async () => {
    await publish({ source: RULE('onward', 2) });
    expect(await publish({ source: RULE('onward', 1) })).toMatchObject({
      status: 201, body: { version: 2, decidesAtOnce: false, changes: [{ part: 'criteria count', before: { en: expect.stringContaining('2') as string }, after: { en: expect.stringContaining('1') as string } }] },
    });
    expect(await active('onward')).toEqual(['ann', 'cid']);
    expect(await publish({ source: RULE('onward', 1, 'hold: 1 hours\n') })).toMatchObject({ status: 201, body: { version: 3, decidesAtOnce: true } });
  });

  it('leaves the timeline saying what the version asked that decided', async () => {
    await publish({ source: RULE('worded', 1) });
    await server.engine.followers.settle();
    await publish({ source: RULE('worded', 2) });
    await server.engine.followers.settle();
    const { body } = await server.get('/v1/learners/ann/timeline?of=badges&limit=100');
    const entries = body['items'] as readonly { readonly badge: string }[];
    const earnedBy = {
      criteria: [{ label: { en: 'At least 1 different graded assignment', ko: '서로 다른 채점된 과제 1개 이상' }, value: 2, unit: 'activities', tellsMore: true }],
      more: 0,
    };
    expect(entries.filter(({ badge }) => badge === 'worded')).toEqual([expect.objectContaining({ type: 'BadgeAwarded', earnedBy }) as unknown]);
  });

  it('shows first what a version for the past changes, and publishes what was confirmed', async () => {
    await publish({ source: RULE('past', 1) });
    await server.engine.followers.settle();
    const source = RULE('past', 2);
    const preview = await publish({ source, backfill: true });
    expect(preview).toMatchObject({
      status: 200,
      body: {
        outcome: 'preview', version: 2, liveVersion: 1, confirm: expect.any(String) as string,
        difference: { gained: 0, lost: 1, later: 0, unchanged: 2, first: { lost: [{ learner: 'bob', earnedBefore: '2026-03-05T10:00:00.000Z', criteria: [{ path: 'count', before: { value: 1, needed: 1, met: true }, after: { value: 1, needed: 2, met: false } }] }] } },
        backfill: { revoked: 1, granted: 0, first: { revoked: [{ learner: 'bob' }] } },
      },
    });
    const { confirm } = preview.body;
    expect(await active('past')).toEqual(['ann', 'bob', 'cid']);
    expect(await publish({ source: RULE('past', 3), backfill: true, confirm })).toMatchObject({ status: 409, body: { type: 'urn:proofmark:problem:version-moved' } });
    expect(await publish({ source, backfill: true, confirm: '12-forged' })).toMatchObject({ status: 409 });
    expect(await publish({ source, backfill: true, confirm })).toMatchObject({ status: 201, body: { version: 2 } });
    expect(await active('past')).toEqual(['ann', 'cid']);
    expect(await publish({ source, backfill: true, confirm })).toMatchObject({ status: 200, body: { outcome: 'unchanged', version: 2 } });
  });

  it('refuses where another version is live than was shown or expected', async () => {
    await publish({ source: RULE('moved', 1) });
    const { body: { confirm } } = await publish({ source: RULE('moved', 2), backfill: true });
    expect(await publish({ source: RULE('moved', 3), expectedVersion: 1 })).toMatchObject({ status: 201 });
    expect(await publish({ source: RULE('moved', 2), backfill: true, confirm })).toMatchObject({ status: 409, body: { detail: expect.stringContaining('preview again') as string } });
    expect(await publish({ source: RULE('moved', 4), expectedVersion: 1 })).toMatchObject({ status: 409, body: { detail: expect.stringContaining('version 2 is live') as string } });
    expect(await publish({ source: RULE('moved', 4), expectedVersion: 1, backfill: true })).toMatchObject({ status: 409 });
    expect(await publish({ source: RULE('unheard', 4), expectedVersion: 1 })).toMatchObject({ status: 409, body: { detail: expect.stringContaining('no version of it is live') as string } });
  });

  it('lets one of two publishers through who have seen the same version', async () => {
    await publish({ source: RULE('raced', 1) });
    const answers = await Promise.all([2, 3].map((needed) => publish({ source: RULE('raced', needed), expectedVersion: 1 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('says where a rule is wrong', async () => {
    expect(await publish({ source: RULE('wrong', 0) })).toMatchObject({
      status: 422,
      body: { type: 'urn:proofmark:problem:rule-invalid', diagnostics: [{ file: 'source', line: 9, column: expect.any(Number) as number, message: expect.any(String) as string, expected: expect.any(String) as string }] },
    });
    expect((await publish({ source: '{' })).status).toBe(422);
  });

  it.each<object>([
    {}, { source: '' }, { source: 5 }, { source: 'badge: x', backfill: 'yes' }, { source: 'badge: x', expectedVersion: -1 }, { source: 'badge: x', more: 1 },
    ...[true, '1', [1], null, 1.5].map((expectedVersion) => ({ source: RULE('x', 1), expectedVersion })), { source: RULE('x', 1), backfill: 1 },
    { source: RULE('x', 1), confirm: '1-a' }, { source: 'x'.repeat(100_001) }, { source: RULE('x', 1), by: 'ana' },
  ])('refuses %o', async (body) => {
    expect(await publish(body)).toMatchObject({ status: 400, body: { type: 'urn:proofmark:problem:bad-request' } });
  });
});

describe('POST /v1/rules/{badge}/retire', () => {
  it('ends granting, keeps awards, and is undone by publishing again', async () => {
    await publish({ source: RULE('ended', 2) });
    expect(await active('ended')).toEqual(['ann', 'cid']);
    expect(await server.post('/v1/rules/ended/retire', { reason: 'replaced' })).toMatchObject({ status: 200, body: { badge: 'ended', position: expect.any(Number) as number } });
    expect(await server.post('/v1/rules/ended/retire', { reason: 'again' })).toMatchObject({ status: 200 });
    await server.post('/v1/events', [grade('d1', 'dan', 'E1', 80), grade('d2', 'dan', 'E2', 70)]);
    expect(await active('ended')).toEqual(['ann', 'cid']);
    expect((await server.get('/v1/rules/ended')).body).toMatchObject({ version: 1, retired: { reason: 'replaced', by: 'admin-key', at: expect.any(String) as string } });
    expect((await server.get('/v1/badges')).text).not.toContain('"ended"');
    expect((await server.get('/v1/badges/ended')).body).toMatchObject({ retiredAt: expect.any(String) as string, awards: { active: 2 } });
    expect((await server.get('/v1/learners/bob/growth-path')).text).not.toContain('"ended"');
    await server.post('/v1/events', { id: 'a2x', source: 'lms', type: 'FactRetracted', target: 'a2', learner: 'ann', time: '2026-03-06T10:00:00Z' });
    expect(await active('ended')).toEqual(['cid']);
    expect(await publish({ source: RULE('ended', 2) })).toMatchObject({ status: 201, body: { version: 2 } });
    await server.post('/v1/events', grade('d3', 'dan', 'E3', 70));
    expect(await active('ended')).toEqual(['cid', 'dan']);
  });

  it('refuses a badge that never had a rule, and a retirement without a reason', async () => {
    expect(await server.post('/v1/rules/unknown/retire', { reason: 'r' })).toMatchObject({ status: 404 });
    expect(await server.post('/v1/rules/essays/retire', {})).toMatchObject({ status: 400 });
  });
});

describe('GET /v1/rules/diagnostics', () => {
  it('has nothing to say of files that are right', async () => {
    expect(await server.get('/v1/rules/diagnostics')).toMatchObject({ status: 200, body: { errors: [], warnings: [], retired: [] } });
  });
});

describe('an engine with wrong rule files', () => {
  it('starts, keeps what was live, and says what is wrong and where', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'proofmark-diagnostics-'));
    const data = join(dir, 'data');
    const file = join(dir, 'one.yaml');
    const starts = async (text: string, use: (started: ServerUnderTest) => Promise<void>): Promise<void> => {
      writeFileSync(file, text);
      const started = await serverUnderTest({ dataDir: data, rulesDirs: [dir] });
      try {
        await use(started);
      } finally {
        await started.close();
      }
    };
    try {
      await starts(RULE('one', 1), async (started) => {
        expect((await started.get('/v1/rules/one')).body).toMatchObject({ version: 1 });
      });
      await starts(RULE('one', 0), async (started) => {
        expect(await started.get('/health/ready')).toMatchObject({ status: 200 });
        expect((await started.get('/v1/rules/diagnostics')).body).toMatchObject({ errors: [{ file: expect.stringContaining('one.yaml') as string, line: 9 }] });
        expect((await started.get('/v1/rules/one')).body).toMatchObject({ version: 1, source: RULE('one', 1) });
        await started.post('/v1/rules/one/retire', { reason: 'r' });
      });
      await starts(RULE('one', 2), async (started) => {
        expect((await started.get('/v1/rules/diagnostics')).body).toEqual({ errors: [], warnings: [], retired: ['one'], circular: [] });
        expect((await started.get('/v1/rules/one')).body).toMatchObject({ version: 1, retired: { reason: 'r' } });
      });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('POST /v1/rules/backtest', () => {
  const backtest = (body: object): Promise<Answer> => server.post('/v1/rules/backtest', body);
  const lines = ({ text }: Answer): readonly Readonly<Record<string, unknown>>[] => text.trim().split('\n').map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

  it('streams progress and then the result', async () => {
    const answer = await backtest({ source: RULE('tried', 1), limit: 1 });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-ndjson; charset=utf-8' } });
    const all = lines(answer);
    expect(all[0]).toMatchObject({ progress: { done: expect.any(Number) as number, total: 4 } });
    expect(all.at(-1)).toMatchObject({ result: { badge: 'tried', complete: true, eligible: 4, earned: 4, first: [{ earnedAt: '2026-03-05T10:00:00.000Z', state: 'active' }] } });
  });

  it('tries published versions against each other', async () => {
    await publish({ source: RULE('versions', 1) });
    await publish({ source: RULE('versions', 2) });
    expect(lines(await backtest({ badge: 'versions', against: 1 })).at(-1)).toMatchObject({ result: { difference: { lost: 2, changes: [{ part: 'criteria count' }] } } });
    expect(lines(await backtest({ badge: 'versions', version: 1, against: 'live', learners: ['bob'] })).at(-1)).toMatchObject({ result: { total: 1, difference: { gained: 1 } } });
  });

  it.each<[object, number]>([
    [{}, 400], [{ badge: 'essays', source: RULE('x', 1) }, 400], [{ source: RULE('x', 1), version: 1 }, 400], [{ badge: 'essays', against: 'x' }, 400],
    [{ badge: 'essays', version: true }, 400], [{ badge: 'essays', version: '1' }, 400], [{ badge: 'essays', limit: true }, 400], [{ badge: 'essays', limit: '5' }, 400], [{ badge: 'essays', against: true }, 400],
    [{ badge: 'essays', learners: [] }, 400], [{ badge: 'essays', limit: 1001 }, 400], [{ badge: 'unknown' }, 404], [{ badge: 'essays', version: 9 }, 404],
    [{ badge: 'essays', against: 9 }, 404], [{ source: 'badge: x' }, 422],
  ])('refuses %o with %d', async (body, status) => {
    expect(await backtest(body)).toMatchObject({ status, body: { status } });
  });
});

describe('GET /v1/learners/{id}/badges/{badge}/explanation', () => {
  it('says why a learner has a badge, with the replay of the decision', async () => {
    await server.engine.followers.settle();
    const { status, body } = await server.get('/v1/learners/cid/badges/first/explanation');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      learner: 'cid', badge: 'first', rule: { version: 1 }, award: { state: 'active', earnedAt: '2026-03-05T10:00:00.000Z' },
      verdict: { met: true, asOf: '2026-03-05T10:00:00.000Z' }, remaining: { possible: true, steps: [] }, replay: { same: true },
      evidence: [{ id: 'lms/c1', time: '2026-03-05T10:00:00.000Z', values: { score: 40 } }, { id: 'lms/c2' }],
    });
  });

  it('says what is missing', async () => {
    expect((await server.get('/v1/learners/bob/badges/first/explanation')).body).toMatchObject({ award: null, verdict: { met: false }, remaining: { steps: [{ path: 'count', amount: 1 }] } });
  });

  it.each(['/v1/learners/bob/badges/unknown/explanation', '/v1/learners/nobody/badges/first/explanation', '/v1/learners/cid/badges/first/explanation?period=2026-03'])('knows no %s', async (path) => {
    expect(await server.get(path)).toMatchObject({ status: 404 });
  });

  it('refuses a parameter that it does not know', async () => {
    expect(await server.get('/v1/learners/bob/badges/first/explanation?when=now')).toMatchObject({ status: 400 });
  });
});
