import type { DeliveryReplayed } from '#domain/dead-letter.js';
import { hashUuid } from '#domain/ids.js';
import { deadLetterStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import type { Seals } from '#vault/vault.js';
import type { Rejection } from './dead-letters.js';
import type { Delivery, Receipt } from './delivery.js';
import { openLetter, readLetter } from './letter-content.js';
import type { FormatReader, Mapped } from './mapped.js';

/** What became of a dead letter that went through intake again. */
export type ReplayResult =
  | { readonly outcome: 'recorded' | 'duplicate'; readonly position: number }
  | ({ readonly outcome: 'rejected' } & Rejection);

/** A dead letter to send again. */
export interface ReplayRequest {
  readonly store: EventStore;
  readonly seals: Pick<Seals, 'open'>;
  readonly tenant: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly readers: Readonly<Record<string, FormatReader>>;
  readonly letter: string;
}

/** Sends a dead letter's delivery again; where that succeeds the letter's stream says so, once. */
export const replayLetter = async (
  { store, seals, tenant, now, readers, letter }: ReplayRequest,
  send: (delivery: Delivery) => Promise<Receipt>,
): Promise<ReplayResult> => {
  const stored = await readLetter(store, tenant, letter);
  const { rejected, revision, replayed } = stored;
  if (rejected.reason === 'too-large') return { outcome: 'rejected', reason: 'too-large', detail: rejected.detail };
  const { format, origin } = rejected;
  const raw = await openLetter(seals, stored);
  if (raw === undefined) return { outcome: 'rejected', reason: 'erased', detail: 'what was sent is erased, so it cannot be sent again' };
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
      events: [toNewEvent(event, hashUuid('DeliveryReplayed', letter))],
    },
  ]);
  return { outcome, position: result && result.outcome !== 'wrong-expected-revision' ? result.position : position };
};
