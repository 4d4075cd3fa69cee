import { readCode } from '#credentials/code.js';
import { showCollection } from '../privacy/shared-collection.js';
import { AS_ADMIN } from './admin-under-test.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const BASE = 'https://badges.school.example';
/** A code that is well formed and nobody's. */
const NOBODYS = '0000000000000000';
const SLIP = '0000000000000001';

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly type?: string;
  readonly payload?: string;
}
const got = (path: (code: string) => string) => (code: string): Asked => ({ method: 'GET', url: path(code) });
const sent = (url: (code: string) => string, payload: (code: string) => string, type = 'application/json') => (code: string): Asked => ({ method: 'POST', url: url(code), type, payload: payload(code) });

/** Every address that takes a code, as the OpenAPI document names it. */
const ADDRESSES: Readonly<Record<string, (code: string) => Asked>> = {
  'GET /v/{code}': got((code) => `/v/${code}`),
  'GET /c/{code}': got((code) => `/c/${code}`),
  'GET /c/{code}/picture.png': got((code) => `/c/${code}/picture.png`),
  'GET /v1/verify/{code}': got((code) => `/v1/verify/${code}`),
  'POST /v1/verify': sent(() => '/v1/verify', (code) => code, 'text/plain'),
  'GET /v1/credentials/{code}': got((code) => `/v1/credentials/${code}`),
  'POST /v1/credentials/{code}/shares': sent((code) => `/v1/credentials/${code}/shares`, () => '{"to":"link"}'),
  'POST /v1/certificates': sent(() => '/v1/certificates', (code) => JSON.stringify({ code, recipient: 'Ada' })),
  'GET /credentials/{code}/trace': got((code) => `/credentials/${code}/trace`),
  'GET /credentials/{code}/{language}': got((code) => `/credentials/${code}/en`),
  'GET /credentials/{code}/{language}/refresh': got((code) => `/credentials/${code}/en/refresh`),
  'GET /credentials/{code}/{language}/badge.png': got((code) => `/credentials/${code}/en/badge.png`),
  'GET /credentials/{code}/{language}/badge.svg': got((code) => `/credentials/${code}/en/badge.svg`),
  'GET /credentials/{code}/{language}/certificate.pdf': got((code) => `/credentials/${code}/en/certificate.pdf`),
  'GET /credentials/{code}/{language}/certificate.png': got((code) => `/credentials/${code}/en/certificate.png`),
  'GET /ob2/assertions/{code}': got((code) => `/ob2/assertions/${code}`),
  'GET /oembed': got((code) => `/oembed?url=${encodeURIComponent(`${BASE}/v/${code}`)}`),
};

let server: ServerUnderTest;
let code: string;
/** What is there at an address: a collection, or a credential. */
let collection: string;
const there = (name: string): string => (name.startsWith('GET /c/') ? collection : code);
beforeAll(async () => {
  server = await serverUnderTest({ publicUrl: BASE });
  await server.post('/v1/events', [1, 2, 3].map((n) => ({ id: String(n), source: 'lms', type: 'AttendanceMarked', learner: 'ada', course: 'C1', activity: `s${n}`, status: 'present', time: `2026-03-0${n}T09:00:00Z` })));
  await server.engine.followers.settle();
  code = (await server.engine.readModels.find('credential', { where: { learner: 'ada' } }))[0]?.['code'] as string;
  const [award] = await server.engine.readModels.find('award', { where: { learner: 'ada' } });
  await server.engine.followers.waitFor(['shared-collections'], await showCollection(server.engine, 'ada', [award?.['award'] as string], Date.now()), 10_000);
  collection = (await server.engine.readModels.find('shared_collection', { where: { learner: 'ada' } }))[0]?.['code'] as string;
}, 120_000);
afterAll(() => server.close());

const answerTo = async ({ method, url, type, payload }: Asked, remoteAddress: string) => server.app.nest.inject({ method, url, remoteAddress, headers: { ...AS_ADMIN, ...(payload !== undefined && { 'content-type': type ?? '' }) }, ...(payload !== undefined && { payload }) });
const statusOf = async (asked: Asked, from: string): Promise<number> => (await answerTo(asked, from)).statusCode;

describe('codes that somebody tries out', () => {
  it.each(Object.entries(ADDRESSES))('are counted at %s, and codes that are there are answered all the same', async (name, ask) => {
    const from = `address of ${name}`;
    expect(readCode(SLIP)).toBeUndefined();
    const slip = name === 'POST /v1/verify' ? 200 : 404; // what is no code may be a badge: a report says that it is none
    for (let i = 0; i < 31; i++) expect([i, await statusOf(ask(SLIP), from)]).toEqual([i, slip]);
    for (let i = 0; i < 30; i++) expect([i, await statusOf(ask(NOBODYS), from)]).toEqual([i, 404]);
    const refused = await answerTo(ask(NOBODYS), from);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60']);
    expect(await statusOf(ask(SLIP), from)).toBe(slip);
    expect([200, 201]).toContain(await statusOf(ask(there(name)), from));
  });

  it('are counted together, wherever they are tried', async () => {
    const all = Object.values(ADDRESSES);
    for (let i = 0; i < 30; i++) expect(await statusOf((all[i % all.length] as (code: string) => Asked)(NOBODYS), 'one address')).toBe(404);
    for (const [name, ask] of Object.entries(ADDRESSES)) expect([name, await statusOf(ask(NOBODYS), 'one address')]).toEqual([name, 429]);
    expect(await statusOf((all[0] as (code: string) => Asked)(NOBODYS), 'another address')).toBe(404);
  });

  it('are counted at every address that takes one', async () => {
    const { paths } = (await server.get('/docs-json')).body as { readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    const documented = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(documented.filter((route) => route.includes('{code}') && !(route in ADDRESSES))).toEqual([]);
    expect(Object.keys(ADDRESSES).filter((route) => !documented.includes(route))).toEqual([]);
  });
});
