import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

/* What strangers send to public pages and documents, by accident or on purpose: an answer, never a fault of the engine. */

const BASE = 'https://badges.school.example';
const EXPIRING = `
badge: for-a-day
name: { en: For a Day, ko: 하루 }
criteria-text: { en: One session }
course: C1
decides: as-soon-as-met
when-corrected: keep
validity: { for: 1 day }
criteria: { count: { of: attendance, at-least: 1 } }
`;

let server: ServerUnderTest;
let code: string;
let expired: string;
const codeOf = async (badge: string): Promise<string> => (await server.engine.readModels.find('credential', { where: { badge } }))[0]?.['code'] as string;
beforeAll(async () => {
  server = await serverUnderTest({ publicUrl: BASE });
  expect((await server.post('/v1/rules', { source: EXPIRING })).status).toBe(201);
  await server.post('/v1/events', [1, 2, 3].map((n) => ({ id: String(n), source: 'lms', type: 'AttendanceMarked', learner: 'ada', course: 'C1', activity: `s${n}`, status: 'present', time: `2026-03-0${n}T09:00:00Z` })));
  await server.engine.followers.settle();
  [code, expired] = [await codeOf('present'), await codeOf('for-a-day')];
}, 120_000);
afterAll(() => server.close());

/** Public pages and documents: what is linked, shared and fetched by strangers. */
const pages = (): readonly string[] => [
  '/app/', '/verify', `/v/${code}`,
  `/credentials/${code}/en`, `/credentials/${code}/en?format=jwt`, `/credentials/${code}/en/refresh`, `/credentials/${code}/trace`,
  `/credentials/${code}/en/badge.png`, `/credentials/${code}/en/badge.svg`, `/credentials/${code}/en/certificate.pdf`, `/credentials/${code}/en/certificate.png`,
  '/badges/present/image.png', '/badges/present/image.svg', '/badges/present/1/en',
  '/issuers/default', '/issuers/default/did.json', '/issuers/default/jwks.json', '/issuers/default/status/1/revocation', '/issuers/default/status/1/suspension',
  `/ob2/assertions/${code}`, '/ob2/badges/present/1/en', '/ob2/issuers/default', `/oembed?url=${encodeURIComponent(`${BASE}/v/${code}`)}`,
];
const withParameters = (page: string, parameters: string): string => `${page}${page.includes('?') ? '&' : '?'}${parameters}`;

describe('links that were passed on', () => {
  it.each(['fbclid=IwAR0x', 'utm_source=news&utm_medium=e-mail&gclid=1', 'x=1&x=2&x=3', '__proto__=1&constructor=2&toString=3', 'a[b]=1&[]=2', '&&&=', 'x=%EA%B0%80%20%00'])('open with "%s" behind them', async (parameters) => {
    for (const page of pages()) expect([page, (await server.get(withParameters(page, parameters))).status]).toEqual([page, 200]);
  });
});

describe('languages that are none', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'en-', '%00', 'a-name-that-no-language-has-at-all'])('%s is passed over where a reader is asked, and not found where a document is', async (language) => {
    for (const page of [`/v/${code}`, '/verify', '/badges/present/image.png', '/badges/present/image.svg']) expect([page, (await server.get(`${page}?lang=${language}`)).status]).toEqual([page, 200]);
    const looked = [`/v1/verify/${code}?language=${language}`, `/credentials/${code}/${language}`, `/credentials/${code}/${language}/refresh`, `/credentials/${code}/${language}/badge.png`, `/credentials/${code}/${language}/certificate.pdf`];
    for (const page of [...looked, `/badges/present/1/${language}`, `/ob2/badges/present/1/${language}`]) {
      const { status, headers } = await server.get(page);
      expect([page, [400, 404].includes(status), headers['content-type']]).toEqual([page, true, 'application/problem+json; charset=utf-8']);
    }
    expect((await server.get(`/v1/credentials/${code}?language=${language}`)).status).toBeLessThan(500);
    expect((await server.get(`/v/${code}`, { 'accept-language': decodeURIComponent(language).replace(/\0/g, '') })).status).toBe(200);
  });
});

describe('addresses that are none', () => {
  it.each(['%ZZ', '%', '%E0%A4%A', '%FF', '%C0%AE%C0%AE', '%00', '..%2f..%2fetc', 'too long'])('get a problem document: %s', async (what) => {
    const part = what === 'too long' ? 'x'.repeat(5_000) : what;
    for (const page of ['/issuers/', '/issuers/default/keys/', '/ob2/issuers/', '/ob2/assertions/', '/v1/issuers/', '/v1/verify/', '/v1/credentials/', '/v1/batches/', '/badges/'].flatMap((start) => [start + part, `${start + part}/did.json`, `${start + part}/image.png`])) {
      const { status, headers, body } = await server.get(page);
      expect([page.slice(0, 60), [400, 404, 414].includes(status) && body['status'] === status, headers['content-type']]).toEqual([page.slice(0, 60), true, 'application/problem+json; charset=utf-8']);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

describe('connections', () => {
  it('have a time for headers and one for bodies, and there are only so many', () => {
    const { headersTimeout, requestTimeout, maxConnections } = server.app.nest.getHttpServer();
    expect({ headersTimeout, requestTimeout, maxConnections }).toEqual({ headersTimeout: 15_000, requestTimeout: 300_000, maxConnections: 4_000 });
  });
});

describe('forms', () => {
  const send = async (contentType: string, boundary: string, parts: readonly string[]): Promise<number> => {
    const body = [...parts.map((part) => `--${boundary}\r\n${part}\r\n`), `--${boundary}--\r\n`].join('');
    return (await server.app.nest.inject({ method: 'POST', url: '/verify', headers: { 'content-type': contentType }, payload: Buffer.from(body) })).statusCode;
  };
  const file = (text = 'no badge'): string => `content-disposition: form-data; name="file"; filename="x.json"\r\n\r\n${text}`;
  const field = 'content-disposition: form-data; name="a"\r\n\r\n';

  it('are read with a part or two, however the boundary is written', async () => {
    for (const type of ['multipart/form-data; boundary=b-1', 'multipart/form-data; boundary="b-1"', 'Multipart/Form-Data;BOUNDARY=b-1', 'multipart/form-data; charset=utf-8; boundary=b-1']) expect([type, await send(type, 'b-1', [field, file()])]).toEqual([type, 200]);
  });

  it('are not read with very many parts', async () => {
    const many = Array.from({ length: 30_000 }, () => field);
    for (const type of [
      'multipart/form-data; boundary=b-1', 'multipart/form-data; boundary="b-1"', 'multipart/form-data; x="; boundary=zzz"; boundary=b-1', 'multipart/form-data; boundary=b-1; boundary=zzz', 'multipart/form-data; boundary=zzz; boundary=b-1',
      'multipart/form-data; boundary="\\b-1"', "multipart/form-data; boundary*=utf-8''b-1", 'multipart/form-data; boundary=b-1 ; x=y',
    ]) expect([type, await send(type, 'b-1', [file(), ...many])]).toEqual([type, 400]);
  });
});

describe('a badge that has expired', () => {
  it('is said to have, on its page and wherever it is verified or shared', async () => {
    const english = await server.get(`/v/${expired}`);
    expect([english.status, /class="verdict good"/.test(english.text)]).toEqual([200, false]);
    expect(english.text).toMatch(/class="verdict (?:bad|unsure)" role="status">[^]*expired/);
    expect((await server.get(`/v/${expired}?lang=ko`)).text).toMatch(/class="verdict (?:bad|unsure)" role="status">[^]*만료|class="verdict (?:bad|unsure)" role="status">[^]*기간/);
    expect((await server.get(`/v1/verify/${expired}`)).body).toMatchObject({ verdict: 'expired', checks: expect.arrayContaining([expect.objectContaining({ check: 'dates', result: 'failed' })]) as unknown });
    const document = (await server.get(`/credentials/${expired}/en`, { accept: 'application/json' })).text;
    const given = await server.app.nest.inject({ method: 'POST', url: '/v1/verify', headers: { 'content-type': 'application/json' }, payload: document });
    expect(JSON.parse(given.body)).toMatchObject({ verdict: 'expired' });
    const baked = (await server.app.nest.inject({ method: 'GET', url: `/credentials/${expired}/en/badge.png` })).rawPayload;
    expect(JSON.parse((await server.app.nest.inject({ method: 'POST', url: '/v1/verify', headers: { 'content-type': 'image/png' }, payload: baked })).body)).toMatchObject({ verdict: 'expired' });
    expect((await server.get(`/v1/credentials/${expired}`)).body).toMatchObject({ status: 'expired' });
    expect((await server.get('/v1/awards?badge=for-a-day')).body).toMatchObject({ items: [{ state: 'expired' }] });
  });
});
