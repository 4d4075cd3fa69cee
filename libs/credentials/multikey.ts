import { base58Decode, base58Encode } from './base58.js';

/** An Ed25519 public key as a JWK. */
export interface Ed25519Jwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

const KEY_BYTES = 32;
// The multicodec prefix of Ed25519 public keys, 0xed as a varint.
const PREFIX = [0xed, 0x01] as const;

/** An Ed25519 public key as a Multikey: "z6Mk…". */
export const multikeyOf = (publicKey: Uint8Array): string => {
  if (publicKey.length !== KEY_BYTES) throw new RangeError(`An Ed25519 public key has ${KEY_BYTES} bytes, not ${publicKey.length}.`);
  return `z${base58Encode(Uint8Array.from([...PREFIX, ...publicKey]))}`;
};

/** The Ed25519 public key of a Multikey; undefined where it is another kind of key, or none. */
export const publicKeyOfMultikey = (multikey: string): Uint8Array | undefined => {
  if (!multikey.startsWith('z')) return undefined;
  const bytes = base58Decode(multikey.slice(1), KEY_BYTES + PREFIX.length);
  if (bytes?.length !== KEY_BYTES + PREFIX.length || bytes[0] !== PREFIX[0] || bytes[1] !== PREFIX[1]) return undefined;
  return bytes.slice(PREFIX.length);
};

/** An Ed25519 public key as a JWK. */
export const ed25519Jwk = (publicKey: Uint8Array): Ed25519Jwk => ({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') });

/** The Ed25519 public key of a JWK; undefined where it is another kind of key, or none. */
export const publicKeyOfJwk = (jwk: { readonly [member: string]: unknown }): Uint8Array | undefined => {
  const { kty, crv, x } = jwk;
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') return undefined;
  const bytes = Buffer.from(x, 'base64url');
  return bytes.length === KEY_BYTES && bytes.toString('base64url') === x ? new Uint8Array(bytes) : undefined;
};
