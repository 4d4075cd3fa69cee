import { createHmac } from 'node:crypto';
import type { PersonRole } from '#access/actions.js';
import { readLogEvent } from '#domain/log-event.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from '../server-under-test.js';

/** Sends nothing that says who it is. */
const NOBODY = { authorization: '' };

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest({ demo: true, obApi: 'read-only' });
  const events = ['ann', 'bob'].flatMap((learner) => [grade(`${learner}1`, learner, 'a1', 90), grade(`${learner}2`, learner, 'a2', 80)]);
  expect(await server.post('/v1/events', [...events, { id: 'x1', source: 'lms', type: 'Enrolled', learner: 'cid', course: 'C2', time: '2026-03-01' }])).toMatchObject({ status: 200, body: { recorded: 5 } });
  await server.engine.followers.settle();
}, 120_000);
afterAll(() => server.close());

/** The cookie of somebody who has taken a role in the demo. */
const cookieOf = async (role: PersonRole, learner?: string): Promise<{ readonly cookie: string; readonly authorization: string }> => {
  const { status, headers } = await server.post('/sign-in/demo', { role, ...(learner && { learner }) }, NOBODY);
  expect(status).toBe(303);
  return { ...NOBODY, cookie: String(headers['set-cookie']).split(';')[0] ?? '' };
};
const own = { 'sec-fetch-site': 'same-origin' };
const newKey = async (body: object): Promise<{ readonly id: string; readonly secret: string }> => {
  const { status, body: made } = await server.post('/v1/access/keys', body);
  expect(status).toBe(201);
  return made as unknown as { id: string; secret: string };
};
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

describe('who sends nothing that says who it is', () => {
  it.each(['/v1/awards', '/v1/learners/ann/growth-path', '/v1/analytics/badges', '/v1/dead-letters', '/metrics', '/v1/access/keys', '/v1/me'])('is asked who it is at %s', async (path) => {
    const { status, headers, body } = await server.get(path, NOBODY);
    expect([status, headers['www-authenticate'] ?? 'Bearer', body['type']]).toEqual([401, 'Bearer', 'urn:proofmark:problem:unauthenticated']);
  });

  it('sends no events and publishes no rules', async () => {
    expect(await server.post('/v1/events', grade('n1', 'ann', 'a3', 1), NOBODY)).toMatchObject({ status: 401 });
    expect(await server.post('/v1/rules', { source: 'badge: x' }, NOBODY)).toMatchObject({ status: 401 });
  });

  it.each(['/verify', '/sign-in', '/health/live', '/issuers/default', '/docs'])('is let in at %s', async (path) => {
    expect([200, 404]).toContain((await server.get(path, NOBODY)).status);
  });

  it('is not let in with what is no key, or is one with a letter changed', async () => {
    const { secret } = await newKey({ label: 'x', actions: ['award:read'] });
    const last = secret.endsWith('0') ? '1' : '0';
    for (const token of ['', 'x', 'pmk_', `${secret.slice(0, -1)}${last}`, secret.toUpperCase(), `${secret}0`]) {
      expect([token, (await server.get('/v1/awards', bearer(token))).status]).toEqual([token, 401]);
    }
    expect((await server.get('/v1/awards', bearer(secret))).status).toBe(200);
  });
});

describe('an API key', () => {
  it('is shown once, and nowhere else: not in lists, not in the log', async () => {
    const { id, secret } = await newKey({ label: 'lms', actions: ['event:send'], sources: ['gradebook'], courses: ['C1'] });
    const { text } = await server.get('/v1/access/keys');
    expect(text).toContain(id);
    const log = JSON.stringify((await server.engine.store.readAll({ after: 0, limit: 10_000 })).map(({ json }) => json));
    for (const where of [text, log]) expect(where).not.toContain(secret.split('_')[2]);
  });

  it('does what it names and nothing else', async () => {
    const { secret } = await newKey({ label: 'reader', actions: ['award:read'] });
    expect((await server.get('/v1/awards', bearer(secret))).status).toBe(200);
    for (const path of ['/v1/analytics/badges', '/v1/dead-letters', '/v1/access/keys', '/metrics']) expect([path, (await server.get(path, bearer(secret))).status]).toEqual([path, 403]);
    expect((await server.post('/v1/access/keys', { label: 'more', actions: ['award:read'] }, bearer(secret))).status).toBe(403);
  });

  it('reads only what belongs to its courses', async () => {
    const { secret } = await newKey({ label: 'C2', actions: ['award:read', 'learner:read'], courses: ['C2'] });
    expect((await server.get('/v1/learners/cid/timeline', bearer(secret))).status).toBe(200);
    expect((await server.get('/v1/learners/ann/timeline', bearer(secret))).status).toBe(404);
    expect((await server.get('/v1/awards', bearer(secret))).status).toBe(404);
    expect((await server.get('/v1/awards?course=C1', bearer(secret))).status).toBe(404);
    expect((await server.get('/v1/awards?course=C2', bearer(secret))).body).toMatchObject({ items: [] });
  });

  it('opens nothing any more once it is revoked, and its first secret once another is there', async () => {
    const { id, secret } = await newKey({ label: 'soon gone', actions: ['award:read'] });
    const rotated = (await server.post(`/v1/access/keys/${id}/rotate`, { overlapMinutes: 0 })).body['secret'] as string;
    expect((await server.get('/v1/awards', bearer(secret))).status).toBe(401);
    expect((await server.get('/v1/awards', bearer(rotated))).status).toBe(200);
    const overlapping = (await server.post(`/v1/access/keys/${id}/rotate`, { overlapMinutes: 5 })).body['secret'] as string;
    for (const good of [rotated, overlapping]) expect((await server.get('/v1/awards', bearer(good))).status).toBe(200);
    expect((await server.post(`/v1/access/keys/${id}/revoke`, { reason: 'lost' })).status).toBe(200);
    for (const bad of [secret, rotated, overlapping]) expect((await server.get('/v1/awards', bearer(bad))).status).toBe(401);
    expect((await server.post(`/v1/access/keys/${id}/rotate`, {})).status).toBe(404);
  });

  it.each([
    [{ label: 'x', actions: [] }], [{ label: 'x', actions: ['access:manage'] }], [{ label: 'x', actions: ['all'] }], [{ label: '', actions: ['award:read'] }], [{ actions: ['award:read'] }],
    [{ label: 'x', actions: ['award:read'], tenant: 'other' }], [{ label: 'x', actions: ['award:read'], hash: '00' }], [{ label: 'x', actions: ['award:read'], courses: ['a*b'] }],
  ])('is not made of %j', async (body) => {
    expect((await server.post('/v1/access/keys', body)).status).toBe(400);
  });
});

describe('events by a key', () => {
  it('are recorded for its courses and sources, and kept as dead letters for others', async () => {
    const { secret } = await newKey({ label: 'lab', actions: ['event:send'], courses: ['C2'], sources: ['lab'] });
    const send = async (event: object): Promise<unknown> => ((await server.post('/v1/events', event, bearer(secret))).body['results'] as readonly unknown[])[0];
    const event = { id: 's1', source: 'lab', type: 'Enrolled', learner: 'dan', course: 'C2', time: '2026-03-01' };
    expect(await send(event)).toMatchObject({ outcome: 'recorded' });
    expect(await send({ ...event, id: 's2', course: 'C1' })).toMatchObject({ outcome: 'rejected', reason: 'forbidden-course' });
    expect(await send({ ...event, id: 's3', source: 'lms' })).toMatchObject({ outcome: 'rejected', reason: 'forbidden-source' });
    expect(await send({ id: 's4', source: 'lms', type: 'FactRetracted', target: 'ann1', learner: 'ann', time: '2026-03-06' })).toMatchObject({ outcome: 'rejected', reason: 'forbidden-source' });
    expect(await send({ id: 's5', source: 'lab', type: 'FactRetracted', target: 's1', learner: 'dan', time: '2026-03-06' })).toMatchObject({ outcome: 'recorded' });
  });

  it('cannot correct what others have said: keys for different courses have different sources', async () => {
    const key = (more: object) => server.post('/v1/access/keys', { label: 'rival', actions: ['event:send'], ...more });
    expect(await key({ courses: ['C1'] })).toMatchObject({ status: 400 });
    expect(await key({ courses: ['C1'], sources: ['lab'] })).toMatchObject({ status: 409 });
    expect(await key({ courses: ['C1'], sources: ['la*'] })).toMatchObject({ status: 409 });
    expect(await key({ sources: ['lab'] })).toMatchObject({ status: 409 });
    expect(await key({ courses: ['C2'], sources: ['lab'] })).toMatchObject({ status: 201 });
    expect(await key({ courses: ['C1'], sources: ['lab-1'] })).toMatchObject({ status: 201 });
    // Nor read whom it could put into its course.
    expect(await key({ actions: ['event:send', 'learner:read'], courses: ['C1'], sources: ['lab-2'] })).toMatchObject({ status: 400 });
    expect(await key({ actions: ['event:send', 'learner:read'], sources: ['lab-2'] })).toMatchObject({ status: 201 });
  });
});

describe('what keys and teachers cannot reach by a detour', () => {
  it('is an approval of a badge of another course', async () => {
    const { secret } = await newKey({ label: 'desk', actions: ['event:send'], courses: ['C2'], sources: ['desk'] });
    const sent = await server.post('/v1/events', { id: 'ok1', source: 'desk', type: 'ApprovalGiven', course: 'C2', badge: 'essays', approver: 'x', learner: 'cid', time: '2026-03-01' }, bearer(secret));
    expect(sent.body['results']).toMatchObject([{ outcome: 'rejected', reason: 'forbidden-course' }]);
  });

  it('is a replay of what was refused', async () => {
    const { secret } = await newKey({ label: 'replayer', actions: ['event:send', 'letter:replay'], sources: ['replayer'] });
    const { body } = await server.post('/v1/events', { id: 'f1', source: 'lms', type: 'Enrolled', learner: 'ann', course: 'C1', time: '2026-03-01' }, bearer(secret));
    const [{ letter }] = body['results'] as readonly [{ readonly letter: string }];
    // At once, before any read model shows the letter, as well as later.
    expect((await server.post(`/v1/dead-letters/${letter}/replay`, undefined, bearer(secret))).status).toBe(403);
    await server.engine.followers.settle();
    expect((await server.post(`/v1/dead-letters/${letter}/replay`, undefined, bearer(secret))).status).toBe(403);
    expect((await server.post('/v1/dead-letters/replay', { reason: 'forbidden-source' }, bearer(secret))).status).toBe(403);
    for (const reason of ['forbidden-course', 'unsigned', 'bad-signature']) expect([reason, (await server.post('/v1/dead-letters/replay', { reason }, bearer(secret))).status]).toEqual([reason, 403]);
    expect((await server.post('/v1/dead-letters/replay', {}, bearer(secret))).body).toMatchObject({ recorded: 0 });
    expect((await server.post('/v1/dead-letters/replay', {})).body).toMatchObject({ recorded: 0 });
    expect((await server.post(`/v1/dead-letters/${letter}/replay`)).body).toMatchObject({ outcome: 'recorded' });
  });

  it('is a list of everybody by a rule that badges or approvals alone can meet', async () => {
    const who = { ...(await cookieOf('instructor')), ...own };
    const rule = (criteria: string): string => `badge: spy\nname: { en: X }\ncriteria-text: { en: X }\ncourse: sql-1\ndecides: as-soon-as-met\nwhen-corrected: keep\ncriteria: ${criteria}\n`;
    for (const criteria of ['{ count: { of: approvals, activity: essays, at-least: 1 } }', '{ badges: { badge: [essays] } }']) {
      expect([criteria, (await server.post('/v1/rules/backtest', { source: rule(criteria), limit: 1000 }, who)).status]).toEqual([criteria, 404]);
    }
    // Nor by the name of one that an administrator has published, nor by a version that comes after it.
    const [anybodys, narrow] = [rule('{ badges: { badge: [essays] } }'), rule('{ count: { of: grades, at-least: 1 } }')];
    expect((await server.post('/v1/rules', { source: anybodys })).status).toBe(201);
    for (const [path, body] of [['backtest', { badge: 'spy' }], ['backtest', { source: narrow, against: 1 }], ['spy/retire', { reason: 'x' }]] as const) expect([path, (await server.post(`/v1/rules/${path}`, body, who)).status]).toEqual([path, 404]);
    expect((await server.post('/v1/rules', { source: narrow, backfill: true }, who)).status).toBe(404);
    expect((await server.post('/v1/rules', { source: narrow })).status).toBe(201);
    expect((await server.post('/v1/rules/backtest', { badge: 'spy', version: 1 }, who)).status).toBe(404);
  });

  it('is what a badge was in another course, when it has come to theirs', async () => {
    const who = { ...(await cookieOf('instructor')), ...own }; // of the courses sql-*
    const rule = (course: string): string => `badge: moved\nname: { en: X }\ncriteria-text: { en: X }\ncourse: ${course}\ndecides: as-soon-as-met\nwhen-corrected: keep\ncriteria: { count: { of: grades, at-least: 1 } }\n`;
    for (const course of ['C1', 'sql-2']) expect((await server.post('/v1/rules', { source: rule(course) })).status).toBe(201);
    await server.engine.followers.settle();
    expect((await server.get('/v1/awards?badge=moved')).body['items']).toMatchObject([{ course: 'C1' }, { course: 'C1' }]);
    for (const path of ['/v1/awards?badge=moved', '/v1/analytics/engagement/moved', '/v1/analytics/awards-over-time?badge=moved']) expect([path, (await server.get(path, who)).status]).toEqual([path, 404]);
    expect((await server.post('/v1/rules', { source: rule('sql-2').replace('at-least: 1', 'at-least: 2'), backfill: true }, who)).status).toBe(404);
    expect((await server.get('/v1/awards?badge=moved&course=sql-2', who)).body['items']).toEqual([]);
  });
});

describe('the Open Badges API', () => {
  const asked = (learner: string, more = ''): readonly string[] => ['credentials', 'profile'].map((what) => `/ims/ob/v3p0/${what}?learner=${learner}${more}`);

  it('tells of those whom somebody may read, whatever else is asked', async () => {
    const { secret } = await newKey({ label: 'C2', actions: ['learner:read'], courses: ['C2'] });
    for (const path of ['', '&course=C2', '&badge=essays', '&course=C2&badge=x'].flatMap((more) => asked('ann', more))) expect([path, (await server.get(path, bearer(secret))).status]).toEqual([path, 404]);
    for (const path of asked('ann', '&course=sql-1')) expect([path, (await server.get(path, await cookieOf('instructor'))).status]).toEqual([path, 404]);
    for (const path of asked('ann')) expect([path, (await server.get(path, await cookieOf('learner', 'ann'))).status]).toEqual([path, 200]);
    for (const path of asked('ann')) expect([path, (await server.get(path, await cookieOf('learner', 'bob'))).status]).toEqual([path, 404]);
  });
});

describe('a key that is not sent with each request', () => {
  const token = async (form: Record<string, string>, headers: Record<string, string> = NOBODY): Promise<Answer> =>
    server.post('/oauth/token', new URLSearchParams(form).toString(), { ...headers, 'content-type': 'application/x-www-form-urlencoded' });

  it('gets tokens that are good as long as it is itself', async () => {
    const { id, secret } = await newKey({ label: 'token', actions: ['award:read'] });
    const inForm = await token({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
    const inHeader = await token({ grant_type: 'client_credentials' }, { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` });
    for (const answer of [inForm, inHeader]) {
      expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 600 } });
      expect((await server.get('/v1/awards', bearer(String(answer.body['access_token'])))).status).toBe(200);
      expect((await server.get('/v1/rules', bearer(String(answer.body['access_token'])))).status).toBe(403);
    }
    await server.post(`/v1/access/keys/${id}/revoke`, { reason: 'lost' });
    expect((await server.get('/v1/awards', bearer(String(inForm.body['access_token'])))).status).toBe(401);
    expect((await token({ grant_type: 'client_credentials', client_id: id, client_secret: secret })).status).toBe(401);
  });

  it('gets none for another key, another grant, or nothing', async () => {
    const { id, secret } = await newKey({ label: 'token', actions: ['award:read'] });
    expect((await token({ grant_type: 'password', client_id: id, client_secret: secret })).status).toBe(400);
    for (const form of [{ client_id: 'x', client_secret: secret }, { client_id: id, client_secret: `${secret}0` }, { client_id: id }, {}]) expect((await token({ grant_type: 'client_credentials', ...form })).status).toBe(401);
    expect((await server.post('/oauth/token', 'grant_type=client_credentials&grant_type=x', { ...NOBODY, 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
  });

  it('signs events instead, and nothing else', async () => {
    const made = await newKey({ label: 'signer', actions: ['event:send', 'award:read'], sources: ['signer'] });
    const secret = Buffer.from((made as unknown as { readonly signingSecret: string }).signingSecret.replace('whsec_', ''), 'base64');
    const signed = (body: string, at = Date.now()): Record<string, string> => {
      const timestamp = String(Math.floor(at / 1_000));
      const signature = createHmac('sha256', secret).update(`m1.${timestamp}.${body}`).digest('base64');
      return { ...NOBODY, 'proofmark-key': made.id, 'webhook-id': 'm1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    };
    const event = (source: string): string => JSON.stringify({ id: `w-${source}`, source, type: 'Enrolled', learner: 'eve', course: 'C9', time: '2026-03-01' });
    const send = (body: string, headers: Record<string, string>) => server.post('/v1/events', body, headers);
    expect((await send(event('signer'), signed(event('signer')))).body).toMatchObject({ recorded: 1 });
    expect((await send(event('lms'), signed(event('lms')))).body).toMatchObject({ deadLettered: 1 });
    expect((await send(event('signer').replace('eve', 'ann'), signed(event('signer')))).status).toBe(401);
    expect((await send(event('signer'), signed(event('signer'), Date.now() - 301_000))).status).toBe(401);
    expect((await send(event('signer'), { ...signed(event('signer')), 'proofmark-key': 'nobodys' })).status).toBe(401);
    expect((await server.get('/v1/awards', signed(''))).status).toBe(401);
  });
});

describe('a session', () => {
  it('is one of the person who signed in, by a cookie that other sites cannot use', async () => {
    const { headers } = await server.post('/sign-in/demo', { role: 'learner', learner: 'ann' }, NOBODY);
    expect(headers['set-cookie']).toMatch(/^__Host-proofmark-default=[\w.-]+; Path=\/; Max-Age=43200; Secure; HttpOnly; SameSite=Lax$/);
    expect((await server.get('/v1/me', await cookieOf('learner', 'ann'))).body).toMatchObject({ kind: 'person', roles: ['learner'], learner: 'ann' });
  });

  it('shows a learner their own and nobody else', async () => {
    const ann = await cookieOf('learner', 'ann');
    const statuses = async (...paths: readonly string[]): Promise<readonly number[]> => Promise.all(paths.map(async (path) => (await server.get(path, ann)).status));
    const [award] = await server.engine.readModels.find('award', { where: { learner: 'bob' } });
    const [mine] = await server.engine.readModels.find('award', { where: { learner: 'ann' } });
    expect(await statuses('/v1/learners/ann/growth-path', '/v1/awards?learner=ann', `/v1/awards/${mine?.['award'] as string}`, '/v1/badges')).toEqual([200, 200, 200, 200]);
    expect(await statuses('/v1/learners/bob/growth-path', '/v1/awards?learner=bob', '/v1/awards', '/v1/awards?course=C1&learner=bob', '/v1/awards?badge=essays', `/v1/awards/${award?.['award'] as string}`, '/v1/learners/bob/badges/essays/explanation', '/v1/learners/nobody/timeline')).toEqual(
      Array.from({ length: 8 }, () => 404),
    );
    expect(await statuses('/v1/analytics/badges', '/v1/rules', '/v1/dead-letters', '/v1/projections', '/metrics', '/v1/access/keys', '/v1/batches')).toEqual(Array.from({ length: 7 }, () => 403));
  });

  it('lets an instructor author rules of their courses only', async () => {
    const who = { ...(await cookieOf('instructor')), ...own }; // of the courses sql-*
    const rule = (badge: string, course: string): string => `badge: ${badge}\nname: { en: X }\ncriteria-text: { en: X }\ncourse: ${course}\ndecides: as-soon-as-met\nwhen-corrected: keep\ncriteria: { count: { of: grades, at-least: 1 } }\n`;
    const publish = async (badge: string, course: string): Promise<number> => (await server.post('/v1/rules', { source: rule(badge, course) }, who)).status;
    expect(await publish('own', 'sql-1')).toBe(201);
    expect(await publish('foreign', 'C1')).toBe(404);
    expect(await publish('essays', 'sql-1')).toBe(404); // a badge of another course, taken over
    expect((await server.post('/v1/rules/essays/retire', { reason: 'x' }, who)).status).toBe(404);
    expect((await server.post('/v1/rules/backtest', { badge: 'essays' }, who)).status).toBe(404);
    expect((await server.post('/v1/rules/backtest', { source: rule('own', 'sql-1') }, who)).status).toBe(200);
    expect((await server.post('/v1/rules/lint', { source: 'badge: [' }, who)).status).toBe(200);
    expect((await server.get('/v1/learners/ann/growth-path', who)).status).toBe(404);
  });

  it('changes nothing from a page of another site', async () => {
    const admin = await cookieOf('admin');
    const make = async (headers: Record<string, string>): Promise<number> => (await server.post('/v1/access/keys', { label: 'x', actions: ['award:read'] }, { ...admin, ...headers })).status;
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example', host: 'localhost' }, { origin: 'null', host: 'localhost' }, {}]) expect([headers, await make(headers)]).toEqual([headers, 403]);
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: 'http://localhost:3000', host: 'localhost:3000' }]) expect([headers, await make(headers)]).toEqual([headers, 201]);
  });

  it('is over when its owner signs out, also for who copied the cookie', async () => {
    const ann = await cookieOf('learner', 'ann');
    const other = await cookieOf('learner', 'ann');
    const out = await server.post('/sign-out', {}, { ...ann, ...own });
    expect([out.status, String(out.headers['set-cookie'])]).toEqual([303, expect.stringContaining('Max-Age=0')]);
    expect((await server.get('/v1/me', ann)).status).toBe(401);
    expect((await server.get('/v1/me', other)).status).toBe(200);
  });

  it('goes on only to pages of this server', async () => {
    const to = async (path: string): Promise<unknown> => (await server.get(`/sign-in/demo/learner?to=${encodeURIComponent(path)}`, NOBODY)).headers['location'];
    expect(await to('/v1/awards?learner=hb-0013')).toBe('/v1/awards?learner=hb-0013');
    for (const path of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)']) expect(await to(path)).toBe('/');
  });
});

describe('what somebody does', () => {
  it('stands in the log before it is done: who, what, why and from where', async () => {
    const admin = { ...(await cookieOf('admin')), ...own };
    const [award] = await server.engine.readModels.find('award', { where: { learner: 'bob', badge: 'essays' } });
    const id = award?.['award'] as string;
    const { id: me } = (await server.get('/v1/me', admin)).body as { id: string };
    const done: Answer = await server.post(`/v1/awards/${id}/review`, { decision: 'revoke', reason: 'not his work' }, admin);
    expect(done.status).toBe(200);
    const events = (await server.engine.store.readAll({ after: 0, limit: 10_000, categories: ['action', 'award'] })).map(({ type, schema, json, position }) => ({ position, ...readLogEvent(type, schema, json) }));
    const at = events.findIndex((event) => event.type === 'ActionTaken' && event.of['id'] === id);
    expect(events[at]).toMatchObject({ by: me, kind: 'person', action: 'award:review', route: 'POST /v1/awards/:id/review', reason: 'not his work', from: '127.0.0.0/24' });
    expect(events[at + 1]).toMatchObject({ type: 'AwardRevoked', award: id });
  });
});
