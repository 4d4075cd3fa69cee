import { hash } from 'node:crypto';

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';

/** Crockford base32 of the bytes' leading bits, lower case, `length` characters (5 bits each). `bytes` has a character for each. */
const base32 = (bytes: string, length: number): string => {
  const codes: number[] = [];
  for (let i = 0; i < length; i++) {
    const bit = i * 5;
    const pair = (bytes.charCodeAt(bit >> 3) << 8) | bytes.charCodeAt((bit >> 3) + 1);
    codes.push(CROCKFORD.charCodeAt((pair >> (11 - (bit & 7))) & 31));
  }
  // In one piece: a text that is put together letter by letter keeps all of its pieces.
  return String.fromCharCode(...codes);
};

/** As a text of 32 characters, one a byte ('binary' is another word for latin1): the fastest that the platform offers for short texts. */
const digest = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts), 'binary');

/** Deterministic: the same parts always give the same id (26 characters, 130 bits). */
export const hashId = (...parts: readonly string[]): string => base32(digest(parts), 26);

/** The id of the one award of a badge to a learner in a period; a second grant meets the first one's stream. */
export const awardId = (tenant: string, learner: string, badge: string, period: string): string =>
  hashId('award', tenant, learner, badge, period);

/** A UUID that depends on nothing but the parts (RFC 9562 version 8), so that a retried append repeats it. */
export const hashUuid = (...parts: readonly string[]): string => {
  const bytes = Buffer.from(digest(parts), 'binary').subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** The content hash of a document: sha256 of its canonical JSON, in hex. */
export const contentHash = (value: unknown): string =>
  hash('sha256', canonicalJson(value), 'hex');

/** JSON with sorted keys and without undefined members: equal values give equal text (RFC 8785 for our value range). */
export const canonicalJson = (value: unknown): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
};

/**
 * A 53-bit non-cryptographic digest of a text, for telling a redelivery from a changed event of the same id.
 * Source: the public-domain mixing constants of MurmurHash3's finaliser over two 32-bit lanes.
 */
export const textDigest = (text: string): number => {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x85ebca6b);
    b = Math.imul(b ^ unit, 0xc2b2ae35);
    a ^= a >>> 15;
  }
  a = Math.imul(a ^ (b >>> 16), 0xc2b2ae35);
  b = Math.imul(b ^ (a >>> 13), 0x85ebca6b);
  return (b >>> 11) * 4294967296 + (a >>> 0);
};
