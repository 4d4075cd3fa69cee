import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base58Decode } from '#credentials/base58.js';
import { hashData, proofConfiguration, signDocument, verifyProof } from '#credentials/data-integrity.js';
import { canonicalize, type Canonical } from '#credentials/json-ld/canonical.js';
import { bundledContexts, contextsWith } from '#credentials/json-ld/contexts.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { publicKeyOfMultikey } from '#credentials/multikey.js';
import { ed25519Signer } from '#credentials/node-signers.js';
import { decodeStatusList, statusAt } from '#credentials/status-list.js';
import { describeWithSharedData, SHARED_DATA } from '../shared-data.js';

const STANDARDS = join(SHARED_DATA, 'standards');
const VECTORS = join(STANDARDS, 'eddsa-rdfc-2022');
const textOf = (path: string): string => readFileSync(path, 'utf8');
const jsonOf = (path: string): JsonObject => JSON.parse(textOf(path)) as JsonObject;

/** What the vectors use of contexts that are not bundled. */
const contexts = contextsWith(
  new Map<string, object>([
    ['https://www.w3.org/ns/credentials/examples/v2', { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } }],
    [
      'https://w3id.org/citizenship/v4rc1',
      {
        '@context': {
          ...Object.fromEntries(['additionalName', 'familyName', 'gender', 'givenName', 'identifier'].map((term) => [term, `https://schema.org/${term}`])),
          ...Object.fromEntries(
            ['EmploymentAuthorizationDocument', 'EmploymentAuthorizationDocumentCredential', 'EmployablePerson', 'birthCountry', 'employmentAuthorizationDocument', 'lprCategory', 'lprNumber'].map(
              (term) => [term, `https://w3id.org/citizenship#${term}`],
            ),
          ),
          Person: 'https://schema.org/Person',
          image: { '@id': 'https://schema.org/image', '@type': '@id' },
          birthDate: { '@id': 'https://schema.org/birthDate', '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' },
          residentSince: { '@id': 'https://w3id.org/citizenship#residentSince', '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' },
        },
      },
    ],
  ]),
);
const withContexts = (document: JsonObject): Promise<Canonical> => canonicalize(document, { contexts });
const nquads = async (document: JsonObject): Promise<string> => {
  const canonical = await withContexts(document);
  return 'refused' in canonical ? canonical.detail : canonical.nquads;
};

describeWithSharedData('the test vectors of W3C vc-di-eddsa', () => {
  const { publicKeyMultibase, privateKeyMultibase } = existsSync(VECTORS) ? jsonOf(join(VECTORS, 'keyPair.json')) : {};
  const publicKey = publicKeyOfMultikey(String(publicKeyMultibase)) ?? new Uint8Array();
  const privateKey = (): ReturnType<typeof createPrivateKey> => {
    // A multicodec prefix of two bytes, then the seed.
    const seed = base58Decode(String(privateKeyMultibase).slice(1))?.slice(2) ?? new Uint8Array();
    return createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d: Buffer.from(seed).toString('base64url'), x: Buffer.from(publicKey).toString('base64url') } });
  };

  describe.each(['.', 'employ'])('eddsa-rdfc-2022/%s', (folder) => {
    const at = (name: string): string => join(VECTORS, folder, name);
    const signed = (): JsonObject & { readonly proof: JsonObject } => jsonOf(at('signedDataInt.json')) as JsonObject & { readonly proof: JsonObject };
    const unsigned = (): JsonObject => {
      const { proof: _, ...document } = signed();
      return document;
    };

    it('have our canonical forms', async () => {
      expect(await nquads(unsigned())).toBe(textOf(at('canonDocDataInt.txt')));
      expect(proofConfiguration(unsigned(), signed().proof)).toEqual(jsonOf(at('proofConfigDataInt.json')));
      expect(await nquads(proofConfiguration(unsigned(), signed().proof))).toBe(textOf(at('proofCanonDataInt.txt')));
    });

    it('have our hashes', () => {
      const combined = Buffer.from(hashData(textOf(at('proofCanonDataInt.txt')), textOf(at('canonDocDataInt.txt')))).toString('hex');
      expect(combined).toBe(textOf(at('combinedHashDataInt.txt')));
      expect(combined).toBe(textOf(at('proofHashDataInt.txt')) + textOf(at('docHashDataInt.txt')));
    });

    it('have our signature', async () => {
      const { created, verificationMethod, proofValue } = signed().proof;
      const { proof } = await signDocument(unsigned(), {
        signer: ed25519Signer(privateKey()),
        created: String(created),
        verificationMethod: String(verificationMethod),
        canonicalize: withContexts,
      });
      expect(proof).toEqual([signed().proof]);
      expect(proofValue).toBe(textOf(at('sigBTC58DataInt.txt')));
      expect(Buffer.from(base58Decode(String(proofValue).slice(1)) ?? []).toString('hex')).toBe(textOf(at('sigHexDataInt.txt')));
    });

    it('verify', async () => {
      expect(await verifyProof(signed(), signed().proof, publicKey, { canonicalize: withContexts })).toEqual({ verified: true });
    });
  });
});

describeWithSharedData('credentials of 1EdTech with an eddsa-rdfc-2022 proof', () => {
  const keyIn = (proof: JsonObject): Uint8Array => publicKeyOfMultikey(String(proof['verificationMethod']).split('#')[1] ?? '') ?? new Uint8Array();

  it.each(['simple.json', 'complete.json', 'endorsement-valid.json', 'bit-string-list/testlist'])('%s verifies', async (name) => {
    const document = jsonOf(join(STANDARDS, 'ob30', name));
    const [proof = {}] = [document['proof']].flat() as readonly JsonObject[];
    expect(await verifyProof(document, proof, keyIn(proof), { canonicalize: (part) => canonicalize(part, { contexts: bundledContexts }) })).toEqual({ verified: true });
  });

  it('simple.json with another name does not', async () => {
    const document = jsonOf(join(STANDARDS, 'ob30', 'simple.json'));
    const [proof = {}] = [document['proof']].flat() as readonly JsonObject[];
    expect(await verifyProof({ ...document, name: 'Another name' }, proof, keyIn(proof))).toMatchObject({ verified: false, reason: 'wrong-signature' });
  });

  it('testlist revokes the credential with the index 23', () => {
    const { credentialSubject } = jsonOf(join(STANDARDS, 'ob30', 'bit-string-list/testlist')) as { readonly credentialSubject: { readonly encodedList: string } };
    const decoded = decodeStatusList(credentialSubject.encodedList);
    if ('refused' in decoded) throw new Error(decoded.refused);
    expect(Array.from({ length: decoded.bits.length * 8 }, (_, index) => index).filter((index) => statusAt(decoded.bits, index))).toEqual([23]);
  });
});
