import { isUtf8 } from 'node:buffer';
import { inflateRawSync } from 'node:zlib';
import type { DeadLetterEvent, DeliveryRejected } from '#domain/dead-letter.js';
import { ProofmarkError } from '#domain/errors.js';
import { readLogEvent } from '#domain/log-event.js';
import { deadLetterStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Seals, Subject } from '#vault/vault.js';
import { MAX_RAW_BYTES } from './delivery.js';

/** Whose key seals what a dead letter keeps. */
export const letterSubject = (tenant: string, letter: string): Subject => ({ tenant, kind: 'letter', id: letter });
/** Under which name. */
export const RAW = 'raw';

/** A dead letter as the log has it. */
export interface StoredLetter {
  readonly rejected: DeliveryRejected;
  readonly revision: number;
  readonly replayed: boolean;
  /** What was sent is gone. */
  readonly shredded: boolean;
}

/** Reads a dead letter. @throws ProofmarkError NOT_FOUND for one that does not exist, or is another tenant's */
export const readLetter = async (store: Pick<EventStore, 'readStream'>, tenant: string, letter: string): Promise<StoredLetter> => {
  const stored = await store.readStream(deadLetterStream(letter));
  const events = stored.map(({ type, schema, json }) => readLogEvent(type, schema, json) as DeadLetterEvent);
  const at = events.findLastIndex(({ type }) => type === 'DeliveryRejected');
  const rejected = events[at];
  // A letter of another tenant is as absent as one that never was.
  if (rejected?.type !== 'DeliveryRejected' || rejected.tenant !== tenant) throw new ProofmarkError('NOT_FOUND', `There is no dead letter ${letter}.`);
  const since = events.slice(at + 1);
  return {
    rejected,
    revision: stored.at(-1)?.revision ?? 0,
    replayed: since.some(({ type }) => type === 'DeliveryReplayed'),
    shredded: since.some(({ type }) => type === 'LetterShredded'),
  };
};

/** What a dead letter keeps of a delivery, as it came; undefined where that is erased. @throws ProofmarkError as the vault does */
export const openLetter = async (seals: Pick<Seals, 'open'>, { rejected: { tenant, letter, content }, shredded }: Pick<StoredLetter, 'rejected' | 'shredded'>): Promise<string | Uint8Array | undefined> => {
  if (shredded || content.kept === 'nothing') return undefined;
  if (content.kept === 'plain') return content.encoding === 'utf8' ? content.raw : Uint8Array.from(Buffer.from(content.raw, 'base64'));
  const opened = await seals.open(letterSubject(tenant, letter), RAW, Buffer.from(content.sealed, 'base64'));
  if (!opened) return undefined;
  const bytes = inflateRawSync(opened, { maxOutputLength: MAX_RAW_BYTES });
  return isUtf8(bytes) ? bytes.toString('utf8') : Uint8Array.from(bytes);
};

/** What was sent, for people and programs: text where it is UTF-8, base64 where not. */
export const shownContent = (raw: string | Uint8Array): { readonly raw: string; readonly encoding: 'utf8' | 'base64' } =>
  typeof raw === 'string' ? { raw, encoding: 'utf8' } : { raw: Buffer.from(raw).toString('base64'), encoding: 'base64' };
