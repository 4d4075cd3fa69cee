import type { Issuer, IssuerKey } from '#domain/issuer-event.js';
import { issuerAddress, issuerDid, keyAddress } from '../document/addresses.js';
import type { JsonObject } from '../json-ld/json.js';
import { multikeyOf, publicKeyOfJwk } from '../multikey.js';

/** Keys that verify: what is compromised verifies nothing any more. */
export const trustedKeys = ({ keys }: Pick<Issuer, 'keys'>): readonly IssuerKey[] => keys.filter(({ status }) => status !== 'compromised');

/** A key as a bare JSON Web Key (RFC 7517), as it stands at its own address. */
export const publicJwk = ({ kid, algorithm, jwk }: IssuerKey, base: string, issuer: string): JsonObject => ({
  ...jwk, kid: keyAddress(base, issuer, kid), use: 'sig', ...(algorithm !== 'Ed25519' && { alg: algorithm }),
});

/** The keys of JSON Web Tokens that verify (RFC 7517, section 5). */
export const jwks = (found: Issuer, base: string, issuer: string): JsonObject => ({
  keys: trustedKeys(found).map((key) => publicJwk(key, base, issuer)),
});

const method = (key: IssuerKey, did: string): JsonObject => {
  const who = { id: `${did}#${key.kid}`, controller: did };
  const raw = key.algorithm === 'Ed25519' ? publicKeyOfJwk(key.jwk) : undefined;
  return raw ? { ...who, type: 'Multikey', publicKeyMultibase: multikeyOf(raw) } : { ...who, type: 'JsonWebKey', publicKeyJwk: key.jwk };
};

/**
 * The DID document of an issuer (did:web; W3C DID Core 1.0 with Multikey and JsonWebKey methods of Controlled Identifiers 1.0):
 * which keys speak for it.
 */
export const didDocument = (found: Issuer, base: string, issuer: string): JsonObject => {
  const did = issuerDid(base, issuer);
  const methods = trustedKeys(found).map((key) => method(key, did));
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    alsoKnownAs: [issuerAddress(base, issuer)],
    verificationMethod: methods,
    assertionMethod: methods.map(({ id }) => id),
  };
};
