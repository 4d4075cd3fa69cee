import { createHmac, createPrivateKey, createPublicKey, generateKeyPair, randomBytes, sign as signBytes, type JsonWebKey, type KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, compactDecrypt, CompactEncrypt, errors } from 'jose';
import { ProofmarkError } from '#domain/errors.js';
import type { KeyAlgorithm, PublicJwk } from '#domain/issuer-event.js';
import { replaceFile } from '#event-store/replace-file.js';
import { lockDirectory, type DirectoryLock } from '#event-store/sqlite.js';
import { Turns } from '#event-store/turns.js';
import type { KeyProvider, PublicKey } from './key-provider.js';

export interface LocalKeysOptions {
  /** Directory of the key ring; created where it is missing. */
  readonly dir: string;
  /** Encrypts the key ring; where absent one is made and kept beside it, which guards copies of the ring alone. */
  readonly passphrase?: string;
  /** It makes nothing and waits for what the writing one makes. */
  readonly readOnly?: boolean;
  /** Rounds of PBKDF2 for a new key ring. */
  readonly rounds?: number;
}

interface Stored {
  readonly algorithm: KeyAlgorithm;
  readonly jwk: JsonWebKey;
}
/** The key ring's plain content. */
interface Ring {
  readonly keys: Readonly<Record<string, Stored>>;
  /** base64url, by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

const RING = 'keyring.jwe';
const PASSPHRASE = 'passphrase';
/** OWASP's advice for PBKDF2 with SHA-512. */
const ROUNDS = 210_000;
const SECRET_BYTES = 32;
const OWNER_ONLY = 0o600;

const generate = promisify(generateKeyPair);

const privateJwk = async (algorithm: KeyAlgorithm): Promise<JsonWebKey> => {
  const pair = await (algorithm === 'Ed25519' ? generate('ed25519') : algorithm === 'ES256' ? generate('ec', { namedCurve: 'P-256' }) : generate('rsa', { modulusLength: 3072 }));
  return pair.privateKey.export({ format: 'jwk' });
};

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** How long a change waits for another process's, and how often it looks. */
const [TURN_MS, LOOK_MS] = [10_000, 20];

/** One process changes a ring at a time: the next one starts from what this one has written. @throws ProofmarkError STORE_LOCKED after a while */
const holding = async <T>(dir: string, work: () => Promise<T>): Promise<T> => {
  const until = performance.now() + TURN_MS;
  const take = async (): Promise<DirectoryLock> => {
    for (;;) {
      try {
        return lockDirectory(dir, 'keyring');
      } catch (error) {
        if (!(error instanceof ProofmarkError && error.code === 'STORE_LOCKED')) throw error;
        if (performance.now() > until) throw new ProofmarkError('STORE_LOCKED', `Another process has been changing the key ring ${join(dir, RING)} for ${TURN_MS / 1000} s. Try again when it is done, or has ended.`, { cause: error });
        await sleep(LOOK_MS);
      }
    }
  };
  const lock = await take();
  try {
    return await work();
  } finally {
    lock.release();
  }
};

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The passphrase that is kept beside the ring; one is made where it `mayBeMade`: as long as there is no ring that another one encrypts. */
const ownPassphrase = async (dir: string, mayBeMade: boolean): Promise<string> => {
  const kept = (await readIfThere(join(dir, PASSPHRASE)))?.trim();
  if (kept) return kept;
  if (!mayBeMade) {
    throw new ProofmarkError('KEYS_LOCKED', `The passphrase of the key ring ${join(dir, RING)} is lost: it is not at ${join(dir, PASSPHRASE)}. Put it back there, or name its file with PROOFMARK_KEY_PASSPHRASE_FILE. No other one opens the ring.`);
  }
  const made = randomBytes(SECRET_BYTES).toString('base64url');
  await replaceFile(dir, PASSPHRASE, `${made}\n`, OWNER_ONLY);
  return made;
};

const decrypt = async (text: string, passphrase: string, path: string): Promise<Ring> => {
  try {
    const { plaintext } = await compactDecrypt(text.trim(), new TextEncoder().encode(passphrase), {
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'], contentEncryptionAlgorithms: ['A256GCM'], maxPBES2Count: 10_000_000,
    });
    return JSON.parse(new TextDecoder().decode(plaintext)) as Ring;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new ProofmarkError('KEYS_LOCKED', `The key ring ${path} cannot be opened with this passphrase. Give the one that it was made with (PROOFMARK_KEY_PASSPHRASE_FILE); without it badges cannot be signed.`, { cause: error });
  }
};

const publicOf = (kid: string, { algorithm, jwk }: Stored): PublicKey => {
  const { kty, crv, x, y, n, e } = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' });
  return { kid, algorithm, jwk: JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) as PublicJwk };
};

const signatureOf = (algorithm: KeyAlgorithm, key: KeyObject, bytes: Uint8Array): Uint8Array => {
  switch (algorithm) {
    case 'Ed25519':
      return signBytes(null, bytes, key);
    case 'ES256':
      return signBytes('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
    case 'RS256':
      return signBytes('sha256', bytes, key);
  }
};

/**
 * Keys in one encrypted file (JWE with PBES2, RFC 7518 section 4.8) of the data directory. Processes change it in turn, and
 * find what others have made when they are asked for it.
 * @throws ProofmarkError KEYS_LOCKED where the passphrase is another one.
 */
export const openLocalKeys = async ({ dir, passphrase: given, readOnly = false, rounds = ROUNDS }: LocalKeysOptions): Promise<KeyProvider> => {
  if (!readOnly) await mkdir(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, RING);
  const passphraseOf = async (mayBeMade: boolean): Promise<string> => given ?? (await ownPassphrase(dir, mayBeMade));
  let ring: Ring = { keys: {}, secrets: {} };
  const objects = new Map<string, KeyObject>();

  const load = async (): Promise<void> => {
    const text = await readIfThere(path);
    if (text !== undefined) ring = await decrypt(text, await passphraseOf(false), path);
  };
  const save = async (next: Ring): Promise<void> => {
    if (readOnly) throw new ProofmarkError('KEYS_LOCKED', `The key ring ${path} does not have what is asked of it yet. Ask again in a moment.`);
    const encrypted = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(next)))
      .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM' })
      .setKeyManagementParameters({ p2c: rounds })
      .encrypt(new TextEncoder().encode(await passphraseOf((await readIfThere(path)) === undefined)));
    await replaceFile(dir, RING, encrypted, OWNER_ONLY);
    ring = next;
  };
  // Changes one after another: each starts from what the one before has written.
  const turns = new Turns();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => turns.take(dir, work);
  await inTurn(load);
  /** What others have written meanwhile is not written over. */
  const changing = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(() => (readOnly ? load().then(work) : holding(dir, () => load().then(work))));

  const keyObject = async (kid: string): Promise<readonly [Stored, KeyObject]> => {
    if (!ring.keys[kid]) await inTurn(load);
    const stored = ring.keys[kid];
    if (!stored) throw new ProofmarkError('KEYS_LOCKED', `The key ring ${path} has no key "${kid}". Restore the ring that belongs to this data directory, or replace the key.`);
    let object = objects.get(kid);
    if (!object) objects.set(kid, (object = createPrivateKey({ key: stored.jwk, format: 'jwk' })));
    return [stored, object];
  };
  return {
    create: (algorithm) =>
      changing(async () => {
        const jwk = await privateJwk(algorithm);
        const kid = await calculateJwkThumbprint(jwk);
        await save({ ...ring, keys: { ...ring.keys, [kid]: { algorithm, jwk } } });
        return publicOf(kid, { algorithm, jwk });
      }),
    sign: async (kid, bytes) => {
      const [{ algorithm }, key] = await keyObject(kid);
      return signatureOf(algorithm, key, bytes);
    },
    mac: async (name, text) => {
      if (ring.secrets[name] === undefined) {
        await changing(async () => {
          if (ring.secrets[name] === undefined) await save({ ...ring, secrets: { ...ring.secrets, [name]: randomBytes(SECRET_BYTES).toString('base64url') } });
        });
      }
      return createHmac('sha256', Buffer.from(ring.secrets[name] ?? '', 'base64url')).update(text).digest();
    },
  };
};
