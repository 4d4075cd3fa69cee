import fc from 'fast-check';
import { CODE_BYTES, newCode, readCode, showCode } from './code.js';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codes = fc.uint8Array({ minLength: CODE_BYTES, maxLength: CODE_BYTES }).map(newCode);

describe('verification codes', () => {
  it('are 16 characters of Crockford base 32, read back as shown', () =>
    fc.assert(fc.property(codes, (code) => {
      expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
      expect(showCode(code)).toMatch(/^(.{4}-){3}.{4}$/);
      expect(readCode(showCode(code))).toBe(code);
      expect(readCode(` ${showCode(code).toLowerCase().replaceAll('-', ' ')} `)).toBe(code);
    })));

  it('carry 75 random bits: each of them changes the code', () => {
    const zero = newCode(new Uint8Array(CODE_BYTES));
    const seen = new Set([zero]);
    for (let bit = 0; bit < 75; bit++) {
      const random = new Uint8Array(CODE_BYTES);
      random[bit >> 3] = 128 >> (bit & 7);
      seen.add(newCode(random));
    }
    expect(seen.size).toBe(76);
  });

  it('are refused with any one character wrong', () =>
    fc.assert(fc.property(codes, fc.nat(15), fc.nat(30), (code, at, step) => {
      const other = ALPHABET[(ALPHABET.indexOf(code[at] ?? '') + 1 + step) % 32];
      expect(readCode(code.slice(0, at) + other + code.slice(at + 1))).toBeUndefined();
    })));

  it('are refused with any two different characters swapped', () =>
    fc.assert(fc.property(codes, fc.nat(15), fc.nat(15), (code, i, j) => {
      const swapped = [...code];
      [swapped[i], swapped[j]] = [code[j] ?? '', code[i] ?? ''];
      expect(readCode(swapped.join(''))).toBe(code[i] === code[j] ? code : undefined);
    })));

  it('read O as 0 and I and L as 1', () => {
    const code = newCode(new Uint8Array(CODE_BYTES).fill(0b00001000)); // has zeros and ones
    expect(readCode(code.replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(code);
  });

  it.each(['', 'abc', '0'.repeat(15), '0'.repeat(17), 'U'.repeat(16), '💥'.repeat(16), '-'.repeat(100), '0'.repeat(1_000_000)])('refuse a text of %#', (typed) =>
    expect(readCode(typed)).toBeUndefined());
});
