import { didDocumentAddress } from '../document/addresses.js';
import { isJsonObject, type JsonObject } from '../json-ld/json.js';
import { decodeStatusList, statusAt, type StatusPurpose } from '../status-list.js';
import { authenticate, issuerIdOf } from './authenticity.js';
import { datesFinding } from './dates.js';
import { readInput, type Secured } from './read-input.js';
import { effectOf, finding, type Finding } from './report.js';
import type { ResolveIssuer } from './resolve-issuer.js';
import { baseFlaw } from './schema.js';

/** A document as it was published, or why there is none. */
export type LoadedText =
  | { readonly text: string }
  | { readonly reason: 'unknown' | 'unreachable' | 'blocked'; readonly detail: string }
  /** It was there and was taken away, with what stands there instead. */
  | { readonly reason: 'gone'; readonly detail: string; readonly instead?: string };

/** Gives what is published at an address. */
export type LoadText = (address: string) => Promise<LoadedText>;

/** What the issuer's lists say. */
export interface StatusFindings {
  readonly revocation: Finding;
  readonly suspension: Finding;
}

/** With what a status is looked up. */
export interface StatusPorts {
  readonly resolveIssuer: ResolveIssuer;
  readonly loadStatusList: LoadText;
}

interface Entry {
  readonly list: string;
  readonly index: number;
  readonly purpose: StatusPurpose;
}

const MAX_ENTRIES = 8;
const PURPOSES: readonly StatusPurpose[] = ['revocation', 'suspension'];

const indexOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
};

const entryOf = (status: unknown): Entry | Finding | undefined => {
  if (!isJsonObject(status)) return finding('status-malformed');
  const { type, statusPurpose, statusListIndex, statusListCredential: list } = status;
  if (type !== 'BitstringStatusListEntry') return finding('status-other-kind', String(type));
  if (typeof statusPurpose !== 'string') return finding('status-malformed', 'it has no purpose');
  const purpose = PURPOSES.find((one) => one === statusPurpose);
  // What is refreshed, or a message, says nothing about whether it counts.
  if (purpose === undefined) return undefined;
  if (status['statusSize'] !== undefined && status['statusSize'] !== 1) return finding('status-malformed', 'more than one bit');
  const index = indexOf(statusListIndex);
  if (typeof list !== 'string' || !URL.canParse(list) || index === undefined) return finding('status-malformed', 'its place is none');
  return { list, index, purpose };
};

/**
 * The list for suspension of an issuer that runs this engine: the published schema of Open Badges allows one status in a credential,
 * so this one stands beside that for revocation, at the same index.
 */
const besideRevocation = ({ list, index, purpose }: Entry, issuer: string): Entry | undefined => {
  const home = didDocumentAddress(issuer)?.replace(/\/did\.json$/, '');
  if (purpose !== 'revocation' || home === undefined) return undefined;
  const place = new URL(list);
  const own = new URL(home);
  if (place.host !== own.host || !place.pathname.startsWith(`${own.pathname}/status/`) || !/\/status\/\d+\/revocation$/.test(place.pathname)) return undefined;
  return { list: list.replace(/revocation$/, 'suspension'), index, purpose: 'suspension' };
};

const untrusted = (detail: string): Finding => finding('list-untrusted', detail);

const listFlaw = async ({ list, purpose }: Entry, issuer: string, secured: Secured, resolve: ResolveIssuer, now: number): Promise<Finding | undefined> => {
  const { document } = secured;
  const flaw = await baseFlaw(document);
  if (flaw !== undefined) return untrusted(flaw);
  const types = document['type'];
  if (!Array.isArray(types) || !types.includes('BitstringStatusListCredential')) return untrusted('it is no status list');
  // Another list of the same issuer, given in its place, would have other bits.
  if (document['id'] !== list) return untrusted('it is the list of another address');
  if (issuerIdOf(document) !== issuer) return untrusted('somebody else has issued it');
  const subject = document['credentialSubject'];
  if (!isJsonObject(subject) || subject['type'] !== 'BitstringStatusList' || subject['statusPurpose'] !== purpose) return untrusted('it is a list for another purpose');
  const { holds, contexts, key, proof } = await authenticate(secured, resolve, now);
  if (!holds) return untrusted(`${[contexts, key, proof].find((one) => effectOf(one) !== undefined)?.reason ?? proof.reason}`);
  return datesFinding(document, now).reason === 'dates-hold' ? undefined : finding('list-outdated');
};

const look = async (entry: Entry, issuer: string, { resolveIssuer, loadStatusList }: StatusPorts, now: number): Promise<Finding> => {
  const loaded = await loadStatusList(entry.list);
  if ('reason' in loaded) return finding('list-unavailable', loaded.detail);
  const read = readInput(loaded.text);
  if ('refused' in read) return finding('list-unreadable', read.refused.reason);
  const flaw = await listFlaw(entry, issuer, read.secured, resolveIssuer, now);
  if (flaw) return flaw;
  const { encodedList } = read.secured.document['credentialSubject'] as JsonObject;
  if (typeof encodedList !== 'string') return finding('list-unreadable', 'it has no bits');
  const decoded = decodeStatusList(encodedList);
  if ('refused' in decoded) return finding('list-unreadable', decoded.refused);
  const set = statusAt(decoded.bits, entry.index);
  if (set === undefined) return finding('list-unreadable', `it has no entry ${entry.index}`);
  if (!set) return finding('not-set');
  return finding(entry.purpose === 'revocation' ? 'revoked' : 'suspended', `entry ${entry.index}`);
};

/** The finding that weighs most: what is set, then what could not be told. */
const gravest = (findings: readonly Finding[]): Finding =>
  findings.find(({ reason }) => reason === 'revoked' || reason === 'suspended') ?? findings.find((one) => effectOf(one) !== undefined) ?? findings[0] ?? finding('no-list');

/** Looks a credential, whose signature holds, up in its issuer's status lists. */
export const statusFindings = async (document: JsonObject, ports: StatusPorts, now: number): Promise<StatusFindings> => {
  const { credentialStatus } = document;
  const issuer = issuerIdOf(document) ?? '';
  const given = credentialStatus === undefined ? [] : Array.isArray(credentialStatus) ? (credentialStatus as readonly unknown[]) : [credentialStatus];
  if (given.length > MAX_ENTRIES) return { revocation: finding('status-malformed', `${given.length} entries`), suspension: finding('status-not-checked') };
  const found: Record<StatusPurpose, Finding[]> = { revocation: [], suspension: [] };
  for (const status of given) {
    const entry = entryOf(status);
    if (entry === undefined) continue;
    if ('reason' in entry) found.revocation.push(entry);
    else {
      const beside = besideRevocation(entry, issuer);
      for (const one of beside ? [entry, beside] : [entry]) found[one.purpose].push(await look(one, issuer, ports, now));
    }
  }
  return { revocation: gravest(found.revocation), suspension: gravest(found.suspension) };
};

/** The lists that somebody has saved, by the address that they name as their id. */
export const savedStatusLists = (texts: readonly string[]): LoadText => {
  const saved = new Map<unknown, string>();
  for (const text of texts) {
    const read = readInput(text);
    if ('secured' in read) saved.set(read.secured.document['id'], text);
  }
  return async (address) => {
    const text = saved.get(address);
    return text === undefined ? { reason: 'unknown', detail: `nothing is saved for ${address}` } : { text };
  };
};
