import { messageOf, ProofmarkError } from '#domain/errors.js';
import { readLogEvent } from '#domain/log-event.js';
import { parseStream } from '#domain/streams.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { LogEntry } from './projection.js';

const entryOf = (recorded: RecordedEvent): LogEntry => {
  const event = readLogEvent(recorded.type, recorded.schema, recorded.json);
  const tenant = 'tenant' in event ? event.tenant : parseStream(recorded.stream)?.tenant;
  if (tenant === undefined) throw new ProofmarkError('STORE_CORRUPT', `The stream "${recorded.stream}" names no tenant.`);
  return { event, recorded, tenant };
};

/** What could be read of a batch: all of it, or the events before the first unreadable one and what is wrong with that. */
export interface Decoded {
  readonly entries: readonly LogEntry[];
  readonly unreadable?: { readonly position: number; readonly message: string };
}

// Several followers are handed the same batch (shareSubscription): the first one reads it for all.
const known = new WeakMap<readonly RecordedEvent[], Decoded>();

/** Reads recorded events in their current shape. It never passes over one: whatever follows an unreadable one is left. */
export const decode = (batch: readonly RecordedEvent[]): Decoded => {
  let decoded = known.get(batch);
  if (!decoded) known.set(batch, (decoded = decodeAll(batch)));
  return decoded;
};

const decodeAll = (batch: readonly RecordedEvent[]): Decoded => {
  const entries: LogEntry[] = [];
  for (const recorded of batch) {
    try {
      entries.push(entryOf(recorded));
    } catch (thrown) {
      const message = `Stopped before log position ${recorded.position}: ${messageOf(thrown)}`;
      return { entries, unreadable: { position: recorded.position, message } };
    }
  }
  return { entries };
};
