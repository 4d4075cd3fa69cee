import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { base58Decode, base58Encode } from './base58.js';
import { ed25519Jwk, multikeyOf, publicKeyOfJwk, publicKeyOfMultikey } from './multikey.js';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('base58btc', () => {
  // From the internet draft on base58 and from Bitcoin's own tests.
  it.each([
    ['', ''],
    ['61', '2g'],
    ['48656c6c6f20576f726c6421', '2NEpo7TZRRrLZSi2U'],
    ['0000287fb4cd', '11233QC4'],
    ['00eb15231dfceb60925886b67d065299925915aeb172c06647', '1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L'],
    ['00000000000000000000', '1111111111'],
  ])('writes %s as %s', (hex, text) => {
    expect(base58Encode(bytes(hex))).toBe(text);
    expect(base58Decode(text)).toEqual(bytes(hex));
  });

  it('reads back what it wrote', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (value) => expect(base58Decode(base58Encode(value))).toEqual(Uint8Array.from(value))), { numRuns: 2000 });
  });

  it('writes each value in one way alone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{0,40}$/), (text) => {
        const value = base58Decode(text);
        expect(value && base58Encode(value)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['0', 'O', 'I', 'l', ' 2g', '2g\n', '2g=', 'é'])('refuses %j', (text) => {
    expect(base58Decode(text)).toBeUndefined();
  });

  it('refuses what is longer than asked for', () => {
    expect(base58Decode('2'.repeat(1_000_000), 64)).toBeUndefined();
    expect(base58Decode('1'.repeat(65), 64)).toBeUndefined();
    expect(base58Decode('1'.repeat(64), 64)).toHaveLength(64);
  });
});

describe('a Multikey', () => {
  it('is that of the W3C', () => {
    // From the test vectors of vc-di-eddsa.
    const multikey = 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2';
    const key = publicKeyOfMultikey(multikey);
    expect(key && multikeyOf(key)).toBe(multikey);
  });

  it('is the same key as the JWK', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const key = publicKeyOfJwk(publicKey.export({ format: 'jwk' }));
    expect(key && ed25519Jwk(key)).toEqual(publicKey.export({ format: 'jwk' }));
    expect(key && publicKeyOfMultikey(multikeyOf(key))).toEqual(key);
    expect(key && multikeyOf(key)).toMatch(/^z6Mk/);
  });

  it.each([
    ['another base', 'u7QHEz4WvzMfLIrmEnLxQzYyTjrNxj0wGL3ITkOiNdZmQRg'],
    ['another kind of key (P-256)', 'zDnaegE6RR3atJtHKwTRTWHsJ3kNHqFwv7n9YjTgmU7TyfU76'],
    ['a key that is cut short', 'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ'],
    ['a secret key', 'z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq'],
    ['nothing', ''],
  ])('is not %s', (_, text) => {
    expect(publicKeyOfMultikey(text)).toBeUndefined();
  });

  it('is not made of another number of bytes', () => {
    expect(() => multikeyOf(new Uint8Array(33))).toThrow('32 bytes');
  });

  it.each([
    ['another curve', { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) }],
    ['another type', { kty: 'EC', crv: 'Ed25519', x: 'A'.repeat(43) }],
    ['padding', { kty: 'OKP', crv: 'Ed25519', x: `${'A'.repeat(43)}=` }],
    ['31 bytes', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(42) }],
    ['no bytes', { kty: 'OKP', crv: 'Ed25519' }],
  ])('is not made of a JWK with %s', (_, jwk) => {
    expect(publicKeyOfJwk(jwk)).toBeUndefined();
  });
});
