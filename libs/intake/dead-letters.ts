import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { DeadLetterReason, DeliveryRejected } from '#domain/dead-letter.js';
import { hashId, hashUuid } from '#domain/ids.js';
import { schemaVersion, writeLogEvent } from '#domain/log-event.js';
import { deadLetterStream } from '#domain/streams.js';
import type { Append } from '#event-store/event-store.js';
import { KEPT_BYTES, MAX_RAW_BYTES, type Delivery, type Oversize } from './delivery.js';
import type { FieldProblem } from './mapped.js';

/** Why a delivery is not recorded. */
export interface Rejection {
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly fields?: readonly FieldProblem[];
}

/** What is known of a delivery that is longer than is kept; undefined for others. */
export const oversizeOf = ({ raw, oversize }: Delivery): Oversize | undefined => {
  if (oversize) return oversize;
  if (raw.length * 3 <= MAX_RAW_BYTES) return undefined; // a UTF-16 unit has at most three bytes in UTF-8
  const bytes = typeof raw === 'string' ? Buffer.byteLength(raw) : raw.length;
  return bytes > MAX_RAW_BYTES ? { bytes, sha256: createHash('sha256').update(raw).digest('hex') } : undefined;
};

/** The rejection of a delivery that is longer than is kept. */
export const tooLarge = ({ bytes, sha256 }: Oversize): Rejection => ({
  reason: 'too-large',
  detail:
    `the delivery has ${bytes} bytes, more than ${MAX_RAW_BYTES}; only its first ${KEPT_BYTES} are kept here` +
    ` (sha256 of the whole: ${sha256}); send smaller deliveries`,
});

/** Text where the bytes are UTF-8, else base64. */
const keep = (raw: string | Uint8Array): Pick<DeliveryRejected, 'raw' | 'encoding'> => {
  if (typeof raw === 'string') return { raw, encoding: 'utf8' };
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  return isUtf8(bytes) ? { raw: bytes.toString('utf8'), encoding: 'utf8' } : { raw: bytes.toString('base64'), encoding: 'base64' };
};

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The first bytes of a long delivery, cut between characters. */
const cut = (raw: string | Uint8Array): Uint8Array => {
  // A string of so many units has at least so many bytes: no need to encode the rest.
  const bytes = typeof raw === 'string' ? Buffer.from(raw.slice(0, KEPT_BYTES)) : raw;
  let end = Math.min(bytes.length, KEPT_BYTES);
  for (let back = 0; back < 3 && isContinuation(bytes[end]); back++) end--;
  return bytes.subarray(0, end);
};

/** The bytes or text that a dead letter kept. */
export const keptRaw = ({ raw, encoding }: DeliveryRejected): string | Uint8Array =>
  encoding === 'utf8' ? raw : Uint8Array.from(Buffer.from(raw, 'base64'));

/** A dead letter and the append that keeps it. */
export interface Letter {
  readonly id: string;
  readonly append: Append;
}

/**
 * The dead letter of a delivery. Its ids depend on tenant, reason, format and content only, so that a bad delivery
 * that is sent again finds its letter there.
 */
export const letterOf = (tenant: string, delivery: Delivery, rejection: Rejection, now: number): Letter => {
  const { format, origin } = delivery;
  const { reason, detail } = rejection;
  const oversize = reason === 'too-large' ? oversizeOf(delivery) : undefined;
  const kept = keep(oversize ? cut(delivery.raw) : delivery.raw);
  const content = oversize ? [oversize.sha256, String(oversize.bytes)] : [kept.encoding, kept.raw];
  const id = hashId('letter', tenant, reason, format, ...content);
  const event: DeliveryRejected = { type: 'DeliveryRejected', letter: id, tenant, reason, detail, ...kept, format, origin, rejectedAt: now };
  return {
    id,
    append: {
      stream: deadLetterStream(id),
      expected: 'no-stream',
      events: [
        { id: hashUuid('DeliveryRejected', id), type: event.type, schema: schemaVersion(event.type), json: writeLogEvent(event) },
      ],
    },
  };
};
