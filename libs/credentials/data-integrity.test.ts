import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { credentialUnderTest, ISSUER } from './credential-under-test.js';
import { signDocument, verifyProof, type DataIntegrityProof, type ProofResult, type SigningOptions } from './data-integrity.js';
import { CanonicalTemplates } from './json-ld/canonical-templates.js';
import type { JsonObject } from './json-ld/json.js';
import { publicKeyOfJwk } from './multikey.js';
import { ed25519Signer } from './node-signers.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 150);

const keyPair = (): { readonly options: SigningOptions; readonly publicKey: Uint8Array } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    options: { signer: ed25519Signer(privateKey), verificationMethod: `${ISSUER}#k1`, created: '2026-06-20T09:00:00Z' },
    publicKey: publicKeyOfJwk(publicKey.export({ format: 'jwk' })) ?? new Uint8Array(),
  };
};
const { options, publicKey } = keyPair();
const reasonOf = (result: ProofResult): string => (result.verified ? 'verified' : result.reason);

describe('a signed document', () => {
  it('verifies with the key that signed it', async () => {
    const document = credentialUnderTest();
    const { proof, ...rest } = await signDocument(document, options);
    expect(rest).toEqual(document);
    expect(proof).toEqual([
      {
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-rdfc-2022',
        created: '2026-06-20T09:00:00Z',
        verificationMethod: `${ISSUER}#k1`,
        proofPurpose: 'assertionMethod',
        proofValue: expect.stringMatching(/^z[1-9A-HJ-NP-Za-km-z]{86,88}$/) as string,
      },
    ]);
    expect(await verifyProof({ ...rest, proof }, proof[0], publicKey)).toEqual({ verified: true });
  });

  it('does not verify with another key', async () => {
    const signed = await signDocument(credentialUnderTest(), options);
    expect(reasonOf(await verifyProof(signed, signed.proof[0], keyPair().publicKey))).toBe('wrong-signature');
  });

  it('is the same with templates, whatever is signed with them before', async () => {
    const { canonicalize } = new CanonicalTemplates();
    for (const number of [1, 2, 3]) {
      expect(await signDocument(credentialUnderTest({ number }), { ...options, canonicalize })).toEqual(await signDocument(credentialUnderTest({ number }), options));
    }
  });

  it('may be signed by a service that takes its time', async () => {
    const signer = async (bytes: Uint8Array): Promise<Uint8Array> => options.signer(bytes);
    const signed = await signDocument(credentialUnderTest(), { ...options, signer });
    expect(await verifyProof(signed, signed.proof[0], publicKey)).toEqual({ verified: true });
  });

  it('gets a new proof in place of the one it has', async () => {
    const signed = await signDocument(credentialUnderTest(), options);
    expect(await signDocument(signed, options)).toEqual(signed);
  });

  it('means the same in another order of keys and of sets', async () => {
    const signed = await signDocument(credentialUnderTest({ tags: ['a', 'b'] }), options);
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === 'tag' ? [...(inner as string[])].reverse() : turned(inner)] as const).reverse());
    };
    expect(await verifyProof(turned(signed) as JsonObject, signed.proof[0], publicKey)).toEqual({ verified: true });
  });
});

describe('any byte of a value that is changed', () => {
  const other = (unit: string, by: number): string => {
    const code = unit.charCodeAt(0);
    // Another printable character; what is no ASCII becomes ASCII.
    return String.fromCharCode(code >= 0x20 && code < 0x7f ? 0x20 + ((code - 0x20 + by) % 95) : 0x20 + by);
  };

  /** All places in the strings of a JSON text, keys included. */
  const places = (json: string): readonly number[] => {
    const found: number[] = [];
    for (const match of json.matchAll(/"((?:[^"\\]|\\.)*)"/g)) for (let i = 1; i < match[0].length - 1; i++) found.push(match.index + i);
    return found;
  };

  it('is noticed', async () => {
    const signed = await signDocument(credentialUnderTest({ name: '배지 “하나”' }), options);
    const json = JSON.stringify(signed);
    const all = places(json);
    expect(all.length).toBeGreaterThan(4_000);
    await fc.assert(
      fc.asyncProperty(fc.nat(all.length - 1), fc.integer({ min: 1, max: 94 }), async (place, by) => {
        const at = all[place] ?? 0;
        const changed = json.slice(0, at) + other(json.charAt(at), by) + json.slice(at + 1);
        let document: JsonObject;
        try {
          document = JSON.parse(changed) as JsonObject;
        } catch {
          return;
        }
        const [proof] = (document['proof'] ?? []) as readonly unknown[];
        expect((await verifyProof(document, proof, publicKey)).verified).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });

  it('is noticed in each character of the proof', async () => {
    const signed = await signDocument(credentialUnderTest(), options);
    const [proof] = signed.proof;
    for (const [member, value] of Object.entries(proof)) {
      for (let at = 0; at < String(value).length; at += member === 'proofValue' ? 1 : 3) {
        const text = String(value);
        const changed = { ...proof, [member]: text.slice(0, at) + other(text.charAt(at), 1) + text.slice(at + 1) };
        expect((await verifyProof(signed, changed, publicKey)).verified).toBe(false);
      }
    }
  });
});

describe('a proof is refused', () => {
  const signed = signDocument(credentialUnderTest(), options);
  const changed = async (change: { readonly [member: string]: unknown }): Promise<ProofResult> => {
    const document = await signed;
    return verifyProof(document, { ...document.proof[0], ...change }, publicKey);
  };

  it.each<[string, { readonly [member: string]: unknown }]>([
    ['of another type', { type: 'Ed25519Signature2020' }],
    ['of another cryptosuite', { cryptosuite: 'eddsa-jcs-2022' }],
    ['for another purpose', { proofPurpose: 'authentication' }],
  ])('%s', async (_, change) => {
    expect(reasonOf(await changed(change))).toBe('other-kind-of-proof');
  });

  it.each<[string, { readonly [member: string]: unknown }]>([
    ['without a method', { verificationMethod: undefined }],
    ['with a key in the place of a method', { verificationMethod: { id: 'urn:a:b', publicKeyMultibase: 'z6Mk' } }],
    ['made at no time', { created: 'yesterday' }],
    ['made in no zone', { created: '2026-06-20T09:00:00' }],
    ['made on a day that is none', { created: '2026-13-20T09:00:00Z' }],
    ['without a value', { proofValue: undefined }],
    ['in another base', { proofValue: `u${Buffer.alloc(64).toString('base64url')}` }],
    ['with 63 bytes', { proofValue: `z${'1'.repeat(63)}` }],
    ['with too many bytes', { proofValue: `z${'z'.repeat(1_000_000)}` }],
    ['that ends at no time', { expires: 'tomorrow' }],
  ])('%s', async (_, change) => {
    expect(reasonOf(await changed(change))).toBe('malformed-proof');
  });

  it.each([null, undefined, 'z', 7, []])('that is no object: %j', async (proof) => {
    expect(reasonOf(await verifyProof(await signed, proof, publicKey))).toBe('malformed-proof');
  });

  it.each<[string, { readonly [member: string]: unknown }]>([
    ['a claim that it did not have', { expires: '2030-01-01T00:00:00Z' }],
    ['another challenge', { challenge: 'x' }],
    ['no time', { created: undefined }],
    ['all zeros for a signature', { proofValue: `z${'1'.repeat(64)}` }],
  ])('with %s', async (_, change) => {
    expect(reasonOf(await changed(change))).toBe('wrong-signature');
  });

  it('with a member that has no meaning', async () => {
    expect(await changed({ note: 'x' })).toMatchObject({ verified: false, reason: 'not-canonical', canonical: 'not-json-ld' });
  });

  it('after its own end', async () => {
    const document = await signed;
    const ending = { ...document.proof[0], expires: '2030-01-01T00:00:00Z' };
    expect(reasonOf(await verifyProof(document, ending, publicKey, { at: Date.parse('2030-01-01T00:00:00Z') }))).toBe('proof-expired');
    expect(reasonOf(await verifyProof(document, ending, publicKey, { at: Date.parse('2029-12-31T00:00:00Z') }))).toBe('wrong-signature');
  });

  it('of a document that has no canonical form', async () => {
    const document = { ...(await signed), colour: 'red' };
    expect(await verifyProof(document, document.proof[0], publicKey)).toMatchObject({ verified: false, reason: 'not-canonical', canonical: 'not-json-ld' });
  });
});

describe('nothing is signed', () => {
  it.each<[string, JsonObject, Partial<SigningOptions>, RegExp]>([
    ['that has a term without meaning', { colour: 'red' }, {}, /not-json-ld.*colour/],
    ['that has half a surrogate pair', { name: '\ud83d' }, {}, /out-of-bounds/],
    ['that verifiers would sort differently', { description: ['🙂', 'ｆ'] }, {}, /order of two of its values/],
    ['at no time', {}, { created: '2026-06-20' }, /not a time/],
    ['by a key of another kind', {}, { signer: () => new Uint8Array(70) }, /70 bytes/],
  ])('%s', async (_, more, change, message) => {
    await expect(signDocument({ ...credentialUnderTest(), ...more }, { ...options, ...change })).rejects.toThrow(message);
  });
});

describe('a document whose values have two orders', () => {
  it('verifies in that of the standard and in that of JavaScript', async () => {
    const document = { ...credentialUnderTest(), description: ['🙂', 'ｆ'] };
    const { canonicalize } = await import('./json-ld/canonical.js');
    const signedIn = async (order: 'nquads' | 'inCodePoints'): Promise<JsonObject & { readonly proof: readonly [DataIntegrityProof] }> =>
      signDocument(document, {
        ...options,
        canonicalize: async (part) => {
          const canonical = await canonicalize(part);
          return 'refused' in canonical ? canonical : { nquads: canonical[order] ?? canonical.nquads };
        },
      });
    const [one, two] = [await signedIn('nquads'), await signedIn('inCodePoints')];
    expect(one.proof[0].proofValue).not.toBe(two.proof[0].proofValue);
    for (const signed of [one, two]) expect(await verifyProof(signed, signed.proof[0], publicKey)).toEqual({ verified: true });
  });
});
