import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, importJWK, jwtVerify } from 'jose';
import { credentialUnderTest, ISSUER } from '#credentials/credential-under-test.js';
import { signDocument, verifyProof, type SigningOptions } from '#credentials/data-integrity.js';
import { CanonicalTemplates } from '#credentials/json-ld/canonical-templates.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { publicKeyOfJwk } from '#credentials/multikey.js';
import { ed25519Signer, jwtSignatures } from '#credentials/node-signers.js';
import { MIN_ENTRIES, statusBits, statusListCredential } from '#credentials/status-list.js';
import { signVcJwt } from '#credentials/vc-jwt.js';
import { describeWithPython, pythonVerdicts } from './python.js';
import { didDocument, stockVerdict } from './stock.js';
import { ALL_IS_WELL, onlyFetchFrom, verifierCoreLog } from './verifier-core.js';

/*
 * Other people's software accepts what we sign, and rejects it when one character is changed. Nothing here opens a connection.
 */

const METHOD = `${ISSUER}#k1`;
const NOW = '2026-07-01T00:00:00Z';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const rawKey = publicKeyOfJwk(publicKey.export({ format: 'jwk' })) ?? new Uint8Array();
const issuer = didDocument(ISSUER, METHOD, rawKey);
const signing: SigningOptions = { signer: ed25519Signer(privateKey), verificationMethod: METHOD, created: '2026-06-30T09:00:00Z' };
const { canonicalize } = new CanonicalTemplates();

const LIST = 'https://badges.school.example/issuers/seoul/status/1/revocation';
const statusList = (revoked: readonly number[]): Promise<JsonObject> =>
  signDocument(statusListCredential({ list: LIST, issuer: ISSUER, purpose: 'revocation' }, statusBits(MIN_ENTRIES, revoked), { validFrom: '2026-06-30T09:00:00Z', validUntil: '2099-01-01T00:00:00Z' }), signing);

/** Credentials as they are, and with texts that have broken verifiers. */
const DOCUMENTS: readonly JsonObject[] = [
  credentialUnderTest(),
  credentialUnderTest({ number: 2, evidence: [], results: [], tags: [], alignments: [], expires: false }),
  credentialUnderTest({ number: 3, name: '이벤트 소싱 “전문가” 🙂', tags: ['한국어', 'tab\there', 'new\nline', 'quote"', 'back\\slash', '\u202ertl\u202c', 'é', 'e\u0301'] }),
];
const SIGNED = Promise.all(DOCUMENTS.map((document) => signDocument(document, { ...signing, canonicalize })));

type Path = readonly (string | number)[];
const replaced = (value: unknown, [step, ...rest]: Path, change: (text: string) => string): unknown => {
  if (step === undefined) return change(String(value));
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? replaced(item, rest, change) : (item as unknown)));
  return { ...(value as JsonObject), [step]: replaced((value as JsonObject)[step], rest, change) };
};
/** The text with another character at a place. */
const spoiled = (at: number) => (text: string): string => text.slice(0, at) + (text.charAt(at) === '7' ? '8' : '7') + text.slice(at + 1);

/** One place in each part of a signed credential. */
const PLACES: readonly Path[] = [
  ['id'],
  ['name'],
  ['issuer', 'name'],
  ['validFrom'],
  ['credentialSubject', 'id'],
  ['credentialSubject', 'achievement', 'id'],
  ['credentialSubject', 'achievement', 'criteria', 'narrative'],
  ['credentialSubject', 'achievement', 'tag', 1],
  ['credentialSubject', 'achievement', 'alignment', 2, 'targetUrl'],
  ['credentialSubject', 'result', 0, 'value'],
  ['evidence', 3, 'narrative'],
  ['credentialStatus', 'statusListIndex'],
  ['proof', 0, 'created'],
  ['proof', 0, 'proofValue'],
];
const tampered = async (): Promise<readonly JsonObject[]> => {
  const [signed] = await SIGNED;
  return PLACES.map((place) => replaced(signed, place, (text) => spoiled(text.length - 1)(text)) as JsonObject);
};

describe('@digitalbazaar/vc', () => {
  it('verifies what we sign', async () => {
    for (const signed of await SIGNED) expect(await stockVerdict(signed, issuer, NOW)).toBe('verified');
  });

  it('verifies our status lists', async () => {
    expect(await stockVerdict(await statusList([5]), issuer, NOW)).toBe('verified');
  });

  it('rejects what was changed, like us', async () => {
    for (const changed of await tampered()) {
      expect(await stockVerdict(changed, issuer, NOW)).toMatch(/Verification error|created|validFrom/);
      expect(await verifyProof(changed, (changed['proof'] as readonly unknown[])[0], rawKey)).toMatchObject({ verified: false });
    }
  });
});

describe('@digitalcredentials/verifier-core', () => {
  let web: ReturnType<typeof onlyFetchFrom>;
  beforeAll(async () => {
    const answers = new Map<string, unknown>([['https://badges.school.example/issuers/seoul/did.json', issuer], [LIST, await statusList([5])]]);
    web = onlyFetchFrom(async (url) => answers.get(url), [ISSUER], NOW);
  });
  afterAll(() => web.restore());

  it('verifies what we sign, our status list and the issuer', async () => {
    for (const signed of await SIGNED) expect(await verifierCoreLog(signed)).toEqual(ALL_IS_WELL);
    expect(web.asked).toContain('https://badges.school.example/issuers/seoul/did.json');
    expect(web.asked).toContain(LIST);
  });

  it('sees that a credential was revoked', async () => {
    const revoked = await signDocument(credentialUnderTest({ number: 5 }), signing);
    expect(await verifierCoreLog(revoked)).toMatchObject({ valid_signature: true, revocation_status: false });
  });

  it('rejects what was changed', async () => {
    for (const changed of await tampered()) expect(await verifierCoreLog(changed)).not.toMatchObject({ valid_signature: true });
  });
});

describe('jose', () => {
  it.each([
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ] as const)('verifies our JWTs with %s and rejects changed ones', async (algorithm, keys) => {
    const jwk = await exportJWK(keys.publicKey);
    const keyId = 'https://badges.school.example/issuers/seoul/keys/k2';
    for (const document of DOCUMENTS) {
      const jwt = await signVcJwt(document, { algorithm, keyId, sign: jwtSignatures(algorithm, keys.privateKey) });
      const options = { algorithms: [algorithm], issuer: ISSUER, currentDate: new Date(NOW), typ: 'JWT' };
      const { payload, protectedHeader } = await jwtVerify(jwt, await importJWK(jwk, algorithm), options);
      expect(protectedHeader).toEqual({ alg: algorithm, kid: keyId, typ: 'JWT' });
      expect(payload).toMatchObject(document);
      const at = Math.floor(jwt.length / 2);
      await expect(jwtVerify(spoiled(at)(jwt), await importJWK(jwk, algorithm), options)).rejects.toThrow();
    }
  });
});

describeWithPython('pyld and cryptography in Python', () => {
  it('verify what we sign and reject what was changed', async () => {
    const [signed, changed] = [await SIGNED, await tampered()];
    expect(pythonVerdicts([...signed, ...changed].map((document) => JSON.stringify(document)), rawKey)).toEqual([...signed.map(() => true), ...changed.map(() => false)]);
  });
});
