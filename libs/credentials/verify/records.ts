import { contentHash } from '#domain/ids.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { finding, type Finding } from './report.js';
import type { StatusFindings } from './status.js';

/** What the issuer's own log has about a credential. */
export interface RecordedCredential {
  readonly status: 'active' | 'suspended' | 'revoked';
  /** `statedHash` of each edition of this id that was ever signed, and whether it is the newest. */
  readonly editions: readonly { readonly hash: string; readonly newest: boolean }[];
  /** sha256 of the decision trace on record, in hex. */
  readonly traceHash?: string;
}

/** Looks a credential up in the issuer's own log: it is not ours to know, ours and not there, or there. */
export type Known = (credential: { readonly id: string; readonly issuer: string }) => Promise<RecordedCredential | 'not-ours' | 'unknown'>;

/** The hash of what a credential states, apart from how it is signed; the same for its JSON and its token. */
export const statedHash = (document: JsonObject): string => {
  const { proof: _, ...rest } = document;
  return contentHash(rest);
};

/** What the log says. */
export interface RecordFindings {
  readonly recorded: Finding;
  readonly evidence: Finding;
  /** The log knows better than any list what it has revoked. */
  readonly status?: StatusFindings;
}

const TRACE = /\/credentials\/[^/]+\/trace$/;
const SHA256 = /\b[0-9a-f]{64}\b/g;

/** The hashes in the piece of evidence that stands for the decision trace; undefined where there is none. */
const traceHashes = ({ evidence }: JsonObject): readonly string[] | undefined => {
  const node = Array.isArray(evidence) ? evidence.find((one): one is JsonObject => isJsonObject(one) && typeof one['id'] === 'string' && TRACE.test(one['id'])) : undefined;
  return node && (String(node['narrative']).match(SHA256) ?? []);
};

const evidenceFinding = (document: JsonObject, { traceHash }: RecordedCredential, newest: boolean): Finding => {
  const named = traceHashes(document);
  if (named === undefined || traceHash === undefined) return finding('no-trace');
  // An older edition names the trace of its own time; that it was recorded as it is says enough.
  return named.includes(traceHash) ? finding('evidence-agrees') : newest ? finding('evidence-differs') : finding('no-trace');
};

const STATUS = {
  active: { revocation: finding('log-agrees'), suspension: finding('log-agrees') },
  suspended: { revocation: finding('log-agrees'), suspension: finding('suspended') },
  revoked: { revocation: finding('revoked'), suspension: finding('log-agrees') },
} as const satisfies Record<RecordedCredential['status'], StatusFindings>;

/** A credential beside what the issuer's own log has under its id. */
export interface Compared {
  readonly record: RecordedCredential | 'not-ours' | 'unknown';
  /** The recorded edition that states just the same. */
  readonly edition?: RecordedCredential['editions'][number];
}

/** Looks a credential up by what it says of itself, which nothing has verified yet. */
export const compareWithLog = async (document: JsonObject, issuer: string, known: Known | undefined): Promise<Compared> => {
  const record = (await known?.({ id: String(document['id']), issuer })) ?? 'not-ours';
  if (typeof record === 'string') return { record };
  const hash = statedHash(document);
  const edition = record.editions.find((one) => one.hash === hash);
  return { record, ...(edition && { edition }) };
};

/**
 * What the issuer's log says of a credential whose signature holds. A key that leaked signs whatever somebody wants, with any
 * date; it does not write to the log.
 */
export const recordFindings = (document: JsonObject, { record, edition }: Compared): RecordFindings => {
  if (record === 'not-ours') return { recorded: finding('not-our-record'), evidence: finding(traceHashes(document) ? 'evidence-not-checked' : 'no-trace') };
  if (record === 'unknown') return { recorded: finding('not-recorded'), evidence: finding('no-trace') };
  if (!edition) return { recorded: finding('recorded-otherwise'), evidence: finding('no-trace') };
  return { recorded: finding(edition.newest ? 'recorded' : 'recorded-renewed'), evidence: evidenceFinding(document, record, edition.newest), status: STATUS[record.status] };
};
