import { verifyProof } from '../data-integrity.js';
import type { Canonical, Canonicalize } from '../json-ld/canonical.js';
import { canonicalize as stockCanonicalize } from '../json-ld/canonical.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { jwtKeyOf, verifyVcJwt, type JwtFailure } from '../vc-jwt.js';
import { meaningOf } from './contexts.js';
import { isWithdrawn, type IssuerKey, type ResolvedIssuer } from './issuer-keys.js';
import type { Reason } from './reasons.js';
import { finding, type Finding } from './report.js';
import { isUnresolved, type ResolveIssuer } from './resolve-issuer.js';
import type { Secured } from './read-input.js';

/** Whether a credential is what its issuer signed. */
export interface Authenticity {
  readonly contexts: Finding;
  readonly key: Finding;
  readonly proof: Finding;
  /** True where all three passed. */
  readonly holds: boolean;
  readonly source?: string;
}

const MAX_PROOFS = 8;
/** Keys that are tried where a token does not say which one it was. */
const MAX_TRIED = 16;

const authenticity = (contexts: Finding, key: Finding, proof: Finding, source?: string): Authenticity => ({ contexts, key, proof, holds: false, ...(source !== undefined && { source }) });

/** Whose key a proof names. */
const ownerOf = (method: string): string => method.split('#', 1)[0] ?? '';

/** The id of a credential's issuer. */
export const issuerIdOf = (document: JsonObject): string | undefined => {
  const { issuer } = document;
  const id = isJsonObject(issuer) ? issuer['id'] : issuer;
  return typeof id === 'string' ? id : undefined;
};

const keyNamed = (method: string, issuer: ResolvedIssuer, now: number): IssuerKey | Finding => {
  const key = issuer.keys.find(({ id }) => id === method);
  if (!key) return issuer.controllers.includes(ownerOf(method)) ? finding('key-not-listed', method) : finding('key-of-another', method);
  return isWithdrawn(key, now) ? finding('key-withdrawn', method) : key;
};
const isFinding = (value: IssuerKey | Finding): value is Finding => 'reason' in value;

const isSupported = (proof: unknown): proof is JsonObject =>
  isJsonObject(proof) && proof['type'] === 'DataIntegrityProof' && proof['cryptosuite'] === 'eddsa-rdfc-2022' && proof['previousProof'] === undefined;

const proofsOf = ({ proof }: JsonObject): readonly unknown[] => (Array.isArray(proof) ? (proof as readonly unknown[]) : [proof]).filter((one) => one !== undefined);

const PROOF_FAILURES = {
  'other-kind-of-proof': 'proof-malformed',
  'malformed-proof': 'proof-malformed',
  'proof-expired': 'proof-expired',
  'not-canonical': 'proof-malformed',
  'wrong-signature': 'wrong-signature',
} as const satisfies Record<string, Reason>;

interface Circumstances {
  readonly issuer: ResolvedIssuer;
  readonly now: number;
}

/** The canonical form that is known already is not worked out again for each proof. */
const remembering = (document: JsonObject, known: Canonical | undefined, canonicalize: Canonicalize): Canonicalize => {
  const { proof: _, ...unsecured } = document;
  const text = JSON.stringify(unsecured);
  return (asked) => (known && JSON.stringify(asked) === text ? known : canonicalize(asked));
};

const checkProof = async (document: JsonObject, proof: JsonObject, canonicalize: Canonicalize, { issuer, now }: Circumstances): Promise<{ readonly key: Finding; readonly proof: Finding }> => {
  const { verificationMethod: method, expires } = proof;
  if (typeof method !== 'string') return { key: finding('key-not-checked'), proof: finding('proof-malformed', 'it names no key') };
  const key = keyNamed(method, issuer, now);
  if (isFinding(key)) return { key, proof: finding('proof-not-checked') };
  if (!key.ed25519) return { key: finding('key-unsuitable', method), proof: finding('proof-not-checked') };
  // Its expiry is looked at afterwards: only of a proof that holds can it be said that it has expired.
  const result = await verifyProof(document, proof, key.ed25519, { canonicalize });
  const known = finding('key-of-issuer', method);
  if (!result.verified) return { key: known, proof: finding(PROOF_FAILURES[result.reason], result.detail) };
  if (typeof expires === 'string' && !(Date.parse(expires) > now)) return { key: known, proof: finding('proof-expired', expires) };
  return { key: known, proof: finding('proof-verified') };
};

const passed = ({ reason }: Finding): boolean => reason === 'key-of-issuer' || reason === 'contexts-known' || reason.startsWith('proof-verified');

const checkProofs = async (document: JsonObject, contexts: Finding, canonicalize: Canonicalize, circumstances: Circumstances): Promise<Authenticity> => {
  const { source } = circumstances.issuer;
  const proofs = proofsOf(document);
  const supported = proofs.filter(isSupported);
  let checked: { readonly key: Finding; readonly proof: Finding } | undefined;
  for (const proof of supported) {
    checked = await checkProof(document, proof, canonicalize, circumstances);
    // One that does not hold is enough, whatever the others say.
    if (!passed(checked.key) || !passed(checked.proof)) return authenticity(contexts, checked.key, checked.proof, source);
  }
  if (!checked) return authenticity(contexts, finding('key-not-checked'), finding('proof-unsupported'), source);
  return { contexts, key: checked.key, proof: finding(supported.length < proofs.length ? 'proof-verified-others-open' : 'proof-verified'), holds: passed(contexts), source };
};

const NEVER = /^(none|HS\d+)?$/i;
const TAKEN = ['ES256', 'RS256', 'EdDSA', 'Ed25519'];
/** What would bring a key along. */
const FOREIGN_KEYS = ['jwk', 'jku', 'x5c', 'x5u'];

/** Whether a token's `kid` can mean a key: by its id, its name, or an address on the issuer's own host that ends with its name. */
const isMeant = (kid: string, { id, name }: IssuerKey, { id: issuer, source }: ResolvedIssuer): boolean => {
  if (kid === id || kid === name) return true;
  if (name === undefined || !URL.canParse(kid)) return false;
  const at = URL.canParse(source) ? source : issuer;
  return URL.canParse(at) && new URL(kid).origin !== 'null' && new URL(kid).origin === new URL(at).origin && kid.split(/[/#]/).at(-1) === name;
};

const JWT_FAILURES = {
  malformed: 'proof-malformed',
  'algorithm-not-allowed': 'algorithm-differs',
  'unsuitable-key': 'proof-not-checked',
  'wrong-signature': 'wrong-signature',
  'claims-differ': 'claims-differ',
} as const satisfies Record<JwtFailure, Reason>;

const algorithmFlaw = (algorithm: unknown): Finding | undefined => {
  if (typeof algorithm !== 'string' || NEVER.test(algorithm)) return finding('algorithm-refused', String(algorithm));
  return TAKEN.includes(algorithm) ? undefined : finding('algorithm-unsupported', algorithm);
};

const checkToken = async ({ jwt, header }: Secured & { readonly kind: 'jwt' }, contexts: Finding, { issuer, now }: Circumstances): Promise<Authenticity> => {
  const { source } = issuer;
  const { kid } = header;
  const meant = typeof kid === 'string' ? issuer.keys.filter((key) => isMeant(kid, key, issuer)) : issuer.keys;
  if (meant.length === 0) return authenticity(contexts, finding('key-not-listed', typeof kid === 'string' ? kid : 'the issuer has published no key'), finding('proof-not-checked'), source);
  const usable = meant.filter((key) => !isWithdrawn(key, now));
  if (usable.length === 0) return authenticity(contexts, finding('key-withdrawn', String(kid)), finding('proof-not-checked'), source);
  let failure: Finding | undefined;
  for (const { id, name, jwk } of usable.slice(0, MAX_TRIED)) {
    const key = jwtKeyOf(jwk);
    if (!key) continue;
    const known = finding('key-of-issuer', id ?? name);
    const result = await verifyVcJwt(jwt, key);
    if (result.verified) {
      const foreign = FOREIGN_KEYS.some((member) => header[member] !== undefined);
      return { contexts, key: known, proof: finding(foreign ? 'proof-verified-header-ignored' : 'proof-verified'), holds: passed(contexts), source };
    }
    // A key of another kind says nothing about the token; a wrong signature is the answer where no key fits.
    const found = finding(JWT_FAILURES[result.reason], result.detail);
    if (failure === undefined || result.reason !== 'algorithm-not-allowed') failure = found;
    if (result.reason === 'claims-differ') break;
  }
  if (!failure) return authenticity(contexts, finding('key-unsuitable'), finding('proof-not-checked'), source);
  if (typeof kid === 'string') return authenticity(contexts, finding('key-of-issuer', kid), failure, source);
  const fits = failure.reason !== 'algorithm-differs';
  return authenticity(contexts, fits ? finding('key-not-checked') : finding('key-not-listed', 'none for this way of signing'), fits ? failure : finding('proof-not-checked'), source);
};

/** What can be said of a proof before any key is known. */
const beforeKeys = (secured: Secured): Finding | undefined => {
  if (secured.kind === 'jwt') return algorithmFlaw(secured.header['alg']);
  const proofs = proofsOf(secured.document);
  if (proofs.length === 0) return finding('not-signed');
  if (proofs.length > MAX_PROOFS) return finding('too-many-proofs', String(proofs.length));
  return proofs.some(isSupported) ? undefined : finding('proof-unsupported', String(proofs.map((proof) => (isJsonObject(proof) ? (proof['cryptosuite'] ?? proof['type']) : proof)).join(', ')));
};

/**
 * Checks that a credential has one meaning and that its issuer, whose keys come from its id alone, has signed it.
 * @param canonicalize the stock library, unless the document is known to be one of those that another way was made for
 */
export const authenticate = async (secured: Secured, resolve: ResolveIssuer, now: number, canonicalize: Canonicalize = stockCanonicalize): Promise<Authenticity> => {
  const { document } = secured;
  const { finding: contexts, canonical } = await meaningOf(document, canonicalize);
  const unsigned = beforeKeys(secured);
  if (unsigned) return authenticity(contexts, finding('key-not-checked'), unsigned);
  const id = issuerIdOf(document);
  if (id === undefined) return authenticity(contexts, finding('key-not-checked'), finding('proof-not-checked'));
  // A signature over something that has no one meaning proves nothing, and the work is saved.
  if (!passed(contexts)) return authenticity(contexts, finding('key-not-checked'), finding('proof-not-checked'));
  const issuer = await resolve(id);
  if (isUnresolved(issuer)) {
    const strange = secured.kind === 'document' && id.startsWith('did:') ? proofsOf(document).find((proof) => isSupported(proof) && ownerOf(String(proof['verificationMethod'])) !== id) : undefined;
    return authenticity(contexts, strange ? finding('key-of-another', String((strange as JsonObject)['verificationMethod'])) : finding(issuer.reason, issuer.detail), finding('proof-not-checked'));
  }
  return secured.kind === 'jwt' ? checkToken(secured, contexts, { issuer, now }) : checkProofs(document, contexts, remembering(document, canonical, canonicalize), { issuer, now });
};
