import { createPublicKey, type KeyObject } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { ProofmarkError } from '#domain/errors.js';
import { outOfBounds } from './json-ld/bounds.js';
import { isJsonObject, type JsonObject } from './json-ld/json.js';
import type { Signer } from './data-integrity.js';

/** What credentials are signed with as JWTs; the public validator takes no other. */
export type JwtAlgorithm = 'ES256' | 'RS256';

/** Signs JWTs, wherever the key is. */
export interface JwtSigner {
  readonly algorithm: JwtAlgorithm;
  /** The address of the public key, as one bare JWK. */
  readonly keyId: string;
  /** Of ES256 it gives 64 bytes (r and s), not DER. */
  readonly sign: Signer;
}

/** Why a JWT does not hold. */
export type JwtFailure =
  /** Not a JWT, or one that is too large or means something that is not understood. */
  | 'malformed'
  /** Its algorithm is not the one that goes with the key. */
  | 'algorithm-not-allowed'
  /** The key is one that no credential is verified with. */
  | 'unsuitable-key'
  | 'wrong-signature'
  /** A claim is missing, or says something else than the credential. */
  | 'claims-differ';

interface Refusal {
  readonly verified: false;
  readonly reason: JwtFailure;
  readonly detail: string;
}

/** Whether a JWT holds, with the credential that it carries. */
export type JwtResult = { readonly verified: true; readonly credential: JsonObject } | Refusal;

/** What a JWT says of itself, to find the issuer's key with; nothing of it is verified. */
export interface UnverifiedJwt {
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly credential: JsonObject;
}

const MAX_LENGTH = 1_500_000;
const MIN_RSA_BITS = 2048;
const CLAIMS = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'];

const seconds = (time: unknown): number | undefined => {
  const at = typeof time === 'string' ? Date.parse(time) : NaN;
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000);
};

const idOf = (value: unknown): unknown => (isJsonObject(value) ? value['id'] : value);
const subjectOf = (value: unknown): unknown => idOf(Array.isArray(value) ? value[0] : value);

/** What the claims of a credential have to be; undefined where it does not say. */
const claimsOf = (credential: JsonObject): { readonly [claim: string]: unknown } => ({
  iss: idOf(credential['issuer']),
  sub: subjectOf(credential['credentialSubject']),
  jti: credential['id'],
  nbf: seconds(credential['validFrom'] ?? credential['issuanceDate']),
  exp: seconds(credential['validUntil'] ?? credential['expirationDate']),
});
const REQUIRED = ['iss', 'jti', 'nbf'];

const part = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');

/** A credential as a JWT: the document without its proofs, and the claims that repeat what it says. */
export const signVcJwt = async (document: JsonObject, { algorithm, keyId, sign }: JwtSigner): Promise<string> => {
  const { proof: _, ...credential } = document;
  const { exp, ...claims } = claimsOf(credential);
  for (const [claim, value] of Object.entries(claims)) {
    if (value === undefined) throw new ProofmarkError('USAGE', `The credential cannot be a JWT: nothing in it gives "${claim}".`);
  }
  const input = `${part({ alg: algorithm, kid: keyId, typ: 'JWT' })}.${part({ ...credential, ...claims, ...(exp === undefined ? {} : { exp }) })}`;
  return `${input}.${Buffer.from(await sign(Buffer.from(input, 'ascii'))).toString('base64url')}`;
};

const refuse = (reason: JwtFailure, detail: string): Refusal => ({ verified: false, reason, detail });

/** The credential in a payload: the payload without the claims, or, in the older way, what is under "vc". */
export const credentialIn = (payload: JsonObject): JsonObject => {
  if (isJsonObject(payload['vc'])) return payload['vc'];
  return Object.fromEntries(Object.entries(payload).filter(([claim]) => !CLAIMS.includes(claim)));
};

const payloadOf = (bytes: Uint8Array): JsonObject | Refusal => {
  let payload: unknown;
  try {
    payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refuse('malformed', 'its payload is not JSON');
  }
  if (!isJsonObject(payload)) return refuse('malformed', 'its payload is not an object');
  const tooMuch = outOfBounds(payload);
  return tooMuch === undefined ? payload : refuse('malformed', tooMuch);
};
const isRefusal = (value: JsonObject | Refusal): value is Refusal => value['verified'] === false && 'reason' in value;

/** The algorithm that goes with a public key, so that a header has no say in it. */
const algorithmsFor = (key: KeyObject): readonly string[] | undefined => {
  if (key.type !== 'public') return undefined;
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return ['ES256'];
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS) return ['RS256'];
  // We do not sign with it, but another issuer may have such a key among its own.
  return key.asymmetricKeyType === 'ed25519' ? ['EdDSA', 'Ed25519'] : undefined;
};

/** The public key of a JWK, to verify JWTs with; undefined where it is none, or a symmetric or weak one. */
export const jwtKeyOf = (jwk: JsonObject): KeyObject | undefined => {
  try {
    const key = createPublicKey({ format: 'jwk', key: jwk });
    return algorithmsFor(key) && key;
  } catch {
    return undefined;
  }
};

/** Reads what a JWT says without verifying any of it. */
export const unverifiedVcJwt = (jwt: string): UnverifiedJwt | Refusal => {
  if (jwt.length > MAX_LENGTH) return refuse('malformed', `longer than ${MAX_LENGTH} characters`);
  const parts = jwt.split('.');
  if (parts.length !== 3) return refuse('malformed', 'it has not three parts');
  try {
    const { alg, kid } = decodeProtectedHeader(jwt);
    if (typeof alg !== 'string') return refuse('malformed', 'its header names no algorithm');
    const payload = payloadOf(Buffer.from(parts[1] ?? '', 'base64url'));
    if (isRefusal(payload)) return payload;
    return { algorithm: alg, keyId: typeof kid === 'string' ? kid : undefined, credential: credentialIn(payload) };
  } catch {
    return refuse('malformed', 'its header is not JSON in base64url');
  }
};

const disagreement = (payload: JsonObject, credential: JsonObject): string | undefined => {
  for (const [claim, said] of Object.entries(claimsOf(credential))) {
    const claimed = payload[claim];
    if (claimed === undefined && said === undefined) continue;
    if (claimed === undefined && (REQUIRED.includes(claim) || claim === 'exp' || claim === 'sub')) return `"${claim}" is missing`;
    if (claimed !== said) return `"${claim}" is not what the credential says`;
  }
  return REQUIRED.map((claim) => (payload[claim] === undefined ? `"${claim}" is missing` : undefined)).find((missing) => missing !== undefined);
};

/**
 * Verifies a credential that is a JWT with the issuer's key, which the caller has found; nothing in the header is taken for a key.
 * Whether the credential holds now is the caller's to check.
 */
export const verifyVcJwt = async (jwt: string, key: KeyObject): Promise<JwtResult> => {
  const algorithms = algorithmsFor(key);
  if (!algorithms) return refuse('unsuitable-key', `a ${key.asymmetricKeyType ?? key.type} key`);
  if (jwt.length > MAX_LENGTH) return refuse('malformed', `longer than ${MAX_LENGTH} characters`);
  let payload: JsonObject | Refusal;
  try {
    const verified = await compactVerify(jwt, key, { algorithms: [...algorithms] });
    payload = payloadOf(verified.payload);
  } catch (thrown) {
    if (thrown instanceof errors.JWSSignatureVerificationFailed) return refuse('wrong-signature', 'the signature is not that of this key');
    if (thrown instanceof errors.JOSEAlgNotAllowed) return refuse('algorithm-not-allowed', `the key goes with ${algorithms[0] ?? ''} alone`);
    return refuse('malformed', thrown instanceof Error ? thrown.message : String(thrown));
  }
  if (isRefusal(payload)) return payload;
  const credential = credentialIn(payload);
  const differs = disagreement(payload, credential);
  return differs === undefined ? { verified: true, credential } : refuse('claims-differ', differs);
};
