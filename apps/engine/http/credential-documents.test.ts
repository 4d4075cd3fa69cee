import { createHash, createPublicKey, type JsonWebKey } from 'node:crypto';
import { compactVerify } from 'jose';
import { verifyProof } from '#credentials/data-integrity.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { publicKeyOfMultikey } from '#credentials/multikey.js';
import { decodeStatusList, statusAt } from '#credentials/status-list.js';
import { serverUnderTest, type ServerUnderTest } from './server-under-test.js';

const BASE = 'https://badges.school.example';
let server: ServerUnderTest;
let code: string;

const present = (learner: string, n: number) => ({ id: `${learner}-${n}`, source: 'lms', type: 'AttendanceMarked', learner, course: 'C1', activity: `s${n}`, status: 'present', time: `2026-03-0${n}T09:00:00Z` });
const codeOf = async (learner: string): Promise<string> =>
  (await server.engine.readModels.find('credential', { where: { tenant: 'default', learner, status: 'active' } }))[0]?.['code'] as string;
const path = (address: unknown): string => String(address).slice(BASE.length);
const json = async (address: string): Promise<JsonObject> => (await server.get(address)).body;
/** The key that a DID document has for a proof. */
const keyFor = async (proof: JsonObject): Promise<Uint8Array | undefined> => {
  const did = await json('/issuers/default/did.json');
  const method = (did['verificationMethod'] as readonly JsonObject[]).find(({ id }) => id === proof['verificationMethod']);
  expect(did['id']).toBe(method?.['controller']);
  return publicKeyOfMultikey(String(method?.['publicKeyMultibase']));
};
const verifies = async (document: JsonObject): Promise<boolean> => {
  const [proof] = document['proof'] as readonly JsonObject[];
  const key = proof && (await keyFor(proof));
  return key !== undefined && (await verifyProof(document, proof, key)).verified;
};

beforeAll(async () => {
  server = await serverUnderTest({ publicUrl: BASE });
  await server.post('/v1/events', ['ada', 'bob'].flatMap((learner) => [1, 2, 3].map((n) => present(learner, n))));
  await server.engine.followers.settle();
  code = await codeOf('ada');
}, 60_000);
afterAll(() => server.close());

describe('a credential at its address', () => {
  it('is signed by a key that its issuer names, and open to pages of other sites', async () => {
    const answer = await server.get(`/credentials/${code}/en`);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/vc+ld+json; charset=utf-8', 'access-control-allow-origin': '*' });
    expect(answer.body).toMatchObject({ id: `${BASE}/credentials/${code}/en`, issuer: { id: 'did:web:badges.school.example:issuers:default' } });
    expect(await verifies(answer.body)).toBe(true);
    expect((await server.get(`/credentials/${code}/en`, { accept: 'application/vc' })).headers['content-type']).toBe('application/vc');
  });

  it('is a JSON Web Token for who asks for one, by a key that stands alone at the address of its kid', async () => {
    const { text, headers } = await server.get(`/credentials/${code}/en`, { accept: 'text/plain' });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    const header = JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()) as JsonObject;
    expect(header).toMatchObject({ alg: 'ES256', typ: 'JWT' });
    const jwk = (await json(path(header['kid']))) as JsonWebKey;
    expect(jwk).toMatchObject({ kty: 'EC', kid: header['kid'] });
    const { payload } = await compactVerify(text, createPublicKey({ key: jwk, format: 'jwk' }));
    const claims = JSON.parse(new TextDecoder().decode(payload)) as JsonObject;
    const document = await json(`/credentials/${code}/en`);
    expect(claims).toMatchObject({ jti: document['id'], iss: 'did:web:badges.school.example:issuers:default', sub: (document['credentialSubject'] as JsonObject)['id'] });
    expect(claims['proof']).toBeUndefined();
  });

  it('leads a browser to the page for people', async () => {
    const answer = await server.get(`/credentials/${code}/en`, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect([answer.status, answer.headers['location']]).toEqual([303, `${BASE}/v/${code}`]);
  });

  it('states the hash of the trace that stands beside it', async () => {
    const { text } = await server.get(`/credentials/${code}/trace`);
    expect(text).not.toContain('ada');
    expect(JSON.stringify(await json(`/credentials/${code}/en`))).toContain(createHash('sha256').update(text).digest('hex'));
  });

  it('is found by its code as people type it, and not by one with a slip in it', async () => {
    expect((await server.get(`/credentials/${code.toLowerCase().replace(/(.{4})/g, '$1-')}/en`)).status).toBe(200);
    const slip = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');
    const [wrong, unknown] = [await server.get(`/credentials/${slip}/en`), await server.get('/credentials/0000000000000000/en')];
    expect([wrong.status, unknown.status]).toEqual([404, 404]);
    expect(wrong.body['detail']).toBe(unknown.body['detail']);
    expect((await server.get(`/credentials/${code}/fr`)).status).toBe(404);
    expect((await server.get(`/credentials/${code}/__proto__`)).status).toBe(404);
  });
});

describe('an issuer', () => {
  it('shows who it is and its keys, and not what is private', async () => {
    for (const [path, vary] of [['/issuers/default', 'accept, accept-language'], ['/issuers/default/did.json', 'accept']] as const) expect((await server.get(path)).headers).toMatchObject({ vary });
    expect(await json('/issuers/default')).toMatchObject({ id: 'did:web:badges.school.example:issuers:default', type: ['Profile'] });
    const { keys } = (await json('/issuers/default/jwks.json')) as { keys: readonly JsonObject[] };
    expect(keys.map(({ kty }) => kty)).toEqual(['OKP', 'EC']);
    for (const text of [JSON.stringify(keys), JSON.stringify(await json('/v1/issuers'))]) expect(text).not.toMatch(/"d":/);
  });

  it('is at its address who it is in its credentials', async () => {
    const { '@context': _, ...profile } = await json('/issuers/default');
    expect(profile).toEqual((await json(`/credentials/${code}/en`))['issuer']);
  });

  it('is not there under another name', async () => {
    for (const at of ['/issuers/nobody', '/issuers/nobody/did.json', '/issuers/nobody/status/1/revocation', '/issuers/default/keys/none', '/issuers/default/status/2/revocation', '/issuers/default/status/1/other']) {
      expect([at, (await server.get(at)).status]).toEqual([at, 404]);
    }
    expect((await server.post('/v1/issuers/nobody/keys', { algorithm: 'Ed25519' })).status).toBe(404);
    expect((await server.get('/issuers/nobody/did.json')).status).toBe(404);
  });

  it('tells of a revoked credential in its signed list, at that place alone', async () => {
    const document = await json(`/credentials/${await codeOf('bob')}/en`);
    const status = document['credentialStatus'] as JsonObject;
    const place = Number(status['statusListIndex']);
    const bits = async (): Promise<Uint8Array> => {
      const list = await json(path(status['statusListCredential']));
      expect(await verifies(list)).toBe(true);
      const decoded = decodeStatusList(String((list['credentialSubject'] as JsonObject)['encodedList']));
      if ('refused' in decoded) throw new Error(decoded.refused);
      return decoded.bits;
    };
    expect(statusAt(await bits(), place)).toBe(false);
    const award = (await server.engine.readModels.find('award', { where: { learner: 'bob' } }))[0]?.['award'] as string;
    await server.post(`/v1/awards/${award}/review`, { decision: 'revoke', reason: 'not his' });
    await server.engine.followers.settle();
    const after = await bits();
    expect(statusAt(after, place)).toBe(true);
    expect(after.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)).toBe(1);
  });

  it('gives a key up: what it signed no longer verifies, and is signed anew under the same address', async () => {
    const before = await json(`/credentials/${code}/en`);
    const { keys } = (await json('/v1/issuers/default')) as { keys: readonly JsonObject[] };
    const kid = keys.find(({ algorithm, status }) => algorithm === 'Ed25519' && status === 'signing')?.['kid'] as string;
    expect((await server.post(`/v1/issuers/default/keys/${kid}/compromised`, { reason: 'a lost laptop' })).status).toBe(202);
    await server.engine.followers.settle();
    expect(await verifies(before).catch(() => false)).toBe(false);
    const after = await json(`/credentials/${code}/en`);
    expect(after['id']).toBe(before['id']);
    expect(await verifies(after)).toBe(true);
    expect((await server.get(`/issuers/default/keys/${kid}`)).status).toBe(404);
    expect((await server.post('/v1/issuers/default/keys/none/compromised', { reason: 'x' })).status).toBe(404);
    expect((await server.post(`/v1/issuers/default/keys/${kid}/compromised`, {})).status).toBe(400);
  });

  it('takes a new key into use and goes on', async () => {
    expect((await server.post('/v1/issuers/default/keys', { algorithm: 'RS256' })).status).toBe(201);
    const { text } = await server.get(`/credentials/${code}/en?format=jwt&algorithm=RS256`);
    expect(JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({ alg: 'RS256' });
    expect((await server.post('/v1/issuers/default/keys', { algorithm: 'HS256' })).status).toBe(400);
  });
});
