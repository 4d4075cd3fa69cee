import type { DeliveryRejected } from '#domain/dead-letter.js';
import { deadLetters } from './dead-letters.js';
import { entriesOf, T0 } from './fixtures.js';

const letter: DeliveryRejected = {
  type: 'DeliveryRejected', letter: 'l1', tenant: 't', reason: 'malformed', detail: 'no JSON', content: { kept: 'sealed', sealed: 'AQID' },
  format: 'proofmark', origin: 'http', rejectedAt: T0,
};

describe('dead letters', () => {
  it('that keep nothing, or whose content is shredded, are erased', async () => {
    const entries = await entriesOf({ ...letter, reason: 'erased', content: { kept: 'nothing' } }, { type: 'LetterShredded', letter: 'l2', tenant: 't', because: 'retention', shreddedAt: T0 });
    expect(deadLetters.project(entries)).toMatchObject([{ row: { letter: 'l1', status: 'erased' } }, { op: 'patch', key: { letter: 'l2' }, set: { status: 'erased' } }, {}]);
  });

  it('are kept without what was sent, counted by reason, and closed by a replay', async () => {
    const { type: _type, content: _content, ...columns } = letter;
    const entries = await entriesOf(
      letter,
      { ...letter, letter: 'l2' },
      { ...letter, letter: 'l3', reason: 'conflict' },
      { type: 'DeliveryReplayed', letter: 'l1', tenant: 't', outcome: 'recorded', replayedAt: T0 + 1 },
    );
    expect(deadLetters.project(entries)).toEqual([
      { op: 'put', collection: 'dead_letter', row: { ...columns, position: 1, status: 'open' } },
      { op: 'put', collection: 'dead_letter', row: { ...columns, letter: 'l2', position: 2, status: 'open' } },
      { op: 'put', collection: 'dead_letter', row: { ...columns, letter: 'l3', reason: 'conflict', position: 3, status: 'open' } },
      { op: 'patch', collection: 'dead_letter', key: { letter: 'l1' }, set: { status: 'replayed', outcome: 'recorded', replayedAt: T0 + 1 } },
      { op: 'add', collection: 'dead_letter_count', key: { tenant: 't', reason: 'malformed' }, add: { rejected: 2 } },
      { op: 'add', collection: 'dead_letter_count', key: { tenant: 't', reason: 'conflict' }, add: { rejected: 1 } },
    ]);
  });
});
