import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACTIONS, PEOPLE_ONLY } from '#access/actions.js';
import { showCollection } from '../../privacy/shared-collection.js';
import { openApiOf } from '../openapi.js';
import { grade, serverUnderTest, type ServerUnderTest } from '../server-under-test.js';

/*
 * Two schools in one engine, with the same ids of courses, badges and learners in both as far as each chooses its own. What one of them
 * sends is asked of the other one's address, and with the other one's ids of its own.
 */

const RULE = `
badge: essays
name: { en: Essays }
criteria-text: { en: One graded essay }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria: { count: { of: grades, at-least: 1 } }
`;
const GIVEN = `
badge: workshop
name: { en: Workshop }
criteria-text: { en: Took part }
decides: as-soon-as-met
when-corrected: review
criteria: { approval: { by: 1 } }
`;
const OTHER = 'saebyeok';

let dir: string;
let server: ServerUnderTest;
/** Keys that may do everything that a key may do, of each school. */
let keys: Readonly<Record<'own' | 'other', string>>;
/** Ids that name something of the other school and nothing of the own one. */
let theirs: Readonly<Record<string, string>>;
/** Sends nothing that says who it is. */
const NOBODY = { authorization: '' };

const at = (school: 'own' | 'other', path: string): string => (school === 'own' ? path : `/t/${OTHER}${path}`);
const newKey = async (school: 'own' | 'other'): Promise<{ readonly id: string; readonly secret: string }> =>
  (await server.post(at(school, '/v1/access/keys'), { label: school, actions: ACTIONS.filter((action) => !PEOPLE_ONLY.includes(action)) })).body as unknown as { id: string; secret: string };

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'proofmark-tenants-'));
  writeFileSync(join(dir, 'essays.yaml'), RULE);
  writeFileSync(join(dir, 'workshop.yaml'), GIVEN);
  server = await serverUnderTest({ tenants: [{ tenant: OTHER, rulesDirs: [dir] }], obApi: 'read-only', smallGroup: 0 });
  const [own, other] = [await newKey('own'), await newKey('other')];
  keys = { own: own.secret, other: other.secret };
  for (const [school, learner] of [['own', 'ann'], ['other', 'bob']] as const) {
    const events = [grade('g1', learner, 'a1', 90), grade('g2', learner, 'a2', 90), ...(school === 'other' ? [{ ...grade('g3', learner, 'a1', 90), course: 'C9' }] : [])];
    expect(await server.post(at(school, '/v1/events'), events, { authorization: `Bearer ${keys[school]}` })).toMatchObject({ status: 200, body: { recorded: events.length } });
  }
  const bad = await server.post(at('other', '/v1/events'), { id: 'x' }, { authorization: `Bearer ${keys.other}` });
  await server.engine.followers.settle();
  const [award] = await server.engine.readModels.find('award', { where: { tenant: OTHER } });
  const [credential] = await server.engine.readModels.find('credential', { where: { tenant: OTHER } });
  const [letter] = bad.body['results'] as readonly { readonly letter: string }[];
  const issuer = (await server.get(at('other', '/v1/issuers'))).body as unknown as { readonly items: readonly { readonly keys: readonly { readonly kid: string }[] }[] };
  // Proposed there by a key, for a badge that both have.
  const proposal = await server.post(at('other', '/v1/rules'), { source: `${RULE}stakes: high\n` }, { authorization: `Bearer ${keys.other}` });
  expect(proposal).toMatchObject({ status: 202 });
  expect(await server.post(at('other', '/v1/rules/sketch-of-theirs/draft'), { course: 'C1', source: 'badge: sketch-of-theirs' }, { authorization: `Bearer ${keys.other}` })).toMatchObject({ status: 200 });
  const batch = await server.post(at('other', '/v1/batches?badge=workshop'), 'id\nbob\n', { authorization: `Bearer ${keys.other}`, 'content-type': 'text/csv' });
  const account = await server.post(at('other', '/v1/access/people'), { roles: ['auditor'] });
  const shown = await showCollection({ ...server.engine, config: { ...server.engine.config, tenant: OTHER } }, 'bob', [award?.['award'] as string], Date.now());
  expect(await server.engine.followers.waitFor(['shared-collections'], shown, 10_000)).toBe(true);
  const [collection] = await server.engine.readModels.find('shared_collection', { where: { tenant: OTHER } });
  theirs = {
    collection: collection?.['code'] as string,
    proposal: String(proposal.body['proposal']), batch: batch.body['id'] as string, account: account.body['id'] as string,
    award: award?.['award'] as string, code: credential?.['code'] as string, letter: letter?.letter ?? '', learner: 'bob', key: other.id, course: 'C9', issuer: OTHER, kid: issuer.items[0]?.keys[0]?.kid ?? '', language: 'en',
  };
  expect(Object.values(theirs).every((id) => typeof id === 'string' && id !== '')).toBe(true);
}, 120_000);
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

/** What each parameter stands for, by the beginning of the path; the first that fits. */
const PARAMETERS: readonly (readonly [start: string, ids: Readonly<Record<string, string>>])[] = [
  ['/v1/awards/', { id: 'award' }], ['/v1/learners/', { id: 'learner' }], ['/v1/courses/', { id: 'course' }], ['/v1/dead-letters/', { id: 'letter' }], ['/v1/rules/', { proposal: 'proposal' }], ['/v1/access/keys/', { id: 'key' }], ['/v1/access/people/', { id: 'account' }], ['/v1/batches/', { id: 'batch' }],
  ['/v1/issuers/', { issuer: 'issuer', kid: 'kid' }], ['/issuers/', { issuer: 'issuer', kid: 'kid' }], ['/ob2/issuers/', { issuer: 'issuer' }],
  ['/c/', { code: 'collection' }], ['/credentials/', { code: 'code', language: 'language' }], ['/v1/credentials/', { code: 'code' }], ['/v1/verify/', { code: 'code' }], ['/v/', { code: 'code' }], ['/ob2/assertions/', { code: 'code' }],
];
/** Bodies that are valid, so that nothing but whose it is can be the reason of the answer. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /v1/awards/{id}/review': { decision: 'revoke', reason: 'x' }, 'POST /v1/issuers/{issuer}/keys': { algorithm: 'Ed25519' }, 'POST /v1/issuers/{issuer}/keys/{kid}/compromised': { reason: 'x' },
  'POST /v1/learners/{id}/profile': { name: 'x' }, 'POST /v1/learners/{id}/consents': { to: 'public-name', given: true }, 'POST /v1/learners/{id}/erase': { confirm: 'bob', reason: 'x' },
  'POST /v1/rules/{badge}/proposals/{proposal}/approve': {}, 'POST /v1/rules/{badge}/proposals/{proposal}/reject': { reason: 'x' },
  'POST /v1/issuers/{issuer}/reissue': { reason: 'x' }, 'POST /v1/access/keys/{id}/revoke': { reason: 'x' }, 'POST /v1/credentials/{code}/shares': { to: 'link' },
  'POST /v1/batches/{id}/issue': { confirm: 'x' },
  'POST /v1/access/people/{id}/roles': { roles: ['admin'] }, 'POST /v1/access/people/{id}/close': { reason: 'x' },
};

const routesIn = (): readonly { readonly method: string; readonly path: string }[] =>
  Object.entries(openApiOf(server.app.nest).paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })));

const ask = async (method: string, path: string, body: object | undefined, headers: Record<string, string>): Promise<number> =>
  (method === 'POST' ? await server.post(path, body ?? {}, headers) : method === 'GET' ? await server.get(path, headers) : await server.ask(method, path, headers)).status;

describe('what belongs to another school', () => {
  it('is not found under the own address by any id of theirs, on every route', async () => {
    const asked: string[] = [];
    for (const { method, path } of routesIn()) {
      const [, ids] = PARAMETERS.find(([start]) => path.startsWith(start)) ?? [];
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      if (!ids || !named.some((name) => ids[name] !== undefined && ids[name] !== 'language')) continue;
      // What a learner shows is theirs alone to say, and no key's: see the test of collections.
      if (path.startsWith('/v1/learners/{id}/collection')) continue;
      const url = path.replace(/\{(\w+)\}/g, (_all, name: string) => theirs[ids[name] ?? ''] ?? { badge: 'essays', version: '1', purpose: 'revocation', list: '1' }[name] ?? 'x');
      const route = `${method} ${path}`;
      // Keys are for people to manage: there the administrator asks, who is one of every tenant, under the address of one.
      const headers: Record<string, string> = path.startsWith('/v1/access/') ? {} : { authorization: `Bearer ${keys.own}` };
      expect([route, await ask(method, url, BODIES[route], headers)]).toEqual([route, 404]);
      asked.push(route);
    }
    expect(asked.length).toBeGreaterThan(35);
  });

  it('is there under theirs, so that what was asked for can be found', async () => {
    const headers = { authorization: `Bearer ${keys.other}` };
    for (const path of [`/v1/awards/${theirs['award']}`, '/v1/learners/bob/growth-path', '/v1/courses/C9/progress', `/v1/batches/${theirs['batch']}`, `/v1/dead-letters/${theirs['letter']}`, `/v/${theirs['code']}`, `/c/${theirs['collection']}`, `/c/${theirs['collection']}/picture.png`, `/issuers/${OTHER}/did.json`, `/credentials/${theirs['code']}/en`]) {
      expect([path, (await server.get(at('other', path), headers)).status]).toEqual([path, 200]);
    }
  });

  it('is not found under theirs with a key of the own one, on every route that asks who it is', async () => {
    const headers = { authorization: `Bearer ${keys.own}` };
    let asked = 0;
    for (const { method, path } of routesIn()) {
      const url = at('other', path.replace(/\{id\}/g, theirs['award'] ?? '').replace(/\{\w+\}/g, 'essays'));
      if ((await ask(method, url, {}, NOBODY)) !== 401) continue;
      if (path === '/v1/me') continue;
      expect([method, path, await ask(method, url, {}, headers)]).toEqual([method, path, 404]);
      asked += 1;
    }
    expect(asked).toBeGreaterThan(40);
  });

  it('is not in any list, count or figure', async () => {
    const headers = { authorization: `Bearer ${keys.own}` };
    for (const path of ['/v1/awards', '/v1/badges', '/v1/courses', '/v1/courses/C1/progress', '/v1/courses/C1/learners', '/v1/rules', '/v1/rules/proposals', '/v1/rules/drafts', '/v1/rules/names', '/v1/dead-letters', '/v1/issuers', '/v1/analytics/summary', '/v1/analytics/courses', '/v1/analytics/engagement', '/v1/access/keys', '/v1/access/people', '/v1/batches']) {
      const { text, status } = await server.get(path, headers);
      expect([path, status]).toEqual([path, 200]);
      for (const id of ['bob', OTHER, theirs['award'], theirs['letter'], theirs['key'], theirs['proposal'], theirs['batch'], theirs['account'], 'sketch-of-theirs']) expect([path, id, text.includes(id ?? '')]).toEqual([path, id, false]);
    }
    expect((await server.get('/v1/analytics/summary', headers)).body).toMatchObject({ learners: 1, awards: { active: 1 } });
  });

  it('has addresses of its own in what is signed, and its own keys', async () => {
    const { text, body } = await server.get(at('other', `/credentials/${theirs['code']}/en`));
    expect(text).toContain(`/t/${OTHER}/issuers/${OTHER}`);
    expect(text).not.toContain('localhost%3A3000:issuers');
    expect((await server.post(at('other', '/v1/verify'), body)).body).toMatchObject({ verdict: 'valid' });
  });

  it('is no tenant that nobody has', async () => {
    expect((await server.get('/t/nobody/v1/awards')).status).toBe(404);
    expect((await server.get('/t/')).status).toBe(404);
  });
});
