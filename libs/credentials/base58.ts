const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character, value]));

const leading = <T>(items: ArrayLike<T>, zero: T): number => {
  let count = 0;
  while (count < items.length && items[count] === zero) count += 1;
  return count;
};

// Five digits are found with one division of the whole number, whose pieces of 16 bits leave room for the remainder.
const DIGITS = 5;
const CHUNK = 58 ** DIGITS;

/** Bytes in base58btc; leading zeros are kept as ones. */
export const base58Encode = (bytes: Uint8Array): string => {
  const zeros = leading(bytes, 0);
  const words: number[] = [];
  if (bytes.length % 2 === 1) words.push(bytes[0] ?? 0);
  for (let i = bytes.length % 2; i < bytes.length; i += 2) words.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  let text = '';
  for (let first = 0; ; ) {
    while (first < words.length && words[first] === 0) first += 1;
    if (first === words.length) break;
    let rest = 0;
    for (let i = first; i < words.length; i++) {
      const value = rest * 0x10000 + (words[i] ?? 0);
      words[i] = Math.floor(value / CHUNK);
      rest = value % CHUNK;
    }
    for (let i = 0; i < DIGITS; i++) {
      text = (ALPHABET[rest % 58] ?? '') + text;
      rest = Math.floor(rest / 58);
    }
  }
  return '1'.repeat(zeros) + text.replace(/^1+/, '');
};

/** The bytes of a base58btc text; undefined where it is none, or longer than asked for. */
export const base58Decode = (text: string, maxBytes = 128): Uint8Array | undefined => {
  // A byte takes at least 1.36 digits, a zero byte one.
  if (text.length > maxBytes * 1.4 + 1) return undefined;
  const zeros = leading(text, '1');
  const bytes: number[] = [];
  for (const character of text.slice(zeros)) {
    let carry = VALUES.get(character);
    if (carry === undefined) return undefined;
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] ?? 0) * 58;
      bytes[i] = carry & 0xff;
      carry >>= 8;
    }
    for (; carry > 0; carry >>= 8) bytes.push(carry & 0xff);
  }
  if (zeros + bytes.length > maxBytes) return undefined;
  return Uint8Array.from([...new Array<number>(zeros).fill(0), ...bytes.reverse()]);
};
