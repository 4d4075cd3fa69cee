import { contentHash } from '#domain/ids.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { datesFinding } from './dates.js';
import { finding, shownText, type Finding, type VerifiedBadge } from './report.js';
import type { LoadText } from './status.js';
import { readJson } from './strict-json.js';

/** What was found out about a hosted assertion. */
export interface AssertionFindings {
  readonly schema: Finding;
  readonly contexts?: Finding;
  readonly key?: Finding;
  readonly proof?: Finding;
  readonly dates?: Finding;
  readonly revocation?: Finding;
  readonly suspension?: Finding;
  readonly badge?: VerifiedBadge;
}

const isAddress = (value: unknown): value is string => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);

/** Whether it is what is left of an assertion that was revoked (Open Badges 2.0, "Revoking"), which says no more than that. */
const isBare = ({ revoked, badge }: JsonObject): boolean => revoked === true && badge === undefined;

/** What an assertion must have (Open Badges 2.0, "Assertion"). */
const flawOf = (assertion: JsonObject): string | undefined => {
  const { id, type, recipient, badge, issuedOn, verification } = assertion;
  if (!isAddress(id)) return 'id is no address';
  if (type !== 'Assertion' && !(Array.isArray(type) && type.includes('Assertion'))) return 'type is not Assertion';
  if (isBare(assertion)) return undefined;
  if (!isJsonObject(recipient) || typeof recipient['type'] !== 'string' || typeof recipient['identity'] !== 'string') return 'recipient has no type and identity';
  if (!isAddress(badge) && !(isJsonObject(badge) && isAddress(badge['id']))) return 'badge is no address';
  if (typeof issuedOn !== 'string') return 'issuedOn is missing';
  if (!isJsonObject(verification)) return 'verification is missing';
  return undefined;
};

const idOf = (value: unknown): string => (isJsonObject(value) ? String(value['id']) : String(value));

type Hosted = { readonly document: JsonObject } | { readonly revoked: Finding } | { readonly open: Finding };

const revokedBy = ({ revocationReason: reason }: JsonObject): Finding => finding('revoked', typeof reason === 'string' ? reason : undefined);

/** The document that is published at an address, which must bear that address as its id; or that it was taken away. */
const hosted = async (address: string, load: LoadText | undefined): Promise<Hosted> => {
  const loaded = isAddress(address) ? await load?.(address) : undefined;
  const documentIn = (text: string): JsonObject | undefined => {
    const json = readJson(text);
    return 'value' in json && json.value['id'] === address ? json.value : undefined;
  };
  if (loaded && 'text' in loaded) {
    const document = documentIn(loaded.text);
    if (document?.['revoked'] === true) return { revoked: revokedBy(document) };
    return document ? { document } : { open: finding('hosted-otherwise', address) };
  }
  if (loaded?.reason !== 'gone') return { open: finding('hosted-unavailable', address) };
  return { revoked: revokedBy(documentIn(loaded.instead ?? '') ?? {}) };
};

/** Whether an issuer's profile lets assertions stand at an address: on its own origin, unless it says otherwise itself. */
const mayStandAt = (address: string, issuer: JsonObject): boolean => {
  const policy = isJsonObject(issuer['verification']) ? issuer['verification'] : {};
  const list = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter((one): one is string => typeof one === 'string');
  const starts = list(policy['startsWith']).filter(isAddress);
  // A start within a host name ("https://school.ex") would let "https://school.example.evil" through.
  if (starts.length > 0) return starts.some((start) => address.startsWith(start) && new URL(start).origin === new URL(address).origin);
  const origins = list(policy['allowedOrigins']);
  const own = URL.canParse(idOf(issuer)) ? new URL(idOf(issuer)).host : '';
  return (origins.length > 0 ? origins : [own]).includes(new URL(address).host);
};

const text = (node: JsonObject, name: string): string | undefined => (typeof node[name] === 'string' ? shownText(node[name]) : undefined);

/**
 * Verifies an assertion of Open Badges 2.0 by looking at what is published at its address. It carries no signature: without a look
 * there nothing can be said.
 */
export const verifyAssertion = async (assertion: JsonObject, load: LoadText | undefined, now: number): Promise<AssertionFindings> => {
  const flaw = flawOf(assertion);
  if (flaw !== undefined) return { schema: finding('schema-broken', flaw) };
  const schema = finding('schema-holds');
  const bare = isBare(assertion);
  const base = bare ? { schema } : { schema, dates: datesFinding(assertion, now, ['issuedOn', 'expires']) };
  const address = String(assertion['id']);
  const published = await hosted(address, load);
  if ('open' in published) return { ...base, proof: published.open };
  const taken = 'revoked' in published && { ...base, key: finding('no-key-needed'), proof: finding('hosted-same'), revocation: published.revoked };
  if (taken && bare) return taken;
  if ('document' in published && contentHash(published.document) !== contentHash(assertion)) return { ...base, proof: finding('hosted-otherwise', address) };
  const badge = await hosted(idOf(assertion['badge']), load);
  if (!('document' in badge)) return { ...base, proof: 'open' in badge ? badge.open : finding('hosted-unavailable', idOf(assertion['badge'])) };
  const issuer = await hosted(idOf(badge.document['issuer']), load);
  if (!('document' in issuer)) return { ...base, proof: 'open' in issuer ? issuer.open : finding('hosted-unavailable', idOf(badge.document['issuer'])) };
  if (!mayStandAt(address, issuer.document)) return { ...base, proof: finding('hosted-elsewhere', address) };
  if (taken) return taken;
  const issuerName = text(issuer.document, 'name');
  return {
    ...base,
    key: finding('no-key-needed'),
    proof: finding('hosted-same'),
    revocation: finding('not-set'),
    suspension: finding('no-list'),
    badge: {
      id: shownText(address),
      name: text(badge.document, 'name') ?? '',
      issuer: { id: shownText(idOf(issuer.document)), ...(issuerName !== undefined && { name: issuerName }) },
      awardedDate: text(assertion, 'issuedOn') ?? '',
    },
  };
};
