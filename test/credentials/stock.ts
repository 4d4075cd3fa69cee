import type { JsonWebKey } from 'node:crypto';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { fromJwk } from '@digitalbazaar/ed25519-multikey';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { issue, verifyCredential } from '@digitalbazaar/vc';
import { bundledContexts } from '#credentials/json-ld/contexts.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { multikeyOf } from '#credentials/multikey.js';

/** An issuer as others see it: its DID document with one key. */
export const didDocument = (issuer: string, verificationMethod: string, publicKey: Uint8Array): JsonObject => ({
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
  id: issuer,
  verificationMethod: [{ id: verificationMethod, type: 'Multikey', controller: issuer, publicKeyMultibase: multikeyOf(publicKey) }],
  assertionMethod: [verificationMethod],
});

/** Finds contexts in the packages and the issuer's keys in its document, and nothing anywhere else. */
const offline =
  (issuer: JsonObject) =>
  async (url: string): Promise<unknown> => {
    if (url === issuer['id']) return { documentUrl: url, document: issuer };
    const method = (issuer['verificationMethod'] as readonly JsonObject[]).find(({ id }) => id === url);
    if (method) return { documentUrl: url, document: { '@context': 'https://w3id.org/security/multikey/v1', ...method } };
    return bundledContexts(url);
  };

/** Verifies with @digitalbazaar/vc, as somebody who knows nothing of this project would; the reason when it does not hold. */
export const stockVerdict = async (credential: JsonObject, issuer: JsonObject, now: string): Promise<string> => {
  const { verified, error } = await verifyCredential({
    credential: structuredClone(credential),
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader: offline(issuer),
    now,
    checkStatus: async () => ({ verified: true }),
  });
  if (verified) return 'verified';
  const { message, errors = [] } = error as Error & { readonly errors?: readonly Error[] };
  return [message, ...errors.map((cause) => cause.message)].join(' ');
};

/** Signs with @digitalbazaar/vc and an Ed25519 key pair as a JWK. */
export const stockSigner = async (
  issuer: JsonObject,
  verificationMethod: string,
  secretKey: JsonWebKey,
  created: string,
): Promise<(credential: JsonObject) => Promise<object>> => {
  const key = await fromJwk({ jwk: secretKey, secretKey: true, id: verificationMethod, controller: String(issuer['id']) });
  const documentLoader = offline(issuer);
  // A suite keeps the hash of the document that it saw last, so that each signature gets a new one.
  return (credential) => issue({ credential: { ...credential }, suite: new DataIntegrityProof({ cryptosuite, signer: key.signer(), date: created }), documentLoader, now: created });
};
