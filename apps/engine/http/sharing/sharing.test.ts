import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { verifyProof } from '#credentials/data-integrity.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { publicKeyOfMultikey } from '#credentials/multikey.js';
import { jwtKeyOf, verifyVcJwt } from '#credentials/vc-jwt.js';
import { verifyAssertion } from '#credentials/verify/open-badges-2.js';
import { engagementStream } from '#domain/streams.js';
import { grade, serverUnderTest, type ServerUnderTest } from '../server-under-test.js';

const BASE = 'https://badges.school.example';
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
let server: ServerUnderTest;
/** Of ada, of bob (suspended) and of cho (revoked). */
let code: string;
let suspended: string;
let revoked: string;

const present = (learner: string, n: number) => ({ id: `${learner}-${n}`, source: 'lms', type: 'AttendanceMarked', learner, course: 'C1', activity: `s${n}`, status: 'present', time: `2026-03-0${n}T09:00:00Z` });
const codeOf = async (learner: string, badge: string): Promise<string> => (await server.engine.readModels.find('credential', { where: { tenant: 'default', learner, badge } }))[0]?.['code'] as string;
const path = (address: unknown): string => String(address).slice(BASE.length);
const json = async (address: unknown): Promise<JsonObject> => (await server.get(path(address))).body;
const load = async (address: string) => ({ text: (await server.get(path(address))).text });

beforeAll(async () => {
  server = await serverUnderTest({ publicUrl: BASE, obApi: 'read-only' });
  await server.post('/v1/events', [
    ...[1, 2, 3].flatMap((n) => [present('ada', n), present('cho', n)]),
    ...['ada', 'bob'].flatMap((learner) => [grade(`1-${learner}`, learner, 'A1', 70), grade(`2-${learner}`, learner, 'A2', 80)]),
  ]);
  await server.engine.followers.settle();
  await server.post('/v1/events', [
    { id: 'fix-bob', source: 'lms', type: 'FactReplaced', target: '1-bob', learner: 'bob', time: '2026-03-09', changes: { score: 10 } },
    { id: 'fix-cho', source: 'lms', type: 'FactReplaced', target: 'cho-1', learner: 'cho', time: '2026-03-09', changes: { status: 'absent' } },
  ]);
  await server.engine.followers.settle();
  [code, suspended, revoked] = [await codeOf('ada', 'essays'), await codeOf('bob', 'essays'), await codeOf('cho', 'present')];
}, 120_000);
afterAll(() => server.close());

describe('a credential for pages', () => {
  it('has names, dates, documents that are there, and ways to share it, and nothing of whose it is', async () => {
    const { status, body, text } = await server.get(`/v1/credentials/${code.toLowerCase()}?language=ko`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      code, shownCode: code.replace(/(.{4})(?=.)/g, '$1-'), status: 'active', badge: 'essays', name: { en: 'Essays', ko: '에세이' }, awardedAt: '2026-03-05T10:00:00Z', page: `${BASE}/v/${code}`,
      issuer: { id: 'did:web:badges.school.example:issuers:default' }, share: { link: `${BASE}/v/${code}` },
    });
    for (const { credential, jwt } of body['documents'] as readonly Record<string, string>[]) for (const address of [credential, jwt]) expect((await server.get(path(address))).status).toBe(200);
    const { linkedIn, embed, oembed } = body['share'] as { linkedIn: Record<string, string>; embed: string; oembed: string };
    expect(Object.fromEntries(new URL(linkedIn['addToProfile'] ?? '').searchParams)).toEqual({
      startTask: 'CERTIFICATION_NAME', name: '에세이', organizationName: 'default', issueYear: '2026', issueMonth: '3', certUrl: `${BASE}/v/${code}`, certId: code.replace(/(.{4})(?=.)/g, '$1-'),
    });
    expect(embed).toContain(`<a href="${BASE}/v/${code}"`);
    expect(await json(oembed)).toMatchObject({ type: 'rich', title: 'Essays' });
    expect(text).not.toMatch(/ada|urn:uuid/);
  });

  it('is not shared while it does not count', async () => {
    for (const [one, status] of [[suspended, 'suspended'], [revoked, 'revoked']]) {
      const { body } = await server.get(`/v1/credentials/${one}`);
      expect([body['status'], body['share']]).toEqual([status, undefined]);
      expect(await server.post(`/v1/credentials/${one}/shares`, { to: 'link' }, BROWSER)).toMatchObject({ status: 409 });
    }
  });

  it('is not found by another code, shared or not', async () => {
    for (const one of ['0000000000000000', 'x', '__proto__']) {
      expect(await server.get(`/v1/credentials/${one}`)).toMatchObject({ status: 404 });
      expect(await server.post(`/v1/credentials/${one}/shares`, { to: 'link' }, BROWSER)).toMatchObject({ status: 404 });
    }
  });

  it('has its shares in the log, each visitor\'s once in a while', async () => {
    expect(await server.post(`/v1/credentials/${code}/shares`, { to: 'linkedin' }, BROWSER)).toMatchObject({ status: 201, body: { recorded: true } });
    expect(await server.post(`/v1/credentials/${code}/shares`, { to: 'linkedin' }, BROWSER)).toMatchObject({ status: 200, body: { recorded: false } });
    const events = await server.engine.store.readStream(engagementStream('default', 'essays'));
    expect(events.map(({ type, json: text }) => [type, (JSON.parse(text) as JsonObject)['via']])).toEqual([['CredentialShared', 'linkedin']]);
    for (const bad of [{}, { to: 'myspace' }, { to: 'link', by: 'ada' }]) expect(await server.post(`/v1/credentials/${code}/shares`, bad, BROWSER)).toMatchObject({ status: 400 });
    expect(await server.post(`/v1/credentials/${code}/shares`, { to: 'embed' }, { ...BROWSER, 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
  });
});

describe('oEmbed', () => {
  const ask = (url: string, more = '') => server.get(`/oembed?url=${encodeURIComponent(url)}${more}`);

  it('shows a badge of ours, as large as the consumer allows', async () => {
    const answer = await ask(`${BASE}/v/${code}`, '&format=json&maxwidth=100&maxheight=400&dnt=true');
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' }, body: { version: '1.0', type: 'rich', width: 100, provider_name: 'Proofmark' } });
    expect(answer.body['html']).not.toContain('<script');
  });

  it('says 404 for everything else, and 501 for another format', async () => {
    for (const url of [`https://evil.example/v/${code}`, `//evil.example/v/${code}`, `${BASE}/v/0000000000000000`, `${BASE}/v/${revoked}`, `${BASE}/v/${suspended}`, BASE, '']) expect((await ask(url)).status).toBe(404);
    expect((await server.get('/oembed')).status).toBe(404);
    expect((await ask(`${BASE}/v/${code}`, '&maxwidth=10')).status).toBe(404);
    expect((await ask(`${BASE}/v/${code}`, '&maxwidth=wide')).status).toBe(400);
    expect((await ask(`${BASE}/v/${code}`, '&format=xml')).status).toBe(501);
    expect((await ask(`${BASE}/v/${code}`, '&url=x')).status).toBe(404);
  });
});

describe('Open Badges 2.0', () => {
  const address = (one: string): string => `${BASE}/ob2/assertions/${one}`;

  it('has the award, its badge and its issuer at the addresses that they name', async () => {
    const answer = await server.get(path(address(code)));
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/ld+json; charset=utf-8', 'access-control-allow-origin': '*' } });
    const result = await verifyAssertion(answer.body, load, Date.now());
    expect(result).toMatchObject({ proof: { reason: 'hosted-same' }, revocation: { reason: 'not-set' }, badge: { name: 'Essays', issuer: { id: `${BASE}/ob2/issuers/default` } } });
    const badge = await json(answer.body['badge']);
    expect(badge).toMatchObject({ id: `${BASE}/ob2/badges/essays/1/en`, related: [{ id: `${BASE}/ob2/badges/essays/1/ko` }] });
    expect(await json(`${BASE}/ob2/badges/essays/1/ko`)).toMatchObject({ name: '에세이', '@language': 'ko' });
    expect(answer.text).not.toMatch(/"ada"|urn:uuid/);
  });

  it('names the holder so that who has the signed badge can show that it is the same one', async () => {
    const { recipient } = (await server.get(path(address(code)))).body as { recipient: Record<string, string> };
    const subject = ((await server.get(`/credentials/${code}/en`)).body['credentialSubject'] as JsonObject)['id'];
    expect(recipient['identity']).toBe(`sha256$${createHash('sha256').update(String(subject) + String(recipient['salt'])).digest('hex')}`);
  });

  it('answers 410 for what does not count', async () => {
    for (const one of [revoked, suspended]) {
      const answer = await server.get(path(address(one)));
      expect(answer).toMatchObject({ status: 410, headers: { 'content-type': 'application/ld+json; charset=utf-8' }, body: { id: address(one), revoked: true } });
    }
    // Who has the assertion from before is told as well.
    const before = (await server.get(path(address(code)))).body;
    const taken = { ...before, id: address(revoked), badge: `${BASE}/ob2/badges/present/1/en` };
    expect(await verifyAssertion(taken, load, Date.now())).toMatchObject({ revocation: { reason: 'revoked' } });
  });

  it('has nothing else', async () => {
    for (const one of ['/ob2/assertions/0000000000000000', '/ob2/badges/essays/2/en', '/ob2/badges/essays/1/fr', '/ob2/badges/x/1/en', '/ob2/badges/essays/1/__proto__', '/ob2/issuers/x']) expect((await server.get(one)).status).toBe(404);
    expect((await server.get('/ob2/badges/essays/one/en')).status).toBe(400);
  });
});

describe('a transcript', () => {
  const read = async (text: string): Promise<JsonObject> => {
    const header = JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()) as JsonObject;
    const jwk = (await json(header['kid'])) as JsonWebKey;
    expect(await verifyVcJwt(text, jwtKeyOf(jwk as JsonObject) as KeyObject)).toMatchObject({ verified: true });
    const { payload } = await compactVerify(text, createPublicKey({ key: jwk, format: 'jwk' }));
    return JSON.parse(new TextDecoder().decode(payload)) as JsonObject;
  };

  it('is signed by the issuer and holds each badge whole, which verifies by itself', async () => {
    const { status, text, headers } = await server.get('/v1/learners/ada/transcript?language=ko');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    const clr = await read(text);
    const subject = clr['credentialSubject'] as { id: string; verifiableCredential: readonly JsonObject[] };
    expect(clr).toMatchObject({ type: ['VerifiableCredential', 'ClrCredential'], iss: 'did:web:badges.school.example:issuers:default', sub: subject.id, jti: clr['id'] });
    expect(subject.verifiableCredential.map(({ name }) => name).sort()).toEqual(['Present', '에세이']);
    const [method] = ((await json(`${BASE}/issuers/default/did.json`))['verificationMethod'] as readonly JsonObject[]).filter(({ type }) => type === 'Multikey');
    for (const one of subject.verifiableCredential) {
      expect((one['credentialSubject'] as JsonObject)['id']).toBe(subject.id);
      const [proof] = one['proof'] as readonly JsonObject[];
      expect(await verifyProof(one, proof, publicKeyOfMultikey(String(method?.['publicKeyMultibase'])) as Uint8Array)).toEqual({ verified: true });
    }
    expect(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()).not.toContain('"ada"');
  });

  it('holds nothing that was taken back', async () => {
    for (const learner of ['bob', 'cho', 'nobody']) expect((await server.get(`/v1/learners/${learner}/transcript`)).status).toBe(404);
    expect((await server.get('/v1/learners/ada/transcript?issuer=nobody')).status).toBe(404);
  });
});

describe('the Open Badges 3.0 API', () => {
  const API = '/ims/ob/v3p0';

  it('describes itself', async () => {
    expect(await server.get(`${API}/discovery`)).toMatchObject({ status: 200, body: { servers: [{ url: BASE + API }] } });
  });

  it('gives a learner\'s signed credentials part by part', async () => {
    const first = await server.get(`${API}/credentials?learner=ada&limit=1`);
    expect(first).toMatchObject({ status: 200, headers: { 'x-total-count': '2' }, body: { compactJwsString: [] } });
    const [, next = ''] = /<([^>]+)>; rel="next"/.exec(String(first.headers['link'])) ?? [];
    const second = await server.get(path(next));
    const held = [first, second].flatMap(({ body }) => body['credential'] as readonly JsonObject[]);
    expect(held.map(({ name }) => name).sort()).toEqual(['Essays', 'Present']);
    expect(held[0]?.['proof']).toHaveLength(1);
    expect(second.headers['link']).not.toContain('rel="next"');
  });

  it('knows what was issued since a time', async () => {
    const count = async (since: string) => (await server.get(`${API}/credentials?learner=ada&since=${since}`)).headers['x-total-count'];
    expect([await count('2020-01-01T00:00:00Z'), await count('2100-01-01T00:00:00Z')]).toEqual(['2', '0']);
    expect((await server.get(`${API}/credentials?learner=cho`)).body['credential']).toEqual([]);
  });

  it('gives a profile that is the pseudonym alone', async () => {
    const { body, text } = await server.get(`${API}/profile?learner=ada`);
    expect(body).toMatchObject({ type: ['Profile'], id: ((await server.get(`/credentials/${code}/en`)).body['credentialSubject'] as JsonObject)['id'] });
    expect(text).not.toContain('ada');
    expect(await server.get(`${API}/profile?learner=nobody`)).toMatchObject({ status: 404, body: { imsx_codeMajor: 'failure' } });
  });

  it.each(['', '?learner=ada&limit=0', '?learner=ada&limit=x', '?learner=ada&offset=-1', '?learner=ada&since=yesterday', '?learner=a&learner=b'])('refuses %s in the words of its specification', async (query) => {
    expect(await server.get(`${API}/credentials${query}`)).toMatchObject({ status: 400, body: { imsx_codeMajor: 'failure', imsx_severity: 'error' } });
  });
});

describe('the Open Badges 3.0 API where nobody has switched it on', () => {
  it('is not there', async () => {
    const plain = await serverUnderTest();
    try {
      for (const route of ['discovery', 'credentials?learner=ada', 'profile?learner=ada']) expect((await plain.get(`/ims/ob/v3p0/${route}`)).status).toBe(404);
    } finally {
      await plain.close();
    }
  });
});
