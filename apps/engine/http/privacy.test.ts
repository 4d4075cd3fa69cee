import { resumeErasures } from '../privacy/erase-learner.js';
import { keepTombstone, readTombstones, tombstonesIn } from '../privacy/tombstones.js';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const NOBODY = { authorization: '' };
const OWN = { ...NOBODY, 'sec-fetch-site': 'same-origin' };

let server: ServerUnderTest;
let code: string;
let ann: Record<string, string>;
beforeAll(async () => {
  server = await serverUnderTest({ demo: true });
  const events = ['ann', 'bob'].flatMap((learner) => [grade(`${learner}1`, learner, 'a1', 90), grade(`${learner}2`, learner, 'a2', 80)]);
  expect((await server.post('/v1/events', events)).body).toMatchObject({ recorded: 4 });
  await server.engine.followers.settle();
  code = (await server.engine.readModels.find('credential', { where: { learner: 'ann' } }))[0]?.['code'] as string;
  const { headers } = await server.post('/sign-in/demo', { role: 'learner', learner: 'ann' }, NOBODY);
  ann = { ...OWN, cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
}, 120_000);
afterAll(() => server.close());

describe('a learner', () => {
  it('sees and changes what is kept about them, and nobody else does', async () => {
    expect((await server.post('/v1/learners/ann/profile', { name: 'Ann Example', language: 'ko' }, ann)).body).toMatchObject({ learner: 'ann', name: 'Ann Example', language: 'ko' });
    expect((await server.post('/v1/learners/ann/profile', { language: null }, ann)).body).toEqual({ learner: 'ann', name: 'Ann Example', consents: {} });
    for (const [path, body] of [['/v1/learners/bob/profile', { name: 'Eve' }], ['/v1/learners/bob/consents', { to: 'linkedin', given: true }], ['/v1/learners/bob/erase', { confirm: 'bob', reason: 'x' }]] as const) {
      expect([path, (await server.post(path, body, ann)).status]).toEqual([path, 404]);
    }
    for (const path of ['/v1/learners/bob/profile', '/v1/learners/bob/export']) expect([path, (await server.get(path, ann)).status]).toEqual([path, 404]);
    for (const body of [{ name: '' }, { name: 'two\nlines' }, { name: 'x'.repeat(201) }, { email: 'nobody' }, { language: 'no language' }]) expect([body, (await server.post('/v1/learners/ann/profile', body, ann)).status]).toEqual([body, 400]);
    expect((await server.post('/v1/learners/ann/profile', { tenant: 'x' }, ann)).status).toBe(400);
    for (const wrong of [{ name: 'two\nlines' }, { name: 'a\0b' }, { name: '\ud800' }, { email: 'ann' }, { language: 'no language' }]) {
      expect([wrong, await server.post('/v1/learners/ann/profile', wrong, ann)]).toMatchObject([wrong, { status: 400, body: { detail: expect.stringContaining(`${Object.keys(wrong)[0]}: must be`) as string } }]);
    }
  });

  it('consents to each use by itself, and takes it back', async () => {
    expect((await server.post('/v1/learners/ann/consents', { to: 'linkedin', given: true }, ann)).body).toMatchObject({ consents: { linkedin: { given: true } } });
    expect((await server.post('/v1/learners/ann/consents', { to: 'linkedin', given: false }, ann)).body).toMatchObject({ consents: { linkedin: { given: false } } });
    expect((await server.post('/v1/learners/ann/consents', { to: 'everything', given: true }, ann)).status).toBe(400);
  });

  it('takes everything away as one file', async () => {
    const { status, headers, text } = await server.get('/v1/learners/ann/export', ann);
    expect([status, headers['content-type']]).toEqual([200, 'application/zip']);
    for (const name of ['README.txt', 'profile.json', 'events.ndjson', 'consents.json', 'collection.json']) expect(text).toContain(name);
  });

  it('does not get letters about others by taking their name', async () => {
    await server.post('/v1/events', { id: 'x', source: 'lms', type: 'Nonsense', learner: 'bob', note: 'Bob Builder' });
    await server.post('/v1/learners/ann/profile', { name: 'Bob Builder' }, ann);
    const { text } = await server.get('/v1/learners/ann/export', ann);
    expect(text).not.toContain('Nonsense');
    await server.engine.followers.settle();
    expect(await server.engine.readModels.count('dead_letter', { status: 'open' })).toBe(1);
  });

  it('is erased when they ask for it twice, and is then as somebody who never was', async () => {
    expect((await server.post('/v1/learners/ann/erase', { confirm: 'ana', reason: 'I leave' }, ann)).status).toBe(400);
    expect((await server.get(`/v/${code}`, NOBODY)).status).toBe(200);
    expect(await server.post('/v1/learners/ann/erase', { confirm: 'ann', reason: 'I leave' }, ann)).toMatchObject({ status: 200, body: { awards: 1 } });
    const [page, unknown] = [await server.get(`/v/${code}`, NOBODY), await server.get('/v/0000000000000000', NOBODY)];
    expect([page.status, page.text]).toEqual([unknown.status, unknown.text]);
    for (const path of [`/credentials/${code}/en`, `/v1/verify/${code}`, '/v1/learners/ann/growth-path']) expect([path, (await server.get(path)).status]).toEqual([path, 404]);
    expect((await server.get('/v1/awards?learner=ann')).body).toMatchObject({ items: [] });
    expect((await server.get('/v1/learners/ann/profile')).body).toEqual({ learner: 'ann', consents: {} });
    expect((await server.post('/v1/events', grade('ann3', 'ann', 'a3', 90))).body).toMatchObject({ deadLettered: 1 });
    expect((await server.get('/v1/learners/bob/growth-path')).status).toBe(200);
    expect(await server.engine.readModels.count('dead_letter', { reason: 'invalid', status: 'open' })).toBe(1); // Bob's
    expect((await server.get('/v1/me', ann)).status).toBe(401); // and their account is closed
  });

  it('takes nothing of others along by their name when a restore has brought them back', async () => {
    const file = tombstonesIn(server.engine.config.dataDir);
    expect(await readTombstones(file)).toMatchObject([{ learner: 'ann', byName: false }]);
    // As after a restore: the log knows of no erasure of Cid, who had taken Bob's name, and the file does.
    await server.post('/v1/events', grade('cid1', 'cid', 'a1', 90));
    await server.post('/v1/learners/cid/profile', { name: 'Bob Builder' });
    await keepTombstone(file, { tenant: 'default', learner: 'cid', at: 1, byName: false });
    expect(await resumeErasures(server.engine, Date.now())).toEqual(['cid']);
    expect((await server.get('/v1/learners/cid/growth-path')).status).toBe(404);
    expect(await server.engine.readModels.count('dead_letter', { reason: 'invalid', status: 'open' })).toBe(1); // Bob's
  });
});
