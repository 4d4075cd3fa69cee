import { createHash, timingSafeEqual } from 'node:crypto';

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const PREFIX = 'pmk';
const [ID_LENGTH, SECRET_LENGTH] = [16, 52];
const FORM = new RegExp(`^${PREFIX}_([${CROCKFORD}]{${ID_LENGTH}})_([${CROCKFORD}]{${SECRET_LENGTH}})$`);

const base32 = (bytes: Uint8Array, length: number): string => {
  let text = '';
  for (let bit = 0; text.length < length; bit += 5) {
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += CROCKFORD[(pair >> (11 - (bit & 7))) & 31] ?? '';
  }
  return text;
};

/** An API key as it is shown, once: `pmk_ID_SECRET`. */
export interface FreshKey {
  /** Names the key in lists and in the log. */
  readonly id: string;
  readonly text: string;
  /** What is kept of it. */
  readonly hash: string;
}

/** The sha256 of a key's text, hex. No slow hash is needed for 256 random bits. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Makes a key of random bytes: 10 for the id where none is given, and 32 for the secret. */
export const freshKey = (random: (length: number) => Uint8Array, given?: string): FreshKey => {
  const id = given ?? base32(random(10), ID_LENGTH);
  const text = `${PREFIX}_${id}_${base32(random(32), SECRET_LENGTH)}`;
  return { id, text, hash: hashOf(text) };
};

/** The id and hash of what somebody sent as a key; undefined where it can be none. */
export const readKey = (text: string): Pick<FreshKey, 'id' | 'hash'> | undefined => {
  const [, id] = FORM.exec(text) ?? [];
  return id === undefined ? undefined : { id, hash: hashOf(text) };
};

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export const sameHash = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
