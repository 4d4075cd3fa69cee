import type { Projection } from './projection.js';
import type { Collection, Write } from './read-model.js';
import { tally } from './tally.js';

/** Deliveries that were not recorded, with the reason. What was sent is in the log alone, sealed. */
export const DEAD_LETTER: Collection = {
  name: 'dead_letter',
  columns: {
    letter: 'text',
    tenant: 'text',
    reason: 'text',
    detail: 'text',
    format: 'text',
    origin: 'text',
    rejectedAt: 'integer',
    /** Log position of the rejection. */
    position: 'integer',
    /** open, replayed or erased. */
    status: 'text',
    /** Of a replayed one: recorded or duplicate. */
    outcome: 'text',
    replayedAt: 'integer',
  },
  key: ['letter'],
  indexes: [
    ['tenant', 'status', 'position'],
    ['tenant', 'reason', 'position'],
    ['tenant', 'position'],
  ],
};

/** How many deliveries were ever rejected, by reason; those that still are: count `dead_letter` by status. */
export const DEAD_LETTER_COUNT: Collection = {
  name: 'dead_letter_count',
  columns: { tenant: 'text', reason: 'text', rejected: 'integer' },
  key: ['tenant', 'reason'],
};

/** The dead letters and how many there were of each kind. */
export const deadLetters: Projection = {
  name: 'dead-letters',
  version: 2,
  collections: [DEAD_LETTER, DEAD_LETTER_COUNT],
  project: (entries) => {
    const writes: Write[] = [];
    const rejected = tally();
    for (const { event, recorded } of entries) {
      if (event.type === 'DeliveryRejected') {
        const { letter, tenant, reason, detail, content, format, origin, rejectedAt } = event;
        const row = { letter, tenant, reason, detail, format, origin, rejectedAt, position: recorded.position, status: content.kept === 'nothing' ? 'erased' : 'open' };
        writes.push({ op: 'put', collection: 'dead_letter', row });
        rejected.add([tenant, reason], { rejected: 1 });
      } else if (event.type === 'DeliveryReplayed') {
        const { letter, outcome, replayedAt } = event;
        writes.push({ op: 'patch', collection: 'dead_letter', key: { letter }, set: { status: 'replayed', outcome, replayedAt } });
      } else if (event.type === 'LetterShredded') {
        writes.push({ op: 'patch', collection: 'dead_letter', key: { letter: event.letter }, set: { status: 'erased', ...(event.because === 'erasure' && { detail: '', origin: '' }) } });
      }
    }
    for (const { path: [tenant, reason], amounts } of rejected.entries()) {
      writes.push({ op: 'add', collection: 'dead_letter_count', key: { tenant, reason }, add: amounts });
    }
    return writes;
  },
};
