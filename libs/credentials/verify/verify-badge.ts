import type { Canonicalize } from '../json-ld/canonical.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { authenticate, issuerIdOf, type Authenticity } from './authenticity.js';
import { datesFinding } from './dates.js';
import { verifyAssertion } from './open-badges-2.js';
import { otherKindOf, readInput, type Secured } from './read-input.js';
import { compareWithLog, recordFindings, type Known } from './records.js';
import { checkOf, CHECKS, finding, shownText, verdictOf, type CheckName, type Finding, type Format, type Report, type VerifiedBadge } from './report.js';
import type { ResolveIssuer } from './resolve-issuer.js';
import { openBadgeFlaw } from './schema.js';
import { statusFindings, type LoadText } from './status.js';

/** What a verifier asks others for. */
export interface VerifyPorts {
  readonly resolveIssuer: ResolveIssuer;
  readonly loadStatusList: LoadText;
  /** The issuer's own log, where the engine that verifies is the one that issues. */
  readonly known?: Known;
  /** A faster way to the canonical form of documents that stand in that log word for word; a stranger's never go this way. */
  readonly canonicalizeRecorded?: Canonicalize;
  /** Documents of Open Badges 2.0 by their address. */
  readonly loadHosted?: LoadText;
}

const NOT_LOOKED_AT: Readonly<Record<CheckName, Finding>> = {
  input: finding('not-recognized'),
  schema: finding('schema-not-checked'),
  contexts: finding('contexts-not-checked'),
  key: finding('key-not-checked'),
  proof: finding('proof-not-checked'),
  dates: finding('dates-not-checked'),
  revocation: finding('status-not-checked'),
  suspension: finding('status-not-checked'),
  evidence: finding('evidence-not-checked'),
  recorded: finding('not-our-record'),
};

type Found = Readonly<Partial<Record<CheckName, Finding>>>;

interface More {
  readonly format?: Format;
  readonly badge?: VerifiedBadge;
  readonly issuerSource?: string;
}

const report = (found: Found, more: More = {}): Report => {
  const all = { ...NOT_LOOKED_AT, ...found };
  return { ...verdictOf(CHECKS.map((check) => all[check])), ...more, checks: CHECKS.map((check) => checkOf(check, all[check])) };
};

const textIn = (node: unknown, name: string): string | undefined => {
  const value = isJsonObject(node) ? node[name] : undefined;
  return typeof value === 'string' ? shownText(value) : undefined;
};

/** What a badge says. Only called for one whose signature is the issuer's. */
const badgeOf = (document: JsonObject): VerifiedBadge => {
  const { issuer, credentialSubject: subject } = document;
  const achievement = isJsonObject(subject) ? subject['achievement'] : undefined;
  const optional = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value });
  return {
    id: textIn(document, 'id') ?? '',
    name: textIn(achievement, 'name') ?? '',
    issuer: { id: shownText(issuerIdOf(document) ?? ''), ...optional('name', textIn(issuer, 'name')) },
    achievement: { id: textIn(achievement, 'id') ?? '', ...optional('description', textIn(achievement, 'description')) },
    ...optional('subject', textIn(subject, 'id')),
    ...optional('language', textIn(achievement, 'inLanguage')),
    ...optional('validFrom', textIn(document, 'validFrom')),
    ...optional('validUntil', textIn(document, 'validUntil')),
    ...optional('awardedDate', textIn(document, 'awardedDate')),
  };
};

const verifyOpenBadge = async (secured: Secured, format: Format, ports: VerifyPorts, now: number): Promise<Report> => {
  const { document } = secured;
  const input = finding(`read-${format}`);
  const flaw = await openBadgeFlaw(document);
  const schema = flaw === undefined ? finding('schema-holds') : finding('schema-broken', flaw);
  const dates = datesFinding(document, now);
  if (flaw !== undefined) {
    const unsigned = secured.kind === 'document' && (document['proof'] === undefined || document['proof'] === null);
    return report({ input, schema, dates, ...(unsigned && { proof: finding('not-signed') }) }, { format });
  }
  const compared = await compareWithLog(document, issuerIdOf(document) ?? '', ports.known);
  const { contexts, key, proof, holds, source }: Authenticity = await authenticate(secured, ports.resolveIssuer, now, compared.edition && ports.canonicalizeRecorded);
  const found: Found = { input, schema, contexts, key, proof, dates };
  const from = source === undefined ? {} : { issuerSource: source };
  // What was not signed by its issuer is asked nothing more: its addresses are a stranger's.
  if (!holds) return report(found, { format, ...from });
  const { recorded, evidence, status } = recordFindings(document, compared);
  const { revocation, suspension } = status ?? (await statusFindings(document, ports, now));
  return report({ ...found, revocation, suspension, evidence, recorded }, { format, badge: badgeOf(document), ...from });
};

/**
 * Verifies a badge as it was given: an Open Badges 3.0 credential in JSON or as a token, by itself or baked into a PNG or SVG image,
 * or a hosted Open Badges 2.0 assertion. Whatever was given, the answer is a report; nothing that was not verified counts for anything.
 * @param now epoch milliseconds
 */
export const verifyBadge = async (input: Uint8Array | string, ports: VerifyPorts, now: number): Promise<Report> => {
  const read = readInput(input);
  if ('refused' in read) return report({ input: read.refused }, read.format === undefined ? {} : { format: read.format });
  const { format, secured } = read;
  const kind = otherKindOf(secured);
  if (kind === undefined) return verifyOpenBadge(secured, format, ports, now);
  if (kind !== 'assertion-2') return report({ input: finding(kind) }, { format });
  const { badge, ...found } = await verifyAssertion(secured.document, ports.loadHosted, now);
  return report({ input: finding(`read-${format}`), ...found }, { format, ...(badge && { badge }) });
};
