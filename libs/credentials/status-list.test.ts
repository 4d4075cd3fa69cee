import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { canonicalize } from './json-ld/canonical.js';
import { decodeStatusList, encodeStatusList, MAX_ENTRIES, MIN_ENTRIES, statusAt, statusBits, statusListCredential, statusListEntry, type DecodedList } from './status-list.js';

const bitsOf = (decoded: DecodedList): Uint8Array => {
  if ('refused' in decoded) throw new Error(decoded.refused);
  return decoded.bits;
};
const setIn = (bits: Uint8Array): readonly number[] => Array.from({ length: bits.length * 8 }, (_, index) => index).filter((index) => statusAt(bits, index));

describe('a status list', () => {
  it('is read as the W3C writes it', () => {
    // The example of Bitstring Status List 1.0: nobody is revoked.
    const bits = bitsOf(decodeStatusList('uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA'));
    expect(bits).toEqual(new Uint8Array(MIN_ENTRIES / 8));
  });

  it('has its first entry in the left-most bit', () => {
    expect([...statusBits(MIN_ENTRIES, [0, 7, 8, 131_071])].flatMap((byte, i) => (byte === 0 ? [] : [[i, byte]]))).toEqual([[0, 0x81], [1, 0x80], [16_383, 0x01]]);
  });

  it('says of each entry what was set', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(MIN_ENTRIES - 1), { maxLength: 50 }), (set) => {
        const bits = bitsOf(decodeStatusList(encodeStatusList(statusBits(MIN_ENTRIES, set))));
        expect(setIn(bits)).toEqual([...set].sort((a, b) => a - b));
      }),
      { numRuns: 20 },
    );
  });

  it.each([-1, 0.5, NaN, MIN_ENTRIES, 2 ** 40])('has no entry %d', (index) => {
    expect(statusAt(statusBits(MIN_ENTRIES, []), index)).toBeUndefined();
    expect(() => statusBits(MIN_ENTRIES, [index])).toThrow(RangeError);
  });

  it.each([0, 131_064, 131_073, MAX_ENTRIES + 8])('does not have %d entries', (entries) => {
    expect(() => statusBits(entries, [])).toThrow(RangeError);
  });
});

describe('an encoded list is refused', () => {
  const encoded = (bytes: Uint8Array): string => `u${bytes.length === 0 ? '' : Buffer.from(bytes).toString('base64url')}`;
  // 32 MiB of zeros in 32 KiB.
  const bomb = (): string => encoded(gzipSync(new Uint8Array(32 * 2 ** 20), { level: 9 }));

  it.each<[string, string, string]>([
    ['without its prefix', encodeStatusList(statusBits(MIN_ENTRIES, [])).slice(1), 'not-multibase'],
    ['in another base', 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2', 'not-multibase'],
    ['with what base64url has not', 'uH4sI AAAA', 'not-multibase'],
    ['when empty', '', 'not-multibase'],
    ['when it is not compressed', encoded(new Uint8Array(20_000)), 'not-gzip'],
    ['when it is cut short', encodeStatusList(statusBits(MIN_ENTRIES, [5])).slice(0, 40), 'not-gzip'],
    ['with fewer entries than hide anybody', encoded(gzipSync(new Uint8Array(16_383))), 'too-small'],
    ['when it inflates to more than it may', bomb(), 'too-large'],
    ['when it is very long', `u${'A'.repeat(4_000_000)}`, 'too-large'],
  ])('%s', (_, text, refused) => {
    expect(decodeStatusList(text)).toEqual({ refused });
  });

  it('before it is inflated whole', () => {
    const text = encoded(gzipSync(new Uint8Array(256 * 2 ** 20), { level: 9 }));
    const before = process.memoryUsage().arrayBuffers;
    expect(decodeStatusList(text)).toEqual({ refused: 'too-large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 2 ** 20);
  });

  it('when a flipped bit breaks its check sum', () => {
    const bytes = Buffer.from(encodeStatusList(statusBits(MIN_ENTRIES, [7])).slice(1), 'base64url');
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1;
    expect(decodeStatusList(encoded(bytes))).toEqual({ refused: 'not-gzip' });
  });
});

describe('the credential of a status list', () => {
  const list = 'https://badges.school.example/issuers/seoul/status/1/revocation';
  const credential = statusListCredential({ list, issuer: 'did:web:badges.school.example:issuers:seoul', purpose: 'revocation' }, statusBits(MIN_ENTRIES, [3]), {
    validFrom: '2026-06-20T09:00:00Z',
    validUntil: '2026-06-21T09:00:00Z',
  });

  it('has a canonical form in which every node has an id', async () => {
    const canonical = await canonicalize(credential);
    expect(canonical).toHaveProperty('nquads');
    expect(JSON.stringify(canonical)).not.toContain('_:');
  });

  it('is what the entry of a credential points to', () => {
    const entry = statusListEntry(list, 3, 'revocation');
    expect(entry).toEqual({ id: `${list}#3`, type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: '3', statusListCredential: list });
    expect(credential).toMatchObject({ id: list, credentialSubject: { statusPurpose: 'revocation' } });
  });
});
