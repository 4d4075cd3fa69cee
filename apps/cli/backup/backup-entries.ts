import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { unlessGone } from './data-files.js';
import { MANIFEST, MANIFEST_SUM } from './manifest.js';
import { readTar, type TarEntry } from './tar-reading.js';

/** The files below a directory in order; links and whatever else is no file are refused. */
async function* filesBelow(dir: string, below: string): AsyncGenerator<string> {
  const entries = await readdir(join(dir, below), { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = `${below}${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(dir, `${path}/`);
    else if (entry.isFile()) yield path;
    else throw new ProofmarkError('STORE_CORRUPT', `${path} in the backup is neither a file nor a directory.`);
  }
}

/** A directory's files as an archive of it would have them: what the backup says about itself comes first. */
async function* entriesBelow(dir: string): AsyncGenerator<TarEntry> {
  const first: readonly string[] = [MANIFEST, MANIFEST_SUM];
  const found: string[] = [];
  for await (const path of filesBelow(dir, '')) found.push(path);
  for (const path of [...first.filter((name) => found.includes(name)), ...found.filter((name) => !first.includes(name))]) {
    yield { path, size: (await stat(join(dir, path))).size, content: createReadStream(join(dir, path)) };
  }
}

/**
 * The files of a backup: of a directory, of a tar archive, or of one on standard input ("-").
 * @throws ProofmarkError NOT_FOUND where there is nothing; STORE_CORRUPT as `readTar` does.
 */
export const backupEntries = async (place: string): Promise<AsyncIterable<TarEntry>> => {
  if (place === '-') return readTar(process.stdin);
  const found = await unlessGone(stat(place));
  if (!found) throw new ProofmarkError('NOT_FOUND', `There is no backup ${place}.`);
  return found.isDirectory() ? entriesBelow(place) : readTar(createReadStream(place));
};
