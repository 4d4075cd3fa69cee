import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { Turns } from '#event-store/turns.js';

/** That a learner was erased: all that a restore from an older backup has to be told. */
export interface Tombstone {
  readonly tenant: string;
  readonly learner: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** False where the learner asked for it: what holds their name alone stays. As an administrator asks where absent. */
  readonly byName?: false;
}

/** The file of a data directory that is to be kept outside of its backups, too. */
export const tombstonesIn = (dataDir: string): string => join(dataDir, 'erasures.ndjson');

const isTombstone = (value: unknown): value is Tombstone => {
  if (typeof value !== 'object' || value === null) return false;
  const { tenant, learner, at, byName } = value as Partial<Record<keyof Tombstone, unknown>>;
  return typeof tenant === 'string' && typeof learner === 'string' && learner !== '' && Number.isSafeInteger(at) && (byName === undefined || byName === false);
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/**
 * The tombstones in a file; none where there is no file and it `mayBeMissing`. A last line that a crash has cut is passed over,
 * since what it would have said had not begun.
 * @throws ProofmarkError NOT_FOUND, USAGE for a file that holds something else
 */
export const readTombstones = async (file: string, mayBeMissing = false): Promise<readonly Tombstone[]> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (mayBeMissing) return [];
    throw new ProofmarkError('NOT_FOUND', `There is no file ${file}.`);
  }
  const lines = text.split('\n');
  const whole = lines.slice(0, -1).filter((line) => line !== '').map((line, i) => {
    const value = parsed(line);
    if (!isTombstone(value)) throw new ProofmarkError('USAGE', `Line ${i + 1} of ${file} is no erasure; nothing was erased. Name a file erasures.ndjson.`);
    return value;
  });
  const last = parsed(lines.at(-1) ?? '');
  return isTombstone(last) ? [...whole, last] : whole;
};

/** One after another: each starts from what the one before has written. */
const turns = new Turns();

/** Adds a tombstone where there is none of the learner; it is durable when this resolves. */
export const keepTombstone = (file: string, tombstone: Tombstone): Promise<void> => turns.take(file, () => keep(file, tombstone));

const keep = async (file: string, tombstone: Tombstone): Promise<void> => {
  const known = await readTombstones(file, true);
  if (known.some(({ tenant, learner }) => tenant === tombstone.tenant && learner === tombstone.learner)) return;
  await mkdir(dirname(file), { recursive: true });
  const { tenant, learner, at, byName } = tombstone;
  // Whole, so that a line that was cut is not gone on with.
  const text = [...known, { tenant, learner, at, ...(byName === false && { byName }) }].map((one) => `${JSON.stringify(one)}\n`).join('');
  const next = `${file}.${randomUUID()}.next`; // several processes may have this directory in common
  const handle = await open(next, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
  const dir = await open(dirname(file), 'r');
  try {
    await dir.sync();
  } finally {
    await dir.close();
  }
};
