import fc from 'fast-check';
import { readEventId, writeEventId } from './event-id.js';

describe('event ids', () => {
  it('come back as they went in', () =>
    fc.assert(
      fc.property(fc.uuid(), fc.nat(3), (id, at) => {
        const bytes = new Uint8Array(64);
        writeEventId(id.toUpperCase(), bytes, at * 16);
        expect(readEventId(Buffer.from(bytes.subarray(at * 16, at * 16 + 16)).toString('hex'))).toBe(id);
      }),
    ));

  it.each(['', 'x', '00000000-0000-0000-0000-00000000000', '00000000-0000-0000-0000-00000000000g', '000000000000-0000-0000-0000-00000000', '00000000-0000-0000-0000-000000000000 '])('are UUIDs, not "%s"', (id) =>
    expect(() => writeEventId(id, new Uint8Array(16), 0)).toThrow('must be a UUID'),
  );
});
