import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { CHAIN_START, chainWith, leafOf, readInt64, recordBytes, writeInt64, type AuditedEvent } from './record.js';

const number = fc.maxSafeInteger();
const text = fc.string({ unit: 'binary', maxLength: 40 });
const record: fc.Arbitrary<AuditedEvent> = fc.record({ position: number, revision: number, recordedAt: number, schema: number, stream: text, id: text, type: text, json: text });

describe('the bytes of a record', () => {
  it('are these', () => {
    const bytes = recordBytes({ position: 258, revision: 0, recordedAt: 1_790_000_000_000, schema: 1, stream: 'award-a', id: '6f', type: 'É', json: '{}' });
    expect(Buffer.from(bytes).toString('hex')).toBe(
      ['01', '0000000000000102', '0000000000000000', '000001a0c4506c00', '0000000000000001', '00000007', '61776172642d61', '00000002', '3666', '00000002', 'c389', '00000002', '7b7d'].join(''),
    );
  });

  it('differ where anything differs', () => {
    const alike = (a: AuditedEvent, b: AuditedEvent): boolean => (Object.keys(a) as (keyof AuditedEvent)[]).every((name) => Object.is(a[name], b[name]));
    fc.assert(fc.property(record, record, fc.shuffledSubarray(['position', 'revision', 'recordedAt', 'schema', 'stream', 'id', 'type', 'json'] as const), (a, other, from) => {
      const b = { ...a, ...Object.fromEntries(from.map((name) => [name, other[name]])) };
      expect(Buffer.compare(recordBytes(a), recordBytes(b)) === 0).toBe(alike(a, b));
    }));
    // What runs from one text into the next is not the same.
    const at = { position: 1, revision: 0, recordedAt: 0, schema: 1, id: '', json: '' };
    expect(leafOf({ ...at, stream: 'award-ab', type: 'c' })).not.toEqual(leafOf({ ...at, stream: 'award-a', type: 'bc' }));
  });

  it('are hashed as a leaf, whatever their length', () => {
    fc.assert(fc.property(record, fc.nat({ max: 30_000 }), (event, longer) => {
      const long = { ...event, json: event.json + '漢'.repeat(longer) };
      expect(leafOf(long)).toEqual(createHash('sha256').update(Buffer.of(0)).update(recordBytes(long)).digest());
    }));
  });

  it('hold every whole number', () => {
    const bytes = Buffer.alloc(8);
    fc.assert(fc.property(number, (value) => {
      writeInt64(value, bytes, 0);
      expect(bytes.readBigInt64BE()).toBe(BigInt(value));
      expect(readInt64(bytes, 0)).toBe(value);
    }));
  });
});

it('the chain takes in end, position and leaf', () => {
  const leaf = createHash('sha256').update('leaf').digest();
  const bytes = Buffer.alloc(72);
  bytes.writeBigInt64BE(7n, 32);
  leaf.copy(bytes, 40);
  expect(chainWith(CHAIN_START, 7, leaf)).toEqual(createHash('sha256').update(bytes).digest());
});
