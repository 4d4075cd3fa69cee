import { Logger } from '@nestjs/common';
import { logLines } from '../log-lines.js';
import { ADMIN_KEY } from './admin-under-test.js';
import { grade, serverUnderTest, type ServerUnderTest } from './server-under-test.js';

/* What the engine writes to its log while people and programs do what they may and may not, with everything that must not be in it. */

const NAME = 'Canaria Birdsong';
const EMAIL = 'canaria@nest.example';
const PASSWORD = 'eight quiet lanterns';
const NOBODY = { authorization: '' };
const OWN = { ...NOBODY, 'sec-fetch-site': 'same-origin' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let server: ServerUnderTest;
const lines: string[] = [];
beforeAll(async () => {
  server = await serverUnderTest();
  const keep = (line: string): void => void lines.push(line);
  Logger.overrideLogger(logLines(keep, keep, () => new Date()));
}, 120_000);
afterAll(async () => {
  Logger.overrideLogger(false);
  await server.close();
});

const form = (path: string, fields: Record<string, string>) => server.post(path, new URLSearchParams(fields).toString(), { ...OWN, ...FORM });

it('holds no key, token, password, cookie, name or address of anybody, whatever was refused', async () => {
  const made = (await server.post('/v1/access/keys', { label: 'lms', actions: ['event:send', 'award:read'], courses: ['C2'], sources: ['lab'] })).body as unknown as { readonly id: string; readonly secret: string; readonly signingSecret: string };
  const token = String((await server.post('/oauth/token', { grant_type: 'client_credentials', client_id: made.id, client_secret: made.secret }, NOBODY)).body['access_token']);
  const { body: person } = await server.post('/v1/access/people', { roles: ['learner'], learner: EMAIL });
  const invitation = new URL(String(person['invitation'])).searchParams.get('token') ?? '';
  const welcome = await form('/welcome', { token: invitation, login: EMAIL, password: PASSWORD });
  expect(welcome.status).toBe(303);
  const cookie = String(welcome.headers['set-cookie']).split(';')[0] ?? '';
  const secrets = [ADMIN_KEY, made.secret, made.signingSecret, token, invitation, cookie.split('=')[1] ?? '', PASSWORD, NAME, EMAIL, encodeURIComponent(EMAIL), 'nest.example'];
  for (const secret of secrets) expect(secret.length).toBeGreaterThan(8);

  const before = lines.length;
  await server.post('/v1/events', { ...grade('g1', EMAIL, 'a1', 90), title: NAME });
  await server.post('/v1/events', `{"learner": "${EMAIL}", "name": "${NAME}`);
  await server.post(`/v1/learners/${encodeURIComponent(EMAIL)}/profile`, { name: NAME, email: EMAIL });
  for (const credentials of [made.secret, token]) {
    const headers = { authorization: `Bearer ${credentials}` };
    for (const path of ['/v1/awards', `/v1/learners/${encodeURIComponent(EMAIL)}/growth-path`, `/v1/awards?learner=${encodeURIComponent(EMAIL)}`]) expect([403, 404]).toContain((await server.get(path, headers)).status);
    expect((await server.post(`/v1/learners/${encodeURIComponent(EMAIL)}/erase`, { confirm: EMAIL, reason: NAME }, headers)).status).toBe(403);
    expect((await server.get('/v1/awards', { authorization: `Bearer ${credentials}x` })).status).toBe(401);
  }
  expect((await form('/sign-in', { login: EMAIL, password: `${PASSWORD}, not` })).status).toBe(401);
  expect((await server.get('/v1/access/keys', { ...OWN, cookie })).status).toBe(403);
  expect((await server.get(`/sign-in/oidc/callback?code=${token}&state=${EMAIL}`, NOBODY)).status).toBe(404);

  expect(lines.slice(before).filter((line) => line.includes(made.id)).length).toBeGreaterThan(5); // refusals are logged, by id
  const all = lines.join('\n').toLowerCase();
  for (const secret of secrets) expect([secret, all.includes(secret.toLowerCase())]).toEqual([secret, false]);
});
