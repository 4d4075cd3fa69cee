import { readCode, showCode } from '#credentials/code.js';
import { renderPng } from '#credentials/raster.js';
import { MissedCodes } from './missed-codes.js';
import { grade, serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

const BASE = 'https://badges.school.example';
/** A code that is well formed and nobody's. */
const NOBODYS = '0000000000000000';
let server: ServerUnderTest;
let code: string;
let suspended: string;
let revoked: string;

const present = (learner: string, n: number) => ({ id: `${learner}-${n}`, source: 'lms', type: 'AttendanceMarked', learner, course: 'C1', activity: `s${n}`, status: 'present', time: `2026-03-0${n}T09:00:00Z` });
const codeOf = async (learner: string): Promise<string> => (await server.engine.readModels.find('credential', { where: { tenant: 'default', learner } }))[0]?.['code'] as string;
const send = async (payload: Uint8Array | string, type: string, headers: Record<string, string> = {}, remoteAddress = '10.0.0.9'): Promise<{ readonly status: number; readonly body: Answer['body'] }> => {
  const { statusCode, body } = await server.app.nest.inject({ method: 'POST', url: '/v1/verify', headers: { 'content-type': type, ...headers }, payload: Buffer.from(payload), remoteAddress });
  return { status: statusCode, body: JSON.parse(body) as Answer['body'] };
};
const resultsOf = (body: Answer['body']): Readonly<Record<string, string>> =>
  Object.fromEntries((body['checks'] as readonly { check: string; result: string }[]).map(({ check, result }) => [check, result]));
const bytes = async (url: string): Promise<Buffer> => (await server.app.nest.inject({ method: 'GET', url })).rawPayload;

beforeAll(async () => {
  server = await serverUnderTest({ publicUrl: BASE });
  await server.post('/v1/events', [
    ...['ada', 'cho'].flatMap((learner) => [1, 2, 3].map((n) => present(learner, n))), grade('1-bob', 'bob', 'A1', 70), grade('2-bob', 'bob', 'A2', 80),
  ]);
  await server.engine.followers.settle();
  await server.post('/v1/events', [
    { id: 'fix-bob', source: 'lms', type: 'FactReplaced', target: '1-bob', learner: 'bob', time: '2026-03-09', changes: { score: 10 } },
    { id: 'fix-cho', source: 'lms', type: 'FactReplaced', target: 'cho-1', learner: 'cho', time: '2026-03-09', changes: { status: 'absent' } },
  ]);
  await server.engine.followers.settle();
  [code, suspended, revoked] = [await codeOf('ada'), await codeOf('bob'), await codeOf('cho')];
}, 120_000);
afterAll(() => server.close());

describe('verifying by code', () => {
  it('says of each check how it ended, and what the badge is', async () => {
    const { status, headers, body } = await server.get(`/v1/verify/${showCode(code).toLowerCase()}`);
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(body).toMatchObject({
      verdict: 'valid', format: 'json', badge: { name: 'Present', issuer: { id: 'did:web:badges.school.example:issuers:default' } },
      credential: { code: showCode(code), status: 'active', page: `${BASE}/v/${code}`, credentials: { en: `${BASE}/credentials/${code}/en` } },
    });
    const results = resultsOf(body);
    expect(Object.keys(results)).toEqual(['input', 'schema', 'contexts', 'key', 'proof', 'dates', 'revocation', 'suspension', 'evidence', 'recorded']);
    expect(new Set(Object.values(results))).toEqual(new Set(['passed']));
    for (const { words } of body['checks'] as readonly { words: Record<string, string> }[]) expect(words).toEqual({ en: expect.any(String) as string, ko: expect.stringMatching(/[가-힣]/) as string });
    expect(JSON.stringify(body)).not.toMatch(/"ada"|urn:uuid:[^"]*ada/);
  });

  it('knows what was suspended and what was revoked', async () => {
    expect((await server.get(`/v1/verify/${suspended}`)).body).toMatchObject({ verdict: 'suspended', credential: { status: 'suspended' } });
    expect((await server.get(`/v1/verify/${revoked}`)).body).toMatchObject({ verdict: 'revoked', credential: { status: 'revoked' } });
  });

  it('finds a slip of the pen before anything is looked up, and answers it like a code that nobody has', async () => {
    const slips = [code.slice(0, -1) + (code.endsWith('0') ? '1' : '0'), code.slice(1), `${code}0`, 'x', '__proto__', '%00'];
    const unknown = await server.get(`/v1/verify/${NOBODYS}`);
    expect(unknown.status).toBe(404);
    for (const slip of slips) expect(readCode(decodeURIComponent(slip))).toBeUndefined();
    for (const slip of slips) {
      const answer = await server.get(`/v1/verify/${slip}`);
      expect([answer.status, answer.body['detail'], answer.body['type']]).toEqual([404, unknown.body['detail'], unknown.body['type']]);
    }
  });

  it('is there in the languages of the badge alone', async () => {
    expect((await server.get(`/v1/verify/${code}?language=en`)).status).toBe(200);
    for (const language of ['fr', '__proto__']) expect((await server.get(`/v1/verify/${code}?language=${language}`)).status).toBe(404);
    expect((await server.get(`/v1/verify/${code}?other=1`)).status).toBe(400);
  });

  it('asks who tries codes out to come again later, and still answers the codes that are there', async () => {
    const ask = (what: string, remoteAddress: string) => server.app.nest.inject({ method: 'GET', url: `/v1/verify/${what}`, remoteAddress });
    for (let i = 0; i < 30; i++) expect((await ask(NOBODYS, '10.0.0.1')).statusCode).toBe(404);
    const refused = await ask(NOBODYS, '10.0.0.1');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '60']);
    expect((await server.app.nest.inject({ method: 'GET', url: `/v/${NOBODYS}`, remoteAddress: '10.0.0.1' })).statusCode).toBe(429);
    expect((await ask(code, '10.0.0.1')).statusCode).toBe(200);
    // What cannot be a code costs nothing, and others are not concerned.
    expect((await ask('x', '10.0.0.1')).statusCode).toBe(404);
    expect((await ask(NOBODYS, '10.0.0.2')).statusCode).toBe(404);
  });
});

describe('codes that nobody has', () => {
  it('are counted for a minute, for each address', () => {
    const missed = new MissedCodes();
    const many = (address: string, at: number, times: number): void => {
      for (let i = 0; i < times; i++) missed.note(address, at);
    };
    many('a', 0, 30);
    expect(() => missed.note('a', 59_999)).toThrow(expect.objectContaining({ problem: expect.objectContaining({ status: 429 }) as unknown }) as Error);
    missed.note('b', 59_999);
    many('a', 60_000, 30);
    expect(() => missed.note('a', 60_001)).toThrow();
  });

  it('are forgotten where too many addresses ask, the oldest first', () => {
    const missed = new MissedCodes();
    for (let i = 0; i < 30; i++) missed.note('first', 0);
    for (let i = 0; i < 50_000; i++) missed.note(`address ${i}`, 1);
    expect(() => missed.note('first', 2)).not.toThrow();
  });
});

describe('verifying what somebody gives', () => {
  it.each([
    ['JSON', `credentials/CODE/en`, 'application/vc+ld+json', 'json'],
    ['JSON as such', `credentials/CODE/en`, 'application/json', 'json'],
    ['a signed token', `credentials/CODE/en?format=jwt`, 'text/plain', 'jwt'],
    ['a baked PNG', `credentials/CODE/en/badge.png`, 'image/png', 'png'],
    ['a baked PNG with a token', `credentials/CODE/en/badge.png?format=jwt`, 'application/octet-stream', 'png'],
    ['a baked SVG', `credentials/CODE/en/badge.svg`, 'image/svg+xml', 'svg'],
    ['a baked SVG with a token', `credentials/CODE/en/badge.svg?format=jwt`, 'image/svg+xml', 'svg'],
  ])('reads %s', async (_what, path, type, format) => {
    const at = (one: string) => bytes(`/${path.replace('CODE', one)}`);
    expect(await send(await at(code), type)).toMatchObject({ status: 200, body: { verdict: 'valid', format, badge: { name: 'Present' } } });
    expect((await send(await at(revoked), type)).body).toMatchObject({ verdict: 'revoked' });
    // One character of what is signed.
    const text = (await at(code)).toString('latin1');
    const signed = text.lastIndexOf('"name":"Present"') + 9;
    if (signed > 9) expect((await send(Buffer.from(`${text.slice(0, signed - 1)}Q${text.slice(signed)}`, 'latin1'), type)).body['verdict']).toBe('invalid');
  });

  it('reads a code and an address of ours', async () => {
    for (const text of [code, showCode(code), `${BASE}/v/${code}`, `${BASE}/v/${showCode(code)}?via=qr`, `${BASE}/credentials/${code}/en`, ` ${code}\n`]) {
      expect(await send(text, 'text/plain')).toMatchObject({ status: 200, body: { verdict: 'valid', credential: { code: showCode(code) } } });
    }
    expect(await send(NOBODYS, 'text/plain')).toMatchObject({ status: 404 });
    for (const text of [`https://evil.example/v/${code}`, `${BASE}.evil.example/v/${code}`]) expect(await send(text, 'text/plain')).toMatchObject({ status: 200, body: { verdict: 'unsupported' } });
  });

  it('says of everything else what it is, and verifies nothing of it', async () => {
    for (const [given, type, verdict] of [
      ['garbage', 'text/plain', 'unsupported'], ['{"a":', 'application/json', 'invalid'], ['{}', 'application/json', 'unsupported'], ['\u0000\u0001', 'text/plain', 'unsupported'],
      [Buffer.from([0xff, 0xfe, 0x00]), 'application/octet-stream', 'invalid'], [renderPng('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', { width: 8 }), 'image/png', 'unsupported'],
      [Buffer.from('89504e470d0a1a0a', 'hex'), 'image/png', 'invalid'], ['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'image/svg+xml', 'unsupported'],
    ] as const) {
      const { status, body } = await send(given, type);
      expect([given.toString(), status, body['verdict'], body['badge']]).toEqual([given.toString(), 200, verdict, undefined]);
    }
  });

  it('refuses nothing at all, and what is too large for a badge', async () => {
    expect(await send('', 'text/plain')).toMatchObject({ status: 400 });
    expect(await server.post('/v1/verify')).toMatchObject({ status: 400 });
    expect(await send(Buffer.alloc(3_000_000, 'a'), 'text/plain')).toMatchObject({ status: 413 });
    expect((await send(Buffer.alloc(2_400_000, 'a'), 'text/plain')).body).toMatchObject({ verdict: 'invalid', checks: expect.arrayContaining([expect.objectContaining({ reason: 'too-large' })]) as unknown });
    expect(await send('x', 'text/plain', { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
  });
});
