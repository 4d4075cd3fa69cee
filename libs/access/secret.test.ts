import { randomBytes } from 'node:crypto';
import { freshKey, readKey, sameHash } from './secret.js';

describe('an API key', () => {
  it('is read back as itself', () => {
    const key = freshKey(randomBytes);
    expect(key.text).toMatch(/^pmk_[0-9a-z]{16}_[0-9a-z]{52}$/);
    expect(readKey(key.text)).toEqual({ id: key.id, hash: key.hash });
    expect(readKey(freshKey(randomBytes, key.id).text)).toMatchObject({ id: key.id });
  });

  it('holds every bit of the secret', () => {
    const flipped = (bit: number): string => {
      const bytes = Buffer.alloc(32);
      bytes[bit >> 3] = 1 << (bit & 7);
      return freshKey((length) => bytes.subarray(0, length)).text;
    };
    expect(new Set(Array.from({ length: 256 }, (_none, bit) => flipped(bit))).size).toBe(256);
  });

  it.each(['', 'pmk_', 'Bearer x', `pmk_${'0'.repeat(16)}_${'0'.repeat(51)}`, `pmk_${'0'.repeat(16)}_${'0'.repeat(51)}u`, `pmk_${'0'.repeat(16)}_${'0'.repeat(52)}\n`])('is not %j', (text) => {
    expect(readKey(text)).toBeUndefined();
  });

  it('is compared whole', () => {
    expect(sameHash('ab', 'ab')).toBe(true);
    expect(sameHash('ab', 'ac')).toBe(false);
    expect(sameHash('ab', 'abc')).toBe(false);
  });
});
