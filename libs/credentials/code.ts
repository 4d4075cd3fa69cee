const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RANDOM_LENGTH = 15;
const LENGTH = RANDOM_LENGTH + 1;

/** So many random bytes a new code needs: 15 characters of 5 bits. */
export const CODE_BYTES = 10;

/** Multiplies by x in GF(2^5), whose elements are the characters' values; the polynomial is x^5 + x^2 + 1. */
const timesX = (value: number): number => ((value << 1) ^ (value & 16 ? 0b100101 : 0)) & 31;

/**
 * The check character: the one for which the polynomial of all 16 characters over GF(32) vanishes at a primitive
 * element (a Reed-Solomon code with one check symbol). Any one wrong character is found, and any two that are swapped.
 */
const checkOf = (values: readonly number[]): number => {
  let sum = 0;
  for (const value of values) sum = timesX(sum ^ value);
  return sum;
};

const valuesOf = (text: string): readonly number[] => [...text].map((character) => ALPHABET.indexOf(character));

/** The code of a credential from 10 random bytes: 15 characters of Crockford's base 32 (75 bits) and a check character. */
export const newCode = (random: Uint8Array): string => {
  const values = Array.from({ length: RANDOM_LENGTH }, (_none, i) => {
    const bit = i * 5;
    const pair = ((random[bit >> 3] ?? 0) << 8) | (random[(bit >> 3) + 1] ?? 0);
    return (pair >> (11 - (bit & 7))) & 31;
  });
  return [...values, checkOf(values)].map((value) => ALPHABET[value]).join('');
};

/**
 * The code that somebody typed: case, blanks and hyphens aside, and O, I, L read as 0, 1, 1 (Crockford). Undefined for
 * what cannot be one, so that a slip is found before anything is looked up.
 */
export const readCode = (typed: string): string | undefined => {
  if (typed.length > 4 * LENGTH) return undefined;
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const values = valuesOf(text);
  if (text.length !== LENGTH || values.some((value) => value < 0)) return undefined;
  return checkOf(values.slice(0, RANDOM_LENGTH)) === values[RANDOM_LENGTH] ? text : undefined;
};

/** A code as people read it: four groups of four. */
export const showCode = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');
