import { createHash, createPublicKey, verify } from 'node:crypto';
import { ProofmarkError } from '#domain/errors.js';
import { base58Decode, base58Encode } from './base58.js';
import { canonicalize as stockCanonicalize, type Canonical, type Canonicalize, type NotCanonical } from './json-ld/canonical.js';
import { isJsonObject, type JsonObject } from './json-ld/json.js';
import { ed25519Jwk } from './multikey.js';

/** Signs bytes: 64 bytes of Ed25519 here, whoever has the key. */
export type Signer = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** A Data Integrity proof with the cryptosuite eddsa-rdfc-2022. */
export interface DataIntegrityProof {
  readonly type: 'DataIntegrityProof';
  readonly cryptosuite: 'eddsa-rdfc-2022';
  readonly created: string;
  readonly verificationMethod: string;
  readonly proofPurpose: 'assertionMethod';
  readonly proofValue: string;
}

/** With what a document is signed. */
export interface SigningOptions {
  readonly signer: Signer;
  /** The key's id: "did:web:…#kid". */
  readonly verificationMethod: string;
  /** When it is signed, as an ISO 8601 time with its zone. */
  readonly created: string;
  /** The stock one unless given; `CanonicalTemplates` is faster for documents that are alike. */
  readonly canonicalize?: Canonicalize;
}

/** A document with its proof, in an array as the Open Badges schema wants it. */
export type Signed<T extends JsonObject> = Omit<T, 'proof'> & { readonly proof: readonly [DataIntegrityProof] };

/** Why a proof does not hold. */
export type ProofFailure =
  /** Not a proof of this cryptosuite and for this purpose. */
  | 'other-kind-of-proof'
  /** Its value, its times or its method are not what they must be. */
  | 'malformed-proof'
  | 'proof-expired'
  /** The document or the proof has no canonical form; `canonical` says why. */
  | 'not-canonical'
  /** Something was changed after it was signed, or another key signed it. */
  | 'wrong-signature';

/** Whether a proof holds. */
export type ProofResult =
  | { readonly verified: true }
  | { readonly verified: false; readonly reason: ProofFailure; readonly detail: string; readonly canonical?: NotCanonical };

const SIGNATURE_BYTES = 64;
const DATE_TIME_STAMP = /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
/** Epoch milliseconds of a time with its zone; NaN of anything else. */
const timeOf = (value: unknown): number => (typeof value === 'string' && DATE_TIME_STAMP.test(value) ? Date.parse(value) : NaN);

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** What is signed: the hash of the proof's configuration, then that of the document. */
export const hashData = (configuration: string, document: string): Uint8Array => Buffer.concat([sha256(configuration), sha256(document)]);

/** The proof without its value, in the document's context: what the signature covers beside the document. */
export const proofConfiguration = (document: JsonObject, proof: JsonObject): JsonObject => {
  const { proofValue: _, ...options } = proof;
  return { ...options, '@context': document['@context'] };
};

const unsecured = <T extends JsonObject>(document: T): Omit<T, 'proof'> => {
  const { proof: _, ...rest } = document;
  return rest;
};

const signable = (canonical: Canonical): string => {
  if ('refused' in canonical) throw new ProofmarkError('USAGE', `The document cannot be signed (${canonical.refused}): ${canonical.detail}`);
  if (canonical.inCodePoints !== undefined) {
    throw new ProofmarkError('USAGE', 'The document cannot be signed: verifiers disagree on the order of two of its values. Leave out one of those that have emoji.');
  }
  return canonical.nquads;
};

/** Signs a document with eddsa-rdfc-2022. A document that some verifier could read differently is refused. */
export const signDocument = async <T extends JsonObject>(
  document: T,
  { signer, verificationMethod, created, canonicalize = stockCanonicalize }: SigningOptions,
): Promise<Signed<T>> => {
  if (Number.isNaN(timeOf(created))) throw new ProofmarkError('USAGE', `"${created}" is not a time with its zone.`);
  const rest = unsecured(document);
  const options = { type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022', created, verificationMethod, proofPurpose: 'assertionMethod' } as const;
  const configuration = signable(await canonicalize(proofConfiguration(rest, options)));
  const signature = await signer(hashData(configuration, signable(await canonicalize(rest))));
  if (signature.length !== SIGNATURE_BYTES) throw new ProofmarkError('USAGE', `The signer gave ${signature.length} bytes, not the ${SIGNATURE_BYTES} of Ed25519.`);
  return { ...rest, proof: [{ ...options, proofValue: `z${base58Encode(signature)}` }] };
};

const fail = (reason: ProofFailure, detail: string): ProofResult => ({ verified: false, reason, detail });
const notCanonical = (canonical: NotCanonical, detail: string): ProofResult => ({ verified: false, reason: 'not-canonical', detail, canonical });

/** What is wrong with a proof before any signature is looked at. */
const flawOf = (proof: JsonObject, at: number | undefined): ProofResult | undefined => {
  const { type, cryptosuite, proofPurpose, verificationMethod, created, expires } = proof;
  if (type !== 'DataIntegrityProof') return fail('other-kind-of-proof', 'its type is not DataIntegrityProof');
  if (cryptosuite !== 'eddsa-rdfc-2022') return fail('other-kind-of-proof', 'its cryptosuite is not eddsa-rdfc-2022');
  if (proofPurpose !== 'assertionMethod') return fail('other-kind-of-proof', 'its purpose is not assertionMethod');
  if (typeof verificationMethod !== 'string') return fail('malformed-proof', 'it names no verification method');
  if (created !== undefined && Number.isNaN(timeOf(created))) return fail('malformed-proof', '"created" is not a time with its zone');
  const until = expires === undefined ? Infinity : timeOf(expires);
  if (Number.isNaN(until)) return fail('malformed-proof', '"expires" is not a time with its zone');
  if (at !== undefined && until <= at) return fail('proof-expired', `it held until ${new Date(until).toISOString()}`);
  return undefined;
};

const signatureOf = ({ proofValue }: JsonObject): Uint8Array | undefined => {
  if (typeof proofValue !== 'string' || !proofValue.startsWith('z')) return undefined;
  const bytes = base58Decode(proofValue.slice(1), SIGNATURE_BYTES);
  return bytes?.length === SIGNATURE_BYTES ? bytes : undefined;
};

/** Both forms that a verifier may take for the canonical one; mostly they are the same. */
const forms = ({ nquads, inCodePoints }: Exclude<Canonical, { readonly refused: NotCanonical }>): readonly string[] =>
  inCodePoints === undefined ? [nquads] : [nquads, inCodePoints];

/** More of what a proof is verified with. */
export interface VerifyingOptions {
  /** Epoch milliseconds; without it a proof's own expiry is not looked at. */
  readonly at?: number;
  readonly canonicalize?: Canonicalize;
}

/**
 * Verifies one eddsa-rdfc-2022 proof of a document. Whether the key is the issuer's, and whether the document holds now, is
 * the caller's to check.
 */
export const verifyProof = async (
  document: JsonObject,
  proof: unknown,
  publicKey: Uint8Array,
  { at, canonicalize = stockCanonicalize }: VerifyingOptions = {},
): Promise<ProofResult> => {
  if (!isJsonObject(proof)) return fail('malformed-proof', 'it is not an object');
  const flaw = flawOf(proof, at);
  if (flaw) return flaw;
  const signature = signatureOf(proof);
  if (!signature) return fail('malformed-proof', 'its value is not 64 bytes in base58btc');
  const rest = unsecured(document);
  const configuration = await canonicalize(proofConfiguration(rest, proof));
  if ('refused' in configuration) return notCanonical(configuration.refused, `the proof: ${configuration.detail}`);
  const canonical = await canonicalize(rest);
  if ('refused' in canonical) return notCanonical(canonical.refused, canonical.detail);
  const key = createPublicKey({ format: 'jwk', key: { ...ed25519Jwk(publicKey) } });
  for (const form of forms(canonical)) {
    if (verify(null, hashData(forms(configuration)[0] ?? '', form), key, signature)) return { verified: true };
  }
  return fail('wrong-signature', 'the signature is not that of this key over this document');
};
