import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLogEvent } from '#domain/log-event.js';
import { ADMIN_KEY, AS_ADMIN } from './admin-under-test.js';
import { invited, type PersonUnderTest } from './people-under-test.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

type As = Readonly<Record<string, string>>;

let server: ServerUnderTest;
/** Ines and Omar teach the course C1, Ulla another one; Kim and Lee are administrators. */
let people: Readonly<Record<'ines' | 'omar' | 'ulla' | 'kim' | 'lee' | 'aud', PersonUnderTest>>;
beforeAll(async () => {
  server = await serverUnderTest();
  people = {
    ines: await invited(server, 'ines', ['instructor'], ['C1']), omar: await invited(server, 'omar', ['instructor'], ['C1']), ulla: await invited(server, 'ulla', ['instructor'], ['C2']),
    kim: await invited(server, 'kim', ['admin']), lee: await invited(server, 'lee', ['admin']), aud: await invited(server, 'aud', ['auditor']),
  };
  await server.post('/v1/events', [grade('a1', 'ann', 'E1', 80), grade('a2', 'ann', 'E2', 70), grade('b1', 'bob', 'E1', 90)]);
  await server.engine.followers.settle();
}, 120_000);
afterAll(() => server.close());

const RULE = (badge: string, needed: number, stakes = 'stakes: high\n', course = 'C1'): string => `
badge: ${badge}
name: { en: Licence }
criteria-text: { en: So many graded pieces of work }
course: ${course}
decides: as-soon-as-met
when-corrected: revoke
criteria:
  count: { of: grades, distinct: activity, at-least: ${needed} }
${stakes}`;
const LOW = '';
const publish = (body: object, { as }: { readonly as: As }): Promise<Answer> => server.post('/v1/rules', body, as);
const decide = (what: 'approve' | 'reject', badge: string, proposal: unknown, { as }: { readonly as: As }, body: object = what === 'reject' ? { reason: 'too easy' } : {}): Promise<Answer> =>
  server.post(`/v1/rules/${badge}/proposals/${String(proposal)}/${what}`, body, as);
/** Proposes, as somebody has to, and gives the proposal's name. */
const proposed = async (body: object, who: { readonly as: As }): Promise<string> => {
  const answer = await publish(body, who);
  expect(answer).toMatchObject({ status: 202, body: { outcome: 'proposed', proposal: expect.any(String) as string } });
  return String(answer.body['proposal']);
};
const live = async (badge: string): Promise<unknown> => {
  await server.engine.followers.settle();
  const { status, body } = await server.get(`/v1/rules/${badge}`);
  return status === 404 ? 0 : body['retired'] === undefined ? body['version'] : 'retired';
};
const open = async (badge: string, { as }: { readonly as: As } = { as: AS_ADMIN }): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  ((await server.get('/v1/rules/proposals', as)).body['items'] as readonly Readonly<Record<string, unknown>>[]).filter((one) => one['badge'] === badge);
const active = async (badge: string): Promise<readonly string[]> => {
  await server.engine.followers.settle();
  return ((await server.get(`/v1/awards?badge=${badge}&state=active`)).body['items'] as readonly { readonly learner: string }[]).map(({ learner }) => learner).sort();
};
/** Puts a rule live with Ines and Omar. */
const liveByTwo = async (badge: string, needed: number): Promise<void> => {
  expect((await decide('approve', badge, await proposed({ source: RULE(badge, needed) }, people.ines), people.omar)).status).toBe(200);
};
const SECOND = { status: 403, body: { type: 'urn:proofmark:problem:second-approver' } };

describe('a rule of high stakes', () => {
  it('goes live with two instructors of its course, and says who they were', async () => {
    const { ines, omar, kim } = people;
    const proposal = await proposed({ source: RULE('licence', 2) }, ines);
    expect([await live('licence'), await active('licence')]).toEqual([0, []]);
    expect(await decide('approve', 'licence', proposal, omar)).toMatchObject({ status: 200, body: { badge: 'licence', proposal, outcome: 'published', version: 1, position: expect.any(Number) as number } });
    expect(await active('licence')).toEqual(['ann']);
    expect((await server.get('/v1/rules/licence', kim.as)).body).toMatchObject({ version: 1, stakes: 'high', publishedBy: ines.id, publishedByName: 'ines', approvedBy: omar.id, approvedByName: 'omar', source: RULE('licence', 2) });
    expect(await open('licence')).toEqual([]);
    expect((await decide('approve', 'licence', proposal, omar)).status).toBe(404);
  });

  it('does not go live with one alone, who is told so, and can take it back', async () => {
    const { ines } = people;
    const proposal = await proposed({ source: RULE('alone', 2) }, ines);
    expect(await decide('approve', 'alone', proposal, ines)).toMatchObject({ ...SECOND, body: { ...SECOND.body, detail: expect.stringContaining('somebody else has to approve what you proposed') as string } });
    expect(await proposed({ source: RULE('alone', 2) }, ines)).toBe(proposal);
    expect(await open('alone')).toHaveLength(1);
    expect(await decide('reject', 'alone', proposal, ines)).toMatchObject({ status: 200, body: { outcome: 'rejected' } });
    expect((await decide('approve', 'alone', proposal, people.omar)).status).toBe(404);
    expect([await live('alone'), await open('alone')]).toEqual([0, []]);
  });

  it('is not there for who teaches another course, and not for other roles to decide', async () => {
    const { ines, ulla, aud, omar } = people;
    const proposal = await proposed({ source: RULE('others', 2) }, ines);
    for (const what of ['approve', 'reject'] as const) {
      expect(await decide(what, 'others', proposal, ulla)).toMatchObject({ status: 404, body: { type: 'urn:proofmark:problem:not-found' } });
      expect(await decide(what, 'others', proposal, aud)).toMatchObject({ status: 403, body: { type: 'urn:proofmark:problem:forbidden' } });
      expect((await decide(what, 'others', 'f'.repeat(32), omar)).status).toBe(404);
      expect((await decide(what, 'licence', proposal, omar)).status).toBe(404);
    }
    // What is in the course of another cannot be drawn into one's own by way of a proposal.
    expect((await publish({ source: RULE('licence', 1, 'stakes: high\n', 'C2') }, ulla)).status).toBe(404);
    const moved = await proposed({ source: RULE('licence', 1, 'stakes: high\n', 'C2') }, people.kim);
    for (const one of [ulla, ines]) expect((await decide('approve', 'licence', moved, one)).status).toBe(404);
    expect(await live('others')).toBe(0);
  });

  it('takes another one also where an administrator proposes it', async () => {
    const { kim, lee } = people;
    const proposal = await proposed({ source: RULE('by-admin', 2) }, kim);
    expect(await decide('approve', 'by-admin', proposal, kim)).toMatchObject(SECOND);
    expect((await decide('approve', 'by-admin', proposal, lee)).status).toBe(200);
    expect(await live('by-admin')).toBe(1);
  });

  it('may be proposed by a key, and is approved by a person who has not had it in hand', async () => {
    const { kim, lee, omar } = people;
    const made = (await server.post('/v1/access/keys', { label: 'desk', actions: ['rule:publish', 'rule:read'] }, kim.as)).body;
    const first = { as: { authorization: `Bearer ${String(made['secret'])}` } };
    const proposal = await proposed({ source: RULE('by-key', 2) }, first);
    expect(await decide('approve', 'by-key', proposal, first)).toMatchObject(SECOND);
    expect(await decide('approve', 'by-key', proposal, kim)).toMatchObject({ ...SECOND, body: { detail: expect.stringContaining('a key of yours') as string } });
    // Neither may whoever has made another secret for it, nor who sends the administrator's key, which may be anybody.
    const { body: { secret } } = await server.post(`/v1/access/keys/${String(made['id'])}/rotate`, { overlapMinutes: 0 }, lee.as);
    const second = await proposed({ source: RULE('by-key', 3) }, { as: { authorization: `Bearer ${String(secret)}` } });
    expect(second).not.toBe(proposal);
    for (const one of [kim, lee, { as: { authorization: `Bearer ${ADMIN_KEY}` } }]) expect(await decide('approve', 'by-key', second, one)).toMatchObject(SECOND);
    expect((await open('by-key', kim))[0]).toMatchObject({ proposedBy: made['id'], proposedByName: 'desk' });
    expect((await decide('approve', 'by-key', second, omar)).status).toBe(200);
    expect(await live('by-key')).toBe(1);
  });

  it('is not lowered, and then changed or retired, by one alone', async () => {
    const { ines, omar } = people;
    await liveByTwo('lowered', 2);
    const proposal = await proposed({ source: RULE('lowered', 1, LOW) }, ines);
    expect(await decide('approve', 'lowered', proposal, ines)).toMatchObject(SECOND);
    const retiring = await server.post('/v1/rules/lowered/retire', { reason: 'replaced' }, ines.as);
    expect(retiring).toMatchObject({ status: 202, body: { outcome: 'proposed' } });
    expect([await live('lowered'), await active('lowered')]).toEqual([1, ['ann']]);
    expect(await decide('approve', 'lowered', retiring.body['proposal'], ines)).toMatchObject(SECOND);
    expect(await decide('approve', 'lowered', retiring.body['proposal'], omar)).toMatchObject({ status: 200, body: { outcome: 'retired' } });
    expect(await live('lowered')).toBe('retired');
    expect((await server.get('/v1/rules/lowered', people.kim.as)).body).toMatchObject({ retired: { by: ines.id, byName: 'ines', approvedBy: omar.id, approvedByName: 'omar', reason: 'replaced' } });
    // It was of high stakes, so bringing it back takes two as well.
    const back = await proposed({ source: RULE('lowered', 1, LOW) }, ines);
    expect((await decide('approve', 'lowered', back, omar)).status).toBe(200);
    expect(await publish({ source: RULE('lowered', 3, LOW) }, ines)).toMatchObject({ status: 201, body: { outcome: 'published', version: 3 } });
  });

  it('is approved for the version for which it was proposed, and for no other', async () => {
    const { ines, omar, kim } = people;
    await liveByTwo('stale', 1);
    const old = await proposed({ source: RULE('stale', 2) }, ines);
    const other = await proposed({ source: RULE('stale', 3) }, kim);
    expect((await decide('approve', 'stale', other, omar)).status).toBe(200);
    expect(await decide('approve', 'stale', old, omar)).toMatchObject({ status: 409, body: { type: 'urn:proofmark:problem:version-moved', detail: expect.stringContaining('meant for version 1') as string } });
    expect(await open('stale')).toMatchObject([{ proposal: old, stale: true, liveVersion: 1 }]);
    expect((await decide('reject', 'stale', old, omar)).status).toBe(200);
    expect([await live('stale'), await open('stale')]).toEqual([2, []]);
    expect((await publish({ source: RULE('stale', 4), expectedVersion: 1 }, ines)).status).toBe(409);
    expect(await publish({ source: RULE('stale', 3) }, ines)).toMatchObject({ status: 200, body: { outcome: 'unchanged', version: 2 } });
  });

  it('is approved by one of two who do so at once, and goes live once', async () => {
    const proposal = await proposed({ source: RULE('raced', 2) }, people.ines);
    const answers = await Promise.all([people.omar, people.kim, people.lee].map((one) => decide('approve', 'raced', proposal, one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
    expect(await live('raced')).toBe(1);
  });

  it('is listed while it is open, with what differs from what is live', async () => {
    await liveByTwo('listed', 1);
    const proposal = await proposed({ source: RULE('listed', 2) }, people.ines);
    expect(await open('listed', people.omar)).toEqual([{
      badge: 'listed', proposal, change: 'publish', proposedBy: people.ines.id, proposedAt: expect.any(String) as string, liveVersion: 1, stale: false, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      source: RULE('listed', 2), decidesAtOnce: false, diagnostics: [], changes: [expect.objectContaining({ part: 'criteria count' })],
    }]);
    expect((await open('listed', people.aud))[0]).toMatchObject({ proposedByName: 'ines' });
    expect((await server.get('/v1/rules/proposals', { authorization: '' })).status).toBe(401);
  });

  it('leaves in the log who did what, by id', async () => {
    const { ines, omar } = people;
    const proposal = await proposed({ source: RULE('noted', 2) }, ines);
    await decide('reject', 'noted', proposal, omar, { reason: 'too easy' });
    const events = (await server.engine.store.readAll({ after: 0, limit: 10_000, categories: ['action', 'rule'] })).map(({ type, schema, json }) => readLogEvent(type, schema, json));
    expect(events.slice(-4)).toMatchObject([
      { type: 'ActionTaken', by: ines.id, action: 'rule:publish', route: 'POST /v1/rules' },
      { type: 'RuleProposed', badge: 'noted', proposal, by: ines.id, people: [ines.id] },
      { type: 'ActionTaken', by: omar.id, action: 'rule:publish', route: 'POST /v1/rules/:badge/proposals/:proposal/reject', of: { badge: 'noted', proposal }, reason: 'too easy' },
      { type: 'ProposalRejected', badge: 'noted', proposal, by: omar.id, reason: 'too easy' },
    ]);
  });

  it('does not make a course of its badge, nor an award, before it is approved', async () => {
    await proposed({ source: RULE('waiting', 1) }, people.ines);
    await server.engine.followers.settle();
    expect((await server.get('/v1/badges')).text).not.toContain('"waiting"');
    expect((await server.get('/v1/analytics/courses')).text).not.toContain('"waiting"');
    expect(await active('waiting')).toEqual([]);
  });

  it.each([{ by: 'ines' }, { confirm: 5 }, { confirm: '1-a' }, { stakes: 'low' }])('is not approved with %j', async (body) => {
    const [{ proposal } = {}] = await open('waiting');
    expect((await decide('approve', 'waiting', proposal, people.omar, body)).status).toBe(400);
  });
});

describe('a rule of high stakes that judges what is on record', () => {
  it('shows its approver what it does, beside what it was to do, before it does it', async () => {
    const { ines, omar } = people;
    await liveByTwo('past', 1);
    expect(await active('past')).toEqual(['ann', 'bob']);
    const source = RULE('past', 2);
    const shown = await publish({ source, backfill: true }, ines);
    expect(shown).toMatchObject({ status: 200, body: { outcome: 'preview', backfill: { revoked: 1 } } });
    const proposal = await proposed({ source, backfill: true, confirm: shown.body['confirm'] }, ines);
    expect(await open('past')).toMatchObject([{ proposal, backfill: true, effects: { revoked: 1, granted: 0 } }]);
    expect(await active('past')).toEqual(['ann', 'bob']);

    // Meanwhile somebody else earns what the new version would take away.
    await server.post('/v1/events', grade('c1', 'cid', 'E1', 70));
    await server.engine.followers.settle();
    expect(await decide('approve', 'past', proposal, ines)).toMatchObject(SECOND);
    const preview = await decide('approve', 'past', proposal, omar);
    expect(preview).toMatchObject({ status: 200, body: { outcome: 'preview', proposal, version: 2, proposedEffects: { revoked: 1 }, backfill: { revoked: 2, first: { revoked: [{ learner: 'bob' }, { learner: 'cid' }] } } } });
    for (const confirm of [shown.body['confirm'], '12-forged']) expect(await decide('approve', 'past', proposal, omar, { confirm })).toMatchObject({ status: 409, body: { type: 'urn:proofmark:problem:version-moved' } });
    expect(await active('past')).toEqual(['ann', 'bob', 'cid']);
    expect(await decide('approve', 'past', proposal, omar, { confirm: preview.body['confirm'] })).toMatchObject({ status: 200, body: { outcome: 'published', version: 2 } });
    expect(await active('past')).toEqual(['ann']);
  });
});

describe('a rule file of high stakes', () => {
  it('is published when the engine starts, by who has the machine; what was proposed stays open, and is stale once the file differs', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'proofmark-stakes-'));
    const file = join(dir, 'filed.yaml');
    const starts = async (needed: number, use: (started: ServerUnderTest) => Promise<void>): Promise<void> => {
      writeFileSync(file, RULE('filed', needed));
      const started = await serverUnderTest({ dataDir: join(dir, 'data'), rulesDirs: [dir] });
      try {
        await use(started);
      } finally {
        await started.close();
      }
    };
    const admin = { as: AS_ADMIN };
    const version = async (started: ServerUnderTest): Promise<unknown> => (await started.get('/v1/rules/filed')).body['version'];
    let proposal = '';
    try {
      await starts(1, async (started) => {
        expect(await version(started)).toBe(1);
        proposal = String((await started.post('/v1/rules', { source: RULE('filed', 2) }, admin.as)).body['proposal']);
        await started.post('/v1/events', grade('a1', 'ann', 'E1', 80));
      });
      await starts(1, async (started) => {
        expect((await started.get('/v1/rules/proposals')).body).toMatchObject({ items: [{ proposal, stale: false }] });
        await started.engine.followers.settle();
        expect((await started.get('/v1/awards?badge=filed')).body).toMatchObject({ items: [{ learner: 'ann', rule: { version: 1 } }] });
        expect([...(await started.engine.readModels.find('rule', { where: { badge: 'filed' } }))]).toHaveLength(1);
      });
      await starts(3, async (started) => {
        expect(await version(started)).toBe(2);
        const { as } = await invited(started, 'lee', ['admin']);
        expect((await started.get('/v1/rules/proposals')).body).toMatchObject({ items: [{ proposal, stale: true }] });
        expect(await started.post(`/v1/rules/filed/proposals/${proposal}/approve`, {}, as)).toMatchObject({ status: 409, body: { type: 'urn:proofmark:problem:version-moved' } });
        expect(await version(started)).toBe(2);
      });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
