import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** OWASP's advice for scrypt: 128 MiB of memory for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
const [SALT_BYTES, KEY_BYTES] = [16, 32];

/** A password has at least so many characters; there is no rule for what they are (NIST SP 800-63B-4, 3.1.1). */
export const LEAST_PASSWORD = 15;
/** More are not read: a hash of endless text is work for nothing. */
export const MOST_PASSWORD = 256;

const derive = (password: string, salt: Uint8Array, { N, r, p }: typeof COST): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
    // Equal texts are equal passwords, however they were typed.
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });

const encode = (salt: Uint8Array, key: Uint8Array, { N, r, p }: typeof COST): string => `scrypt$${N}$${r}$${p}$${Buffer.from(salt).toString('base64url')}$${Buffer.from(key).toString('base64url')}`;

/** What is kept of a password: a salted scrypt hash with its parameters. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  return encode(salt, await derive(password, salt, COST), COST);
};

/** Whether a password is the one that was hashed; where there is none to compare with, it takes as long and is not. */
export const isPassword = async (password: string, hash: string | undefined): Promise<boolean> => {
  const [, N = '', r = '', p = '', salt = '', key = ''] = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash ?? '') ?? [];
  const cost = key === '' ? COST : { N: Number(N), r: Number(r), p: Number(p) };
  const found = await derive(password, Buffer.from(salt, 'base64url'), cost);
  const right = Buffer.from(key, 'base64url');
  return found.length === right.length && timingSafeEqual(found, right);
};
