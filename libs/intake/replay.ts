import type { DeliveryRejected, DeliveryReplayed } from '#domain/dead-letter.js';
import { ProofmarkError } from '#domain/errors.js';
import { hashUuid } from '#domain/ids.js';
import { readLogEvent, schemaVersion, writeLogEvent } from '#domain/log-event.js';
import { deadLetterStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { keptRaw, type Rejection } from './dead-letters.js';
import type { Delivery, Receipt } from './delivery.js';
import type { FormatReader, Mapped } from './mapped.js';

/** What became of a dead letter that went through intake again. */
export type ReplayResult =
  | { readonly outcome: 'recorded' | 'duplicate'; readonly position: number }
  | ({ readonly outcome: 'rejected' } & Rejection);

/** A dead letter to send again. */
export interface ReplayRequest {
  readonly store: EventStore;
  readonly tenant: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly readers: Readonly<Record<string, FormatReader>>;
  readonly letter: string;
}

/** Sends a dead letter's delivery again; where that succeeds the letter's stream says so, once. */
export const replayLetter = async (
  { store, tenant, now, readers, letter }: ReplayRequest,
  send: (delivery: Delivery) => Promise<Receipt>,
): Promise<ReplayResult> => {
  const { rejected, revision, replayed } = await readLetter(store, tenant, letter);
  if (rejected.reason === 'too-large') return { outcome: 'rejected', reason: 'too-large', detail: rejected.detail };
  const { format, origin } = rejected;
  const raw = keptRaw(rejected);
  const read = Object.hasOwn(readers, format) ? readers[format] : undefined;
  const mapped: Mapped = read ? read(raw) : { ok: false, reason: 'malformed', detail: `no reader for the format "${format}"` };
  const receipt = await send({ raw, format, origin, mapped });
  if (receipt.outcome === 'rejected') {
    const { reason, detail, fields } = receipt;
    return { outcome: 'rejected', reason, detail, ...(fields && { fields }) };
  }
  const { outcome, position } = receipt;
  if (replayed) return { outcome, position };
  const event: DeliveryReplayed = { type: 'DeliveryReplayed', letter, tenant, outcome, replayedAt: now() };
  const [result] = await store.append([
    {
      stream: deadLetterStream(letter),
      expected: revision,
      // The same id each time: of two replays at once only one is noted.
      events: [{ id: hashUuid('DeliveryReplayed', letter), type: event.type, schema: schemaVersion(event.type), json: writeLogEvent(event) }],
    },
  ]);
  return { outcome, position: result && result.outcome !== 'wrong-expected-revision' ? result.position : position };
};

interface StoredLetter {
  readonly rejected: DeliveryRejected;
  readonly revision: number;
  readonly replayed: boolean;
}

const readLetter = async (store: EventStore, tenant: string, letter: string): Promise<StoredLetter> => {
  const stored = await store.readStream(deadLetterStream(letter));
  const events = stored.map(({ type, schema, json }) => readLogEvent(type, schema, json));
  const rejected = events.find((event) => event.type === 'DeliveryRejected');
  // A letter of another tenant is as absent as one that never was.
  if (!rejected || rejected.tenant !== tenant) throw new ProofmarkError('NOT_FOUND', `There is no dead letter ${letter}.`);
  return { rejected, revision: stored.at(-1)?.revision ?? 0, replayed: events.some(({ type }) => type === 'DeliveryReplayed') };
};
