import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';

/** What can be read of a log, and what cannot: a record that is damaged or missing. */
export type Readable = { readonly events: readonly RecordedEvent[] } | { readonly unreadable: number; readonly why: string };

const PAGE = 1_000;
/** After so many in a row that cannot be read the rest is given up: a position far away may be made up. */
const MOST_IN_A_ROW = 1_000;

/** Reads a log from its beginning to its end, around what is damaged in it. Other errors are thrown. */
export async function* readableRecords(log: Pick<EventStore, 'readAll' | 'head'>): AsyncGenerator<Readable, void, undefined> {
  const head = await log.head();
  let [after, limit, inARow] = [0, PAGE, 0];
  while (inARow < MOST_IN_A_ROW) {
    try {
      const events = await log.readAll({ after, limit });
      if (events.length > 0) yield { events };
      if (events.length < limit) return;
      after = events.at(-1)?.position ?? after;
      inARow = 0;
    } catch (error) {
      if (!(error instanceof ProofmarkError && error.code === 'STORE_CORRUPT')) throw error;
      if (limit > 1) {
        limit = 1; // one of the page is damaged: which?
        continue;
      }
      after += 1;
      inARow += 1;
      yield { unreadable: after, why: messageOf(error) };
      if (after >= head) return;
    }
    if (after % PAGE === 0) limit = PAGE;
  }
}
