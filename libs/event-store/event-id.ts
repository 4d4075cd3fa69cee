import { ProofmarkError } from '#domain/errors.js';

const nibble = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

/**
 * Writes the 16 bytes of a UUID's text at an offset.
 * @throws ProofmarkError USAGE for any other text.
 */
export const writeEventId = (id: string, bytes: Uint8Array, offset: number): void => {
  let at = offset;
  let bad = id.length !== 36 ? 1 : 0;
  for (let i = 0; i < 36 && !bad; i += 2) {
    if (i === 8 || i === 13 || i === 18 || i === 23) bad |= id.charCodeAt(i++) === 45 ? 0 : 1;
    const value = (nibble(id.charCodeAt(i)) << 4) | nibble(id.charCodeAt(i + 1));
    if (value < 0) bad = 1;
    bytes[at++] = value;
  }
  if (bad) throw new ProofmarkError('USAGE', `An event's id must be a UUID, but this one is "${id}".`);
};

/** Writes the 16 bytes of 32 hexadecimal digits to the start of `bytes`. */
export const writeHex = (hex: string, bytes: Uint8Array): void => {
  for (let i = 0; i < 16; i++) bytes[i] = (nibble(hex.charCodeAt(2 * i)) << 4) | nibble(hex.charCodeAt(2 * i + 1));
};

/** The text of a UUID of 32 hexadecimal digits, in lower case. */
export const readEventId = (hex: string): string => {
  const digits = hex.toLowerCase();
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`;
};
