import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { KEYS_DIR } from '#engine/key-files.js';
import { isSafePath, type Manifest } from './manifest.js';

/** Where the ring of signing keys and its passphrase are in the data directory. */
export const [KEY_RING, PASSPHRASE] = [`${KEYS_DIR}/keyring.jwe`, `${KEYS_DIR}/passphrase`] as const;

/** The log's file, and the list of people who were erased. */
export const [LOG, ERASURES] = ['events.db', 'erasures.ndjson'] as const;

/** What of a data directory a backup has, and what not. */
export interface DataFiles {
  /** Paths below the data directory, in order. */
  readonly kept: readonly string[];
  readonly leftOut: Manifest['leftOut'];
}

/** What is never kept, and why. */
const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
  [/^read-models\.db(-wal|-shm|-journal)?$/, 'read models: made anew from the log'],
  [/\.(lock|holder)$/, 'belongs to a process that runs'],
  [/\.db-(wal|shm|journal)$/, 'part of a database, which is copied as a whole'],
  [/\.(next|part)$/, 'was being written'],
];

/** A step of a backup: which files it copies. */
type Step = (path: string) => boolean;

/** What says of the log what is in it, so may be older and never newer. */
const BEFORE_THE_LOG: readonly Step[] = [
  (path) => path.startsWith('batches/'),
  // What a checkpoint is over has to be in the tree, so the tree comes after it.
  (path) => path.startsWith('audit/checkpoints/'),
  (path) => path.startsWith('audit/'),
];

const isLog: Step = (path) => path === LOG;
const isErasures: Step = (path) => path === ERASURES;

/** What the log names has to be there, and what names the log may be older than it: so they are copied in these steps, one after another; each file in the first that takes it. */
export const STEPS: readonly Step[] = [...BEFORE_THE_LOG, isLog, (path) => !isErasures(path), isErasures];

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** What comes of something unless it is gone meanwhile. */
export const unlessGone = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/**
 * Looks what is in a data directory. Links are followed, since a backup without the keys on another disk would be none.
 * @param passphrases files that are left out: of the key ring
 * @throws ProofmarkError USAGE for a name that no other system could have, or links in a circle.
 */
export const dataFiles = async (dataDir: string, passphrases: readonly string[]): Promise<DataFiles> => {
  const kept: string[] = [];
  const leftOut: { readonly path: string; readonly why: string }[] = [];
  const secret = new Set<string>();
  for (const path of passphrases) secret.add((await unlessGone(realpath(path))) ?? path);

  const visit = async (dir: string, below: string, parents: readonly string[]): Promise<void> => {
    const real = await realpath(dir);
    if (parents.includes(real)) throw new ProofmarkError('USAGE', `${dir} leads back to ${real}, in a circle. Remove that link.`);
    for (const name of (await readdir(dir)).sort()) {
      const [path, at] = [`${below}${name}`, join(dir, name)];
      const found = await unlessGone(stat(at));
      if (!found) continue;
      const [, why] = LEFT_OUT.find(([pattern]) => pattern.test(path)) ?? [];
      if (found.isDirectory()) await visit(at, `${path}/`, [...parents, real]);
      else if (why !== undefined) leftOut.push({ path, why });
      else if (!found.isFile()) leftOut.push({ path, why: 'is no file' });
      else if (secret.has((await unlessGone(realpath(at))) ?? at)) leftOut.push({ path, why: 'the passphrase of the signing keys: to be kept apart' });
      else if (!isSafePath(path)) throw new ProofmarkError('USAGE', `The name ${JSON.stringify(path)} in ${dataDir} cannot be kept in a backup. Rename that file, or remove it.`);
      else kept.push(path);
    }
  };
  await visit(dataDir, '', []);
  return { kept, leftOut };
};
