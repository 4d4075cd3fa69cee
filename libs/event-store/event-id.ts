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

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The text of a UUID's 16 bytes, in lower case. */
export const readEventId = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[bytes[i] ?? 0];
  }
  return text;
};
