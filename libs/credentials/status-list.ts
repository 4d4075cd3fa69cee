import { gunzipSync, gzipSync } from 'node:zlib';
import type { JsonObject } from './json-ld/json.js';

/** What a status list says about credentials. */
export type StatusPurpose = 'revocation' | 'suspension';

/** So many credentials share a list at least, so that looking one up tells little about which. */
export const MIN_ENTRIES = 131_072;
/** Larger lists are refused: 2 MiB of bits. */
export const MAX_ENTRIES = 16_777_216;

/** Why an encoded list cannot be read. */
export type UnreadableList = 'not-multibase' | 'not-gzip' | 'too-large' | 'too-small';

/** The bits of a list, or why they cannot be read. */
export type DecodedList = { readonly bits: Uint8Array } | { readonly refused: UnreadableList };

/** A list in which these entries are set. */
export const statusBits = (entries: number, set: Iterable<number>): Uint8Array => {
  if (!Number.isInteger(entries) || entries < MIN_ENTRIES || entries > MAX_ENTRIES || entries % 8 !== 0) {
    throw new RangeError(`A status list has ${MIN_ENTRIES} to ${MAX_ENTRIES} entries, a multiple of 8.`);
  }
  const bits = new Uint8Array(entries / 8);
  for (const index of set) {
    if (!Number.isInteger(index) || index < 0 || index >= entries) throw new RangeError(`The list has no entry ${index}.`);
    // The first entry is the left-most bit.
    bits[index >> 3] = (bits[index >> 3] ?? 0) | (0x80 >> (index & 7));
  }
  return bits;
};

/** Whether an entry is set; undefined where the list has no such entry. */
export const statusAt = (bits: Uint8Array, index: number): boolean | undefined => {
  if (!Number.isInteger(index) || index < 0) return undefined;
  const byte = bits[Math.floor(index / 8)];
  return byte === undefined ? undefined : (byte & (0x80 >> (index & 7))) !== 0;
};

/** The bits as they stand in a credential: gzip in base64url, with the multibase prefix. */
export const encodeStatusList = (bits: Uint8Array): string => `u${gzipSync(bits, { level: 9 }).toString('base64url')}`;

/** Reads an encoded list. One that would inflate to more than it may is refused before it does. */
export const decodeStatusList = (encoded: string, maxEntries = MAX_ENTRIES): DecodedList => {
  const maxBytes = maxEntries / 8;
  // What cannot be compressed at all is a little longer than it was, and base64 takes four characters for three bytes.
  if (encoded.length > maxBytes * 1.34 + 1_024) return { refused: 'too-large' };
  if (!/^u[A-Za-z0-9_-]+$/.test(encoded)) return { refused: 'not-multibase' };
  let bits: Uint8Array;
  try {
    bits = gunzipSync(Buffer.from(encoded.slice(1), 'base64url'), { maxOutputLength: maxBytes });
  } catch (thrown) {
    return { refused: (thrown as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'not-gzip' };
  }
  return bits.length * 8 < MIN_ENTRIES ? { refused: 'too-small' } : { bits: new Uint8Array(bits) };
};

/** Where a status list is published and by whom. */
export interface StatusListAddress {
  /** The address of the list's credential. */
  readonly list: string;
  readonly issuer: string;
  readonly purpose: StatusPurpose;
}

/** The credential of a status list, to be signed like others. Times are ISO 8601. */
export const statusListCredential = (
  { list, issuer, purpose }: StatusListAddress,
  bits: Uint8Array,
  { validFrom, validUntil }: { readonly validFrom: string; readonly validUntil?: string },
): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: list,
  type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer,
  validFrom,
  ...(validUntil === undefined ? {} : { validUntil }),
  credentialSubject: { id: `${list}#list`, type: 'BitstringStatusList', statusPurpose: purpose, encodedList: encodeStatusList(bits) },
});

/** What a credential says of its place in a status list. */
export const statusListEntry = (list: string, index: number, purpose: StatusPurpose): JsonObject => ({
  id: `${list}#${index}`,
  type: 'BitstringStatusListEntry',
  statusPurpose: purpose,
  statusListIndex: String(index),
  statusListCredential: list,
});
