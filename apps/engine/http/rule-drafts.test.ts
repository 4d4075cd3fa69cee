import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invited, type PersonUnderTest } from './people-under-test.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

const OTHER = 'other';
const BROKEN = 'badge: [\n# not yet';
const ruleOf = (badge: string, course: string, least = 1): string => `badge: ${badge}
name: { en: A Badge }
criteria-text: { en: One graded essay at least }
course: ${course}
decides: as-soon-as-met
when-corrected: review
criteria: { count: { of: grades, at-least: ${least} } }
`;
const OF_APPROVALS = `badge: workshop
name: { en: Workshop }
criteria-text: { en: Took part }
decides: as-soon-as-met
when-corrected: review
criteria: { approval: { by: 1 } }
`;

let dataDir: string;
let server: ServerUnderTest;
/** Teaches C1, C2, and both. */
let [ina, ivo, ida]: readonly PersonUnderTest[] = [];

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'proofmark-drafts-'));
  server = await serverUnderTest({ dataDir, tenants: [{ tenant: OTHER, rulesDirs: [] }] });
  ina = await invited(server, 'ina', ['instructor'], ['C1']);
  ivo = await invited(server, 'ivo', ['instructor'], ['C2']);
  ida = await invited(server, 'ida', ['instructor'], ['C1', 'C2']);
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const as = (who: PersonUnderTest | undefined): Record<string, string> => ({ ...who?.as });
const save = (badge: string, body: object, who?: PersonUnderTest): Promise<Answer> => server.post(`/v1/rules/${badge}/draft`, { course: 'C1', source: BROKEN, ...body }, as(who));
const get = (badge: string, who?: PersonUnderTest): Promise<Answer> => server.get(`/v1/rules/${badge}/draft`, as(who));
const discard = (badge: string, body: object = {}, who?: PersonUnderTest): Promise<Answer> => server.post(`/v1/rules/${badge}/draft/discard`, body, as(who));
const badgesSeen = async (who?: PersonUnderTest): Promise<readonly unknown[]> => ((await server.get('/v1/rules/drafts', as(who))).body['items'] as readonly { readonly badge: string }[]).map(({ badge }) => badge);

describe('a draft', () => {
  it('is kept whatever it says, and read back byte for byte', async () => {
    expect(await get('poems')).toMatchObject({ status: 404 });
    const { status, body } = await save('poems', { cases: ' \r\n:' }, ina);
    expect(status).toBe(200);
    expect(body).toEqual({ badge: 'poems', course: 'C1', source: BROKEN, cases: ' \r\n:', savedAt: expect.any(String) as unknown, by: ina?.id, basedOn: 0, revision: 1 });
    expect((await get('poems', ina)).body).toEqual(body);
    expect((await get('poems')).body).toEqual({ ...body, byName: 'ina' });
    expect((await save('poems', { source: '' }, ina)).body).toMatchObject({ source: '', cases: null, revision: 2 });
  });

  it('is not saved again as it is', async () => {
    await save('twice', { cases: 'x' });
    const head = await server.engine.store.head();
    expect((await save('twice', { cases: 'x' })).body).toMatchObject({ revision: 1 });
    expect(await server.engine.store.head()).toBe(head);
  });

  it('is not saved over what somebody else has saved in between', async () => {
    expect((await save('shared', { expectedRevision: 0 }, ina)).body).toMatchObject({ revision: 1 });
    expect((await save('shared', { source: 'hers', expectedRevision: 1 }, ida)).body).toMatchObject({ revision: 2 });
    expect(await save('shared', { source: 'mine', expectedRevision: 1 }, ina)).toMatchObject({ status: 409, body: { type: 'urn:proofmark:problem:draft-moved' } });
    expect(await discard('shared', { expectedRevision: 1 }, ina)).toMatchObject({ status: 409 });
    expect((await get('shared', ina)).body).toMatchObject({ source: 'hers', by: ida?.id });
    const both = await Promise.all(['one', 'two'].map((source) => save('shared', { source, expectedRevision: 2 }, ina)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('is discarded, and stays known', async () => {
    await save('dropped', { cases: 'x' });
    expect(await discard('dropped', { expectedRevision: 1 })).toMatchObject({ status: 200, body: { source: null, cases: null, revision: 2 } });
    expect(await discard('dropped')).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(await discard('never')).toMatchObject({ status: 404 });
    expect(await badgesSeen()).not.toContain('dropped');
  });

  it('decides nothing, ends when it is published word for word, and leaves its cases', async () => {
    const source = ruleOf('letters', 'C1');
    await save('letters', { source, cases: 'cases of it' }, ina);
    await server.post('/v1/events', [grade('g1', 'ann', 'e1', 90)]);
    await server.engine.followers.settle();
    expect((await server.get('/v1/rules/letters')).status).toBe(404);
    expect((await server.get('/v1/awards?badge=letters')).text).not.toContain('ann');
    expect((await server.post('/v1/rules', { source }, as(ina))).status).toBe(201);
    expect((await get('letters', ina)).body).toMatchObject({ source: null, cases: 'cases of it', revision: 1 });
    expect(await badgesSeen()).not.toContain('letters');
    await server.engine.followers.settle();
    expect((await server.get('/v1/rules/letters')).body).toMatchObject({ version: 1 });
    // Begun on the first version, and stale once there is a second one.
    expect((await save('letters', { source: 'next' }, ina)).body).toMatchObject({ basedOn: 1, cases: null });
    const stale = async () => ((await server.get('/v1/rules/drafts', as(ina))).body['items'] as readonly { readonly badge: string; readonly stale: boolean }[]).find(({ badge }) => badge === 'letters')?.stale;
    expect(await stale()).toBe(false);
    expect((await server.post('/v1/rules', { source: ruleOf('letters', 'C1', 2) }, as(ina))).status).toBe(201);
    expect(await stale()).toBe(true);
    expect((await save('letters', { source: 'more' }, ina)).body).toMatchObject({ basedOn: 1, revision: 3 });
    expect((await discard('letters', {}, ina)).body).toMatchObject({ source: null, cases: 'cases of it' });
  });

  it.each<[string, object]>([
    ['no text', { source: 7 }], ['null', { source: null }], ['no course', { course: undefined }], ['a text that is too long', { source: 'x'.repeat(100_001) }], ['cases that are too long', { cases: 'x'.repeat(100_001) }],
    ['who did it', { by: 'ana' }], ['a revision that is none', { expectedRevision: -1 }],
  ])('is not made of %s', async (_what, body) => expect((await save('refused', body)).status).toBe(400));

  it('is not of a badge that no rule could have', async () => {
    for (const badge of ['Poems', 'a_b', 'x'.repeat(65)]) expect([badge, (await save(badge, {})).status]).toEqual([badge, 400]);
  });
});

describe('whose draft it is', () => {
  it('is of who teaches the course that it is for, and the one that it was for', async () => {
    expect((await save('of-one', {}, ivo)).status).toBe(404);
    expect((await save('of-one', { course: 'C1' }, ina)).status).toBe(200);
    for (const ask of [get('of-one', ivo), save('of-one', { course: 'C2' }, ivo), save('of-one', { course: 'C1' }, ivo), discard('of-one', {}, ivo)]) expect((await ask).status).toBe(404);
    expect((await save('of-one', { course: 'C2' }, ina)).status).toBe(404);
    expect((await save('of-one', { course: 'C2' }, ida)).status).toBe(200);
    expect((await get('of-one', ina)).status).toBe(404);
    expect((await get('of-one', ivo)).status).toBe(200);
  });

  it('does not follow what the text says, nor whether it says anything', async () => {
    // A text that names the own course, or none that can be read, opens nothing of another one.
    await save('guarded', { course: 'C2', source: 'theirs' }, ivo);
    for (const source of [BROKEN, ruleOf('guarded', 'C1'), '']) {
      expect((await save('guarded', { course: 'C1', source }, ina)).status).toBe(404);
      expect((await save('guarded', { course: 'C2', source }, ina)).status).toBe(404);
    }
    expect((await get('guarded', ivo)).body).toMatchObject({ source: 'theirs' });
  });

  it('is of who teaches every course in which the badge was published', async () => {
    expect((await server.post('/v1/rules', { source: ruleOf('moved', 'C2') }, as(ivo))).status).toBe(201);
    expect((await save('moved', { course: 'C1' }, ina)).status).toBe(404);
    expect((await get('moved', ina)).status).toBe(404);
    expect((await server.post('/v1/rules', { source: ruleOf('moved', 'C1') }, as(ida))).status).toBe(201);
    for (const who of [ina, ivo]) expect((await save('moved', { course: 'C1' }, who)).status).toBe(404);
    expect((await save('moved', { course: 'C1' }, ida)).status).toBe(200);
  });

  it('is of administrators alone where it may concern anybody', async () => {
    expect((await save('role', { course: '' }, ida)).status).toBe(404);
    expect((await save('role', { course: '' })).status).toBe(200);
    expect((await get('role', ida)).status).toBe(404);
    expect((await server.post('/v1/rules', { source: OF_APPROVALS })).status).toBe(201);
    expect((await save('workshop', { course: 'C1' }, ida)).status).toBe(404);
  });

  it('is in the list of those alone', async () => {
    await save('in-c1', { course: 'C1' }, ina);
    await save('in-c2', { course: 'C2' }, ivo);
    const [ofIna, ofIvo, ofAll] = [await badgesSeen(ina), await badgesSeen(ivo), await badgesSeen()];
    expect([ofIna.includes('in-c1'), ofIna.includes('in-c2'), ofIna.includes('role'), ofIna.includes('moved')]).toEqual([true, false, false, false]);
    expect([ofIvo.includes('in-c1'), ofIvo.includes('in-c2')]).toEqual([false, true]);
    for (const badge of ['in-c1', 'in-c2', 'role', 'moved']) expect(ofAll).toContain(badge);
    expect(ofAll.indexOf('in-c2')).toBeLessThan(ofAll.indexOf('role'));
  });

  it('is of nobody who does not write rules', async () => {
    const [lee, ada] = [await invited(server, 'lee', ['learner']), await invited(server, 'ada', ['auditor'])];
    for (const who of [lee, ada]) {
      for (const ask of [server.get('/v1/rules/drafts', as(who)), get('in-c1', who), save('in-c1', {}, who), discard('in-c1', {}, who)]) expect((await ask).status).toBe(403);
    }
    expect((await server.get('/v1/rules/in-c1/draft', { authorization: '' })).status).toBe(401);
  });

  it('is of one school', async () => {
    expect((await server.get(`/t/${OTHER}/v1/rules/in-c1/draft`)).status).toBe(404);
    expect((await server.get(`/t/${OTHER}/v1/rules/drafts`)).body).toEqual({ items: [] });
    expect((await server.post(`/t/${OTHER}/v1/rules/in-c1/draft`, { course: 'C1', source: 'of the other' })).body).toMatchObject({ revision: 1 });
    expect((await get('in-c1', ina)).body).toMatchObject({ source: BROKEN });
    expect((await server.post(`/t/${OTHER}/v1/rules/in-c1/draft/discard`, {})).status).toBe(200);
    expect(await badgesSeen(ina)).toContain('in-c1');
  });

  it('is there after a restart, and nothing else has changed', async () => {
    const [before, list, rules] = [(await get('moved')).body, await badgesSeen(), (await server.get('/v1/rules')).body];
    await server.close();
    server = await serverUnderTest({ dataDir, tenants: [{ tenant: OTHER, rulesDirs: [] }] });
    expect((await get('moved')).body).toEqual(before);
    expect(await badgesSeen()).toEqual(list);
    expect((await server.get('/v1/rules')).body).toEqual(rules);
  });
});
