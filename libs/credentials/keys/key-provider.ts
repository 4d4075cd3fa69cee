import type { KeyAlgorithm, PublicJwk } from '#domain/issuer-event.js';

/** The public half of a key and its name. */
export interface PublicKey {
  /** JWK thumbprint (RFC 7638). */
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly jwk: PublicJwk;
}

/** What secrets are for: learners' names in credentials, links that expire, learners who are known by an e-mail address, who is signed in, what sources sign, what the vault keeps. */
export const SECRET_NAMES = ['pseudonym', 'link', 'recipient', 'session', 'source', 'vault'] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

/**
 * Where private keys are: they never leave it, so that a key management service can stand behind it. What it creates is
 * kept for good before it is told.
 */
export interface KeyProvider {
  create(algorithm: KeyAlgorithm): Promise<PublicKey>;
  /**
   * Signs bytes: Ed25519 (RFC 8032), ES256 as r and s of 32 bytes each, or RS256 (RFC 7518).
   * @throws ProofmarkError KEYS_LOCKED for a key that it does not have.
   */
  sign(kid: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** HMAC-SHA-256 of a text under a secret of that name, which is made when it is first asked for. */
  mac(secret: SecretName, text: string): Promise<Uint8Array>;
}
