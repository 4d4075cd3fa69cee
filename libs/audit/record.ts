import type { RecordedEvent } from '#event-store/event-store.js';
import { HASH_BYTES, LEAF_PREFIX, sha256, type Hash } from './merkle.js';

/** Which form `recordBytes` has: its first byte. */
const FORM = 1;
/** What stands before the texts: the form, and four numbers of eight bytes. */
const HEAD_BYTES = 1 + 4 * 8;
/** UTF-8 takes at most so many bytes for a unit of UTF-16. */
const MOST_PER_UNIT = 3;

/** Everything about an event that the log says; nothing else of it is hashed. */
export type AuditedEvent = Pick<RecordedEvent, 'position' | 'revision' | 'recordedAt' | 'schema' | 'stream' | 'id' | 'type' | 'json'>;

/** A whole number as eight bytes, two's complement, the highest first. */
export const writeInt64 = (value: number, into: Buffer, at: number): number => {
  into.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  return into.writeUInt32BE(value >>> 0, at + 4);
};

/** The number that stands there as `writeInt64` wrote it. */
export const readInt64 = (from: Buffer, at: number): number => from.readInt32BE(at) * 0x1_0000_0000 + from.readUInt32BE(at + 4);

const writeText = (text: string, into: Buffer, at: number): number => {
  const length = into.write(text, at + 4);
  into.writeUInt32BE(length, at);
  return at + 4 + length;
};

const write = ({ position, revision, recordedAt, schema, stream, id, type, json }: AuditedEvent, into: Buffer, at: number): number => {
  let end = into.writeUInt8(FORM, at);
  for (const number of [position, revision, recordedAt, schema]) end = writeInt64(number, into, end);
  for (const text of [stream, id, type, json]) end = writeText(text, into, end);
  return end;
};

const mostBytes = ({ stream, id, type, json }: AuditedEvent): number => HEAD_BYTES + 4 * 4 + MOST_PER_UNIT * (stream.length + id.length + type.length + json.length);

/**
 * A recorded event as bytes, no two events alike: the byte 1; position, revision, time of recording (epoch milliseconds) and schema
 * as whole numbers of eight bytes; then stream, id, type and JSON in UTF-8, each after its length in four bytes. The highest byte
 * comes first.
 */
export const recordBytes = (event: AuditedEvent): Uint8Array => {
  const bytes = Buffer.alloc(mostBytes(event));
  return bytes.subarray(0, write(event, bytes, 0));
};

const PREFIX = 1;
let scratch = Buffer.alloc(16_384);
scratch[0] = LEAF_PREFIX;

/** The hash of a record as a leaf of the tree: of `recordBytes` after the byte 0 (RFC 9162 section 2.1.1). */
export const leafOf = (event: AuditedEvent): Hash => {
  const most = PREFIX + mostBytes(event);
  if (most > scratch.length) scratch = Buffer.alloc(2 * most, LEAF_PREFIX);
  return sha256(scratch.subarray(0, write(event, scratch, PREFIX)));
};

/** The end of a chain without a record. */
export const CHAIN_START: Hash = new Uint8Array(HASH_BYTES);

const link = Buffer.alloc(HASH_BYTES + 8 + HASH_BYTES);

/** The end of the chain with one more record: SHA-256 of the end before, the record's position (eight bytes) and its leaf hash. */
export const chainWith = (chain: Hash, position: number, leaf: Hash): Hash => {
  link.set(chain, 0);
  writeInt64(position, link, HASH_BYTES);
  link.set(leaf, HASH_BYTES + 8);
  return sha256(link);
};
