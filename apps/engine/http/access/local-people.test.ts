import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { serverUnderTest, type Answer, type ServerUnderTest } from '../server-under-test.js';

const NOBODY = { authorization: '' };
const OWN = { ...NOBODY, 'sec-fetch-site': 'same-origin' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const LOGIN = 'Kim.Minji@School.Example';
const PASSWORD = 'eight quiet lanterns';

let server: ServerUnderTest;
beforeAll(async () => {
  // As an engine starts for the first time that nobody has set up: no key, no provider.
  server = await serverUnderTest({ adminKey: undefined as unknown as string });
}, 120_000);
afterAll(() => server.close());

const cookieIn = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0] ?? '';
const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = OWN): Promise<Answer> => server.post(path, new URLSearchParams(fields).toString(), { ...headers, ...FORM });
const tokenIn = (link: string): string => new URL(link).searchParams.get('token') ?? '';
const signIn = (login: string, password: string): Promise<Answer> => send('/sign-in', { login, password, to: '/v1/me' });
let admin: Record<string, string>;

describe('the first administrator', () => {
  it('comes in by a link that the engine gives at its start, once', async () => {
    const [early] = await server.app.firstLinks();
    const [first, ...others] = await server.app.firstLinks();
    expect(others).toEqual([]);
    const token = tokenIn(first?.link ?? '');
    expect((await server.get(`/welcome?token=${tokenIn(early?.link ?? '')}`, NOBODY)).status).toBe(404); // a later start gives another
    expect(await server.get(`/welcome?token=${token}`, NOBODY)).toMatchObject({ status: 200, text: expect.stringContaining('new-password') as string });
    for (const [login, password] of [['k', PASSWORD], ['a b', PASSWORD], [LOGIN, 'short'], [LOGIN, `${LOGIN} 1234567`]] as const) expect((await send('/welcome', { token, login, password })).status).toBe(400);
    const came = await send('/welcome', { token, login: LOGIN, password: PASSWORD });
    expect([came.status, came.headers['location']]).toEqual([303, '/']);
    admin = { ...OWN, cookie: cookieIn(came) };
    expect((await server.get('/v1/me', admin)).body).toMatchObject({ roles: ['admin', 'operator'] });
    expect((await send('/welcome', { token, login: 'other', password: PASSWORD })).status).toBe(404);
    expect(await server.app.firstLinks()).toEqual([]);
  });

  it('signs in again with login and password, however the login is written', async () => {
    const back = await signIn(` ${LOGIN.toUpperCase()} `, PASSWORD);
    expect([back.status, back.headers['location']]).toEqual([303, '/v1/me']);
    expect((await server.get('/v1/me', { ...OWN, cookie: cookieIn(back) })).status).toBe(200);
  });

  it('is named nowhere in the log, and in no file in the clear', async () => {
    const bytes = (path: string): Buffer[] => (statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => bytes(join(path, name))) : [readFileSync(path)]);
    const all = Buffer.concat(bytes(server.engine.config.dataDir)).toString('latin1').toLowerCase();
    for (const text of ['kim.minji', 'school.example', PASSWORD]) expect([text, all.includes(text)]).toEqual([text, false]);
  });
});

describe('people who are invited', () => {
  const invite = async (body: object): Promise<{ readonly id: string; readonly token: string }> => {
    const { status, body: made } = await server.post('/v1/access/people', body, admin);
    expect(status).toBe(201);
    return { id: String(made['id']), token: tokenIn(String(made['invitation'])) };
  };

  it('are what they were invited as, until that changes', async () => {
    const { id, token } = await invite({ roles: ['learner'], learner: 'ann' });
    const came = { ...OWN, cookie: cookieIn(await send('/welcome', { token, login: 'ann', password: PASSWORD })) };
    expect((await server.get('/v1/me', came)).body).toMatchObject({ roles: ['learner'], learner: 'ann' });
    expect((await server.get('/v1/access/people', came)).status).toBe(403);
    await server.post(`/v1/access/people/${id}/roles`, { roles: ['auditor'] }, admin);
    expect((await server.get('/v1/me', came)).body).toMatchObject({ roles: ['auditor'] });
    expect((await server.get('/v1/access/people', came)).text).toContain(LOGIN.toLowerCase());
  });

  it('are let in anew when they have forgotten, and then no longer as before', async () => {
    const { id, token } = await invite({ roles: ['operator'] });
    const came = { ...OWN, cookie: cookieIn(await send('/welcome', { token, login: 'opal', password: PASSWORD })) };
    const again = await server.post(`/v1/access/people/${id}/invite`, undefined, admin);
    expect([again.status, (await server.get('/v1/me', came)).status, (await signIn('opal', PASSWORD)).status]).toEqual([200, 401, 401]);
    expect((await send('/welcome', { token: tokenIn(String(again.body['invitation'])), login: 'opal', password: `${PASSWORD} two` })).status).toBe(303);
    expect((await signIn('opal', `${PASSWORD} two`)).status).toBe(303);
  });

  it('are let in by an invitation once, also where two follow it at once', async () => {
    const { id, token } = await invite({ roles: ['auditor'] });
    const came = await Promise.all(['first-in', 'second-in'].map((login) => send('/welcome', { token, login, password: PASSWORD })));
    expect(came.map(({ status }) => status).sort()).toEqual([303, 404]);
    expect((await Promise.all(['first-in', 'second-in'].map((login) => signIn(login, PASSWORD)))).map(({ status }) => status).sort()).toEqual([303, 401]);
    // Nor is anything left of it where another one is made meanwhile, or the account is closed.
    for (const [what, login] of [['invite', 'late-in'], ['close', 'last-in']] as const) {
      const again = tokenIn(String((await server.post(`/v1/access/people/${id}/invite`, {}, admin)).body['invitation']));
      await Promise.all([send('/welcome', { token: again, login, password: PASSWORD }), server.post(`/v1/access/people/${id}/${what}`, what === 'close' ? { reason: 'left' } : {}, admin)]);
      expect([what, (await signIn(login, PASSWORD)).status]).toEqual([what, 401]);
    }
    expect((await server.get('/v1/access/people', admin)).text).not.toMatch(/last-in/);
  });

  it('cannot take the login of somebody else', async () => {
    const { token } = await invite({ roles: ['learner'], learner: 'bob' });
    expect((await send('/welcome', { token, login: LOGIN, password: PASSWORD })).status).toBe(400);
  });

  it('are forgotten when their account is closed', async () => {
    const { id, token } = await invite({ roles: ['instructor'], courses: ['C1'] });
    const came = { ...OWN, cookie: cookieIn(await send('/welcome', { token, login: 'cid', password: PASSWORD })) };
    expect((await server.post(`/v1/access/people/${id}/close`, { reason: 'left' }, admin)).body).toMatchObject({ status: 'closed' });
    expect([(await server.get('/v1/me', came)).status, (await signIn('cid', PASSWORD)).status]).toEqual([401, 401]);
    expect((await server.get('/v1/access/people', admin)).text).not.toContain('"cid"');
    expect((await server.post(`/v1/access/people/${id}/invite`, undefined, admin)).status).toBe(404);
  });

  it('are nobody without a role, or with one that there is not', async () => {
    for (const body of [{}, { roles: [] }, { roles: ['wizard'] }, { roles: ['admin'], tenant: 'other' }]) expect((await server.post('/v1/access/people', body, admin)).status).toBe(400);
  });
});

describe('signing in', () => {
  it('says no to a wrong password and to a login that nobody has in the same words', async () => {
    const [wrong, nobody] = [await signIn('opal', 'wrong password here'), await signIn('nobody at all', 'wrong password here')];
    expect([wrong.status, nobody.status]).toEqual([401, 401]);
    expect(nobody.text).toBe(wrong.text);
    expect(wrong.headers['set-cookie']).toBeUndefined();
  });

  it('is over for a login that is tried too often', async () => {
    const statuses = [];
    for (let i = 0; i < 14; i++) statuses.push((await signIn('guessed', `guess number ${i} of many`)).status);
    expect(statuses.slice(0, 9).every((status) => status === 401)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    expect((await signIn(LOGIN, PASSWORD)).status).toBe(303);
  });

  it('is not done by a page of another site', async () => {
    for (const headers of [{ ...NOBODY, 'sec-fetch-site': 'cross-site' }, { ...NOBODY, origin: 'https://evil.example', host: 'localhost' }]) {
      expect((await send('/sign-in', { login: LOGIN, password: PASSWORD }, headers)).status).toBe(403);
    }
  });

  it('leads on to pages of this server alone', async () => {
    const { headers } = await send('/sign-in', { login: LOGIN, password: PASSWORD, to: '//evil.example' });
    expect(headers['location']).toBe('/');
  });
});
