import { readLogEvent } from '#domain/log-event.js';
import { invited, type PersonUnderTest } from '../people-under-test.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from '../server-under-test.js';

const TWO = `
badge: two
name: { en: Two }
criteria-text: { en: Two people confirm it. }
decides: as-soon-as-met
when-corrected: review
criteria: { approval: { by: 2 } }
`;

let server: ServerUnderTest;
let [kim, lee, tutor]: PersonUnderTest[] = [];
/** A key that Kim has made. */
let key: { readonly id: string; readonly as: Record<string, string> };

beforeAll(async () => {
  server = await serverUnderTest();
  kim = await invited(server, 'kim', ['admin']);
  lee = await invited(server, 'lee', ['admin']);
  tutor = await invited(server, 'tutor', ['instructor'], ['C1']);
  const { body } = await server.post('/v1/access/keys', { label: 'desk', actions: ['batch:issue', 'rule:publish', 'rule:read', 'event:send', 'letter:replay', 'letter:read'] }, kim.as);
  key = { id: String(body['id']), as: { authorization: `Bearer ${String(body['secret'])}` } };
  await server.post('/v1/events', [grade('a1', 'ann', 'a1', 90), grade('a2', 'ann', 'a2', 80)]);
  await server.post('/v1/rules', { source: TWO });
  await server.engine.followers.settle();
}, 120_000);
afterAll(() => server.close());

const the = (one: PersonUnderTest | undefined): PersonUnderTest => {
  if (!one) throw new Error('nobody is there yet');
  return one;
};
const rule = (badge: string): string => `badge: ${badge}\nname: { en: X }\ncriteria-text: { en: X }\ncourse: C1\ndecides: as-soon-as-met\nwhen-corrected: keep\ncriteria: { count: { of: grades, at-least: 9 } }\n`;
const approval = (id: string, approver: string, learner: string) => ({ id, source: 'desk', type: 'ApprovalGiven', learner, course: 'C1', badge: 'two', approver, time: '2026-03-05T10:00:00Z' });
const firstOf = ({ body }: Answer): Readonly<Record<string, unknown>> => (body['results'] as readonly Readonly<Record<string, unknown>>[])[0] ?? {};
const holders = async (): Promise<readonly unknown[]> => {
  await server.engine.followers.settle();
  return ((await server.get('/v1/awards?badge=two&state=active')).body['items'] as readonly { readonly learner: string }[]).map(({ learner }) => learner);
};
const gives = async (learner: string, as: Readonly<Record<string, string>>): Promise<void> => {
  const { status, body } = await server.post('/v1/batches?badge=two', `learner\n${learner}\n`, { ...as, 'content-type': 'text/csv' });
  expect(status).toBe(201);
  expect((await server.post(`/v1/batches/${String(body['id'])}/issue`, { confirm: body['confirm'] }, as)).status).toBe(202);
  for (;;) {
    const { body: { state } } = await server.get(`/v1/batches/${String(body['id'])}`);
    if (state === 'done') return;
    expect(['waiting', 'issuing']).toContain(state);
  }
};

describe('who did something', () => {
  it.each([
    ['/v1/rules', { source: rule('x') }], ['/v1/rules/essays/retire', { reason: 'r' }], ['/v1/issuers/default/keys', { algorithm: 'Ed25519' }], ['/v1/issuers/default/reissue', { reason: 'r' }],
    ['/v1/issuers/default/keys/x/compromised', { reason: 'r' }], ['/v1/batches/x/preview', {}], ['/v1/batches/x/issue', { confirm: 'x' }], ['/v1/awards/x/review', { decision: 'revoke', reason: 'r' }],
  ])('is not asked of the body of %s', async (path, body) => {
    expect(await server.post(path, { ...body, by: 'somebody else' }, the(kim).as)).toMatchObject({ status: 400, body: { detail: expect.stringContaining('by') as string } });
  });

  it('is the account or key of the request, and is told by name to who administers', async () => {
    await server.post('/v1/rules', { source: rule('by-tutor') }, the(tutor).as);
    await server.post('/v1/rules', { source: rule('by-key') }, key.as);
    await server.post('/v1/rules/by-key/retire', { reason: 'r' }, the(lee).as);
    await server.engine.followers.settle();
    expect((await server.get('/v1/rules/by-tutor', the(kim).as)).body).toMatchObject({ publishedBy: the(tutor).id, publishedByName: 'tutor' });
    expect((await server.get('/v1/rules/by-key', the(kim).as)).body).toMatchObject({ publishedBy: key.id, publishedByName: 'desk', retired: { by: the(lee).id, byName: 'lee' } });
    expect((await server.get('/v1/rules/by-tutor/versions', the(kim).as)).body).toMatchObject({ items: [{ publishedByName: 'tutor' }] });
    const toTutor = await server.get('/v1/rules/by-key', the(tutor).as);
    expect(toTutor.body).toMatchObject({ publishedBy: key.id, retired: { by: the(lee).id } });
    expect(toTutor.text).not.toMatch(/Name"|"lee"|"desk"/);
  });

  it('stands in the decision about an award, and in what becomes of an issuer', async () => {
    const [award] = await server.engine.readModels.find('award', { where: { learner: 'ann', badge: 'essays' } });
    const id = award?.['award'] as string;
    expect((await server.post(`/v1/awards/${id}/review`, { decision: 'revoke', reason: 'copied' }, the(tutor).as)).status).toBe(200);
    expect((await server.post('/v1/issuers/default/reissue', { reason: 'r' }, the(lee).as)).status).toBe(202);
    await server.engine.followers.settle();
    expect((await server.get(`/v1/awards/${id}`)).body).toMatchObject({ cause: { kind: 'person', by: the(tutor).id } });
    const events = (await server.engine.store.readAll({ after: 0, limit: 10_000, categories: ['issuer'] })).map(({ type, schema, json }) => readLogEvent(type, schema, json));
    expect(events.find(({ type }) => type === 'ReissueRequested')).toMatchObject({ by: the(lee).id });
  });

  it('is nowhere in the log by name', async () => {
    const log = JSON.stringify((await server.engine.store.readAll({ after: 0, limit: 10_000 })).map(({ json }) => json));
    for (const login of ['kim', 'lee', 'tutor']) expect([login, log.includes(`"${login}\\"`)]).toEqual([login, false]);
  });
});

describe('an approval', () => {
  it('of a batch counts once for a person, by whichever way, and for two as two', async () => {
    await gives('cho', the(kim).as);
    await gives('cho', key.as);
    expect(await holders()).not.toContain('cho');
    await gives('cho', the(lee).as);
    expect(await holders()).toContain('cho');
  });

  it('is not given in the name of who changed the secret of a key, by who still has the one before', async () => {
    const made = await server.post('/v1/access/keys', { label: 'shared', actions: ['batch:issue'] }, the(kim).as);
    const before = { authorization: `Bearer ${String(made.body['secret'])}` };
    const token = await server.post('/oauth/token', new URLSearchParams({ grant_type: 'client_credentials', client_id: String(made.body['id']), client_secret: String(made.body['secret']) }).toString(), { authorization: '', 'content-type': 'application/x-www-form-urlencoded' });
    const { body: rotated } = await server.post(`/v1/access/keys/${String(made.body['id'])}/rotate`, { overlapMinutes: 5 }, the(lee).as);
    await gives('fay', the(kim).as);
    for (const as of [before, { authorization: `Bearer ${String(token.body['access_token'])}` }, { authorization: `Bearer ${String(rotated['secret'])}` }]) {
      const { status, body } = await server.post('/v1/batches?badge=two', 'learner\nfay\n', { ...as, 'content-type': 'text/csv' });
      expect(status).toBe(201);
      expect(await server.post(`/v1/batches/${String(body['id'])}/issue`, { confirm: body['confirm'] }, as)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('it cannot be told who approves this') as string } });
    }
    expect(await holders()).not.toContain('fay');
  });

  it('is given by a person in their own name alone', async () => {
    expect(firstOf(await server.post('/v1/events', approval('p1', the(kim).id, 'dan'), the(kim).as))).toMatchObject({ outcome: 'recorded' });
    const other = firstOf(await server.post('/v1/events', approval('p2', the(lee).id, 'dan'), the(kim).as));
    expect(other).toMatchObject({ outcome: 'rejected', reason: 'forbidden-approver' });
    await server.engine.followers.settle();
    expect(await server.post(`/v1/dead-letters/${String(other['letter'])}/replay`, undefined, the(kim).as)).toMatchObject({ status: 403 });
    expect(await server.post(`/v1/dead-letters/${String(other['letter'])}/replay`, undefined, key.as)).toMatchObject({ status: 403 });
    expect(await server.post('/v1/dead-letters/replay', { reason: 'forbidden-approver' }, the(kim).as)).toMatchObject({ status: 403 });
    expect((await server.post('/v1/dead-letters/replay', {}, the(kim).as)).body).toMatchObject({ recorded: 0 });
    expect(await holders()).not.toContain('dan');
    expect(firstOf(await server.post('/v1/events', approval('p3', the(lee).id, 'dan'), the(lee).as))).toMatchObject({ outcome: 'recorded' });
    expect(await holders()).toContain('dan');
  });

  it('is reported by a class system in the name of whom it says', async () => {
    for (const approver of ['t-1', 't-2']) expect(firstOf(await server.post('/v1/events', approval(`k-${approver}`, approver, 'eve'), key.as))).toMatchObject({ outcome: 'recorded' });
    expect(await holders()).toContain('eve');
  });
});
