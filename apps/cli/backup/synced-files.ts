import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { KeptFile } from './manifest.js';

/** Writes a new file, for its owner alone, and syncs it. Returns what was written. */
export const writeSynced = async (path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Omit<KeptFile, 'path'>> => {
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of content) {
      hash.update(chunk);
      await file.writeFile(chunk);
      size += chunk.length;
    }
    await file.sync();
    return { size, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
};

/** What a file that is there holds, after it was synced. */
export const syncedFile = async (path: string): Promise<Omit<KeptFile, 'path'>> => {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
};

const syncDirectory = async (dir: string): Promise<void> => {
  if (process.platform === 'win32') return; // has no such sync
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Syncs directories, so that a power cut leaves the names of what is in them. */
export const syncDirectories = async (dir: string): Promise<void> => {
  for (const entry of await readdir(dir, { withFileTypes: true })) if (entry.isDirectory()) await syncDirectories(join(dir, entry.name));
  await syncDirectory(dir);
};

/** Renames what was synced to where it is to be, for good. @throws ProofmarkError USAGE where that is no place for it */
export const putInPlace = async (from: string, to: string): Promise<void> => {
  try {
    await rename(from, to);
  } catch (error) {
    throw new ProofmarkError('USAGE', `${to} cannot be made (${messageOf(error)}). Where it is a disk or volume of its own, name a directory on it.`, { cause: error });
  }
  await syncDirectory(dirname(to));
};
