import { createHmac, createSecretKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { credentialUnderTest, ISSUER } from './credential-under-test.js';
import type { JsonObject } from './json-ld/json.js';
import { jwtSignatures } from './node-signers.js';
import { jwtKeyOf, signVcJwt, unverifiedVcJwt, verifyVcJwt, type JwtAlgorithm, type JwtResult, type JwtSigner } from './vc-jwt.js';

const KEY_ID = 'https://badges.school.example/issuers/seoul/keys/k2';
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = generateKeyPairSync('ed25519');
const signerOf = (algorithm: JwtAlgorithm, privateKey: KeyObject): JwtSigner => ({ algorithm, keyId: KEY_ID, sign: jwtSignatures(algorithm, privateKey) });
const es256 = signerOf('ES256', ec.privateKey);

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const partsOf = (jwt: string): readonly JsonObject[] => jwt.split('.').slice(0, 2).map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()) as JsonObject);
const reasonOf = (result: JwtResult): string => (result.verified ? 'verified' : result.reason);

/** Any header and payload, signed for ES256 by the right key. */
const forged = async (header: JsonObject, payload: JsonObject): Promise<string> => {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${Buffer.from(await es256.sign(Buffer.from(input))).toString('base64url')}`;
};

describe('a credential as a JWT', () => {
  it.each<[JwtAlgorithm, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }]>([
    ['ES256', ec],
    ['RS256', rsa],
  ])('verifies with %s', async (algorithm, { privateKey, publicKey }) => {
    const document = credentialUnderTest();
    const jwt = await signVcJwt(document, signerOf(algorithm, privateKey));
    expect(await verifyVcJwt(jwt, publicKey)).toEqual({ verified: true, credential: document });
    expect(partsOf(jwt)).toEqual([
      { alg: algorithm, kid: KEY_ID, typ: 'JWT' },
      {
        ...document,
        iss: ISSUER,
        sub: (document['credentialSubject'] as JsonObject)['id'],
        jti: document['id'],
        nbf: Date.parse(String(document['validFrom'])) / 1000,
        exp: Date.parse(String(document['validUntil'])) / 1000,
      },
    ]);
  });

  it('leaves a proof out, and an end that it does not have', async () => {
    const document = credentialUnderTest({ expires: false });
    const jwt = await signVcJwt({ ...document, proof: [{ type: 'DataIntegrityProof' }] }, es256);
    expect(partsOf(jwt)[1]).not.toHaveProperty('exp');
    expect(await verifyVcJwt(jwt, ec.publicKey)).toEqual({ verified: true, credential: document });
  });

  it('tells of itself which key to look for', async () => {
    const document = credentialUnderTest();
    expect(unverifiedVcJwt(await signVcJwt(document, es256))).toEqual({ algorithm: 'ES256', keyId: KEY_ID, credential: document });
  });

  it('may be in the older way, under "vc"', async () => {
    const { validFrom, ...rest } = credentialUnderTest({ expires: false });
    const vc = { ...rest, issuanceDate: validFrom };
    const claims = { iss: ISSUER, sub: (rest['credentialSubject'] as JsonObject)['id'], jti: rest['id'], nbf: Date.parse(String(validFrom)) / 1000 };
    expect(await verifyVcJwt(await forged({ alg: 'ES256' }, { vc, ...claims }), ec.publicKey)).toEqual({ verified: true, credential: vc });
    expect(reasonOf(await verifyVcJwt(await forged({ alg: 'ES256' }, { vc, ...claims, iss: 'https://other.example' }), ec.publicKey))).toBe('claims-differ');
  });

  it('may be signed by another issuer with Ed25519', async () => {
    const [, payload = {}] = partsOf(await signVcJwt(credentialUnderTest(), es256));
    const input = `${part({ alg: 'EdDSA' })}.${part(payload)}`;
    const jwt = `${input}.${sign(null, Buffer.from(input), ed.privateKey).toString('base64url')}`;
    expect(reasonOf(await verifyVcJwt(jwt, ed.publicKey))).toBe('verified');
    expect(reasonOf(await verifyVcJwt(jwt, ec.publicKey))).toBe('algorithm-not-allowed');
  });

  it.each(['id', 'issuer', 'validFrom', 'credentialSubject'])('needs "%s"', async (member) => {
    const { [member]: _, ...rest } = credentialUnderTest();
    await expect(signVcJwt(rest, es256)).rejects.toThrow('cannot be a JWT');
  });
});

describe('a forged JWT is refused', () => {
  const document = credentialUnderTest();
  const honest = signVcJwt(document, es256);

  it('when any character of it is changed', async () => {
    const jwt = await honest;
    for (let at = 0; at < jwt.length; at += 41) {
      const changed = `${jwt.slice(0, at)}${jwt.charAt(at) === 'A' ? 'B' : 'A'}${jwt.slice(at + 1)}`;
      expect((await verifyVcJwt(changed, ec.publicKey)).verified).toBe(false);
    }
  });

  it('when another key signed it', async () => {
    expect(reasonOf(await verifyVcJwt(await honest, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey))).toBe('wrong-signature');
  });

  it('with no algorithm', async () => {
    const [, payload = {}] = partsOf(await honest);
    for (const alg of ['none', 'None', 'NONE', '']) expect((await verifyVcJwt(`${part({ alg })}.${part(payload)}.`, ec.publicKey)).verified).toBe(false);
  });

  it('with the public key as a shared secret', async () => {
    const [, payload = {}] = partsOf(await honest);
    const input = `${part({ alg: 'HS256' })}.${part(payload)}`;
    for (const secret of [ec.publicKey.export({ type: 'spki', format: 'pem' }), ec.publicKey.export({ type: 'spki', format: 'der' })]) {
      const jwt = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      expect(reasonOf(await verifyVcJwt(jwt, ec.publicKey))).toBe('algorithm-not-allowed');
    }
  });

  it('with a key of its own in the header', async () => {
    const mallory = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const [, payload = {}] = partsOf(await honest);
    const input = `${part({ alg: 'ES256', jwk: mallory.publicKey.export({ format: 'jwk' }), jku: 'https://mallory.example/jwks', x5c: ['MIIB'] })}.${part(payload)}`;
    const jwt = `${input}.${sign('sha256', Buffer.from(input), { key: mallory.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    expect(reasonOf(await verifyVcJwt(jwt, ec.publicKey))).toBe('wrong-signature');
  });

  it.each<[string, JsonObject]>([
    ['another issuer', { iss: 'https://mallory.example' }],
    ['another subject', { sub: 'urn:uuid:11111111-0000-4000-8000-000000000000' }],
    ['another id', { jti: 'https://badges.school.example/credentials/0000/en' }],
    ['another beginning', { nbf: 0 }],
    ['a beginning that is a text', { nbf: '1781946000' }],
    ['another end', { exp: 4_102_444_800 }],
    ['another issuer in the credential', { issuer: { id: 'https://mallory.example', type: ['Profile'] } }],
    ['another subject in the credential', { credentialSubject: { id: 'urn:uuid:11111111-0000-4000-8000-000000000000' } }],
    ['no issuer', { iss: undefined }],
    ['no id', { jti: undefined }],
    ['no subject', { sub: undefined }],
    ['no beginning', { nbf: undefined }],
    ['no end, though the credential ends', { exp: undefined }],
    ['neither an id nor its claim', { id: undefined, jti: undefined }],
    ['an end that the credential does not have', { validUntil: undefined }],
  ])('with %s', async (_, change) => {
    const [header = {}, payload = {}] = partsOf(await honest);
    expect(reasonOf(await verifyVcJwt(await forged(header, { ...payload, ...change }), ec.publicKey))).toBe('claims-differ');
  });

  it.each<[string, JsonObject]>([
    ['an extension that must be understood', { alg: 'ES256', crit: ['b64'], b64: false }],
    ['an unknown extension', { alg: 'ES256', crit: ['x'], x: 1 }],
  ])('with %s', async (_, header) => {
    const [, payload = {}] = partsOf(await honest);
    const result = await verifyVcJwt(await forged(header, payload), ec.publicKey);
    expect(result.verified).toBe(false);
  });

  it.each(['', '.', '..', 'a.b.c', 'a.b', 'a.b.c.d', '{}', `${part({ alg: 'ES256' })}.${part('text')}.x`, 'x'.repeat(1_600_000)])('that is none: %.40s', async (jwt) => {
    expect(reasonOf(await verifyVcJwt(jwt, ec.publicKey))).toMatch(/^(malformed|wrong-signature)$/);
    expect(unverifiedVcJwt(jwt)).toMatchObject({ reason: 'malformed' });
  });

  it('with a payload that is no object, not UTF-8 or too deep', async () => {
    const signed = async (payload: Buffer): Promise<JwtResult> => {
      const input = `${part({ alg: 'ES256' })}.${payload.toString('base64url')}`;
      return verifyVcJwt(`${input}.${Buffer.from(await es256.sign(Buffer.from(input))).toString('base64url')}`, ec.publicKey);
    };
    for (const payload of [Buffer.from('[]'), Buffer.from('"x"'), Buffer.from([0x7b, 0xff, 0x7d]), Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)), Buffer.from(`{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`)]) {
      expect(reasonOf(await signed(payload))).toBe('malformed');
    }
  });
});

describe('a key that no credential is verified with', () => {
  it.each<[string, () => KeyObject]>([
    ['a shared secret', () => createSecretKey(Buffer.alloc(32))],
    ['a private key', () => ec.privateKey],
    ['a curve that is not offered', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey],
    ['a weak RSA key', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey],
  ])('is %s', async (_, key) => {
    const jwt = await signVcJwt(credentialUnderTest(), es256);
    expect(reasonOf(await verifyVcJwt(jwt, key()))).toBe('unsuitable-key');
  });

  it('is not made of a JWK', () => {
    expect(jwtKeyOf({ kty: 'oct', k: 'AAAA' })).toBeUndefined();
    expect(jwtKeyOf({ kty: 'EC', crv: 'P-384', x: 'AAAA', y: 'AAAA' })).toBeUndefined();
    expect(jwtKeyOf({})).toBeUndefined();
    expect(jwtKeyOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' }))).toBeUndefined();
    for (const { publicKey } of [ec, rsa, ed]) expect(jwtKeyOf(publicKey.export({ format: 'jwk' }))?.equals(publicKey)).toBe(true);
  });
});
