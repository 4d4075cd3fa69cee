import { createHash } from 'node:crypto';
import { ProofmarkError } from '#domain/errors.js';
import { DATA, MANIFEST, MANIFEST_SUM, MOST_MANIFEST_BYTES, readManifest, sumOf, type KeptFile, type Manifest } from './manifest.js';
import type { TarEntry } from './tar-reading.js';

/** What is done with a backup while it is read. */
export interface BackupReader {
  /** Before any file comes. */
  readonly begin?: (manifest: Manifest) => Promise<void>;
  /** Takes what a file holds, all of it. */
  readonly keep?: (path: string, content: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Told of each thing that is wrong; may throw, which ends the reading. */
  readonly problem: (what: string) => void;
  readonly onBytes?: (bytes: number) => void;
}

/** An archive that somebody has packed again may name its files from where it was made. */
const nameOf = ({ path }: TarEntry): string => path.replace(/^\.\//, '');

const wholeText = async ({ path, size, content }: TarEntry): Promise<Buffer> => {
  if (size > MOST_MANIFEST_BYTES) throw new ProofmarkError('STORE_CORRUPT', `${path} is longer than any that Proofmark writes.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const readAbout = async (entries: AsyncIterator<TarEntry>): Promise<Manifest> => {
  const next = async (name: string): Promise<Buffer> => {
    const entry = await entries.next();
    if (entry.done || nameOf(entry.value) !== name) {
      throw new ProofmarkError('STORE_CORRUPT', `This is no whole backup: ${name} is missing or not in its place. An archive that was packed in another order has to be unpacked; the directory can be used.`);
    }
    return wholeText(entry.value);
  };
  const text = await next(MANIFEST);
  if ((await next(MANIFEST_SUM)).toString() !== sumOf(text)) throw new ProofmarkError('STORE_CORRUPT', `${MANIFEST} does not match ${MANIFEST_SUM}: one of them is damaged.`);
  return readManifest(text.toString());
};

const ignore = async (_path: string, content: AsyncIterable<Uint8Array>): Promise<void> => {
  for await (const _ of content);
};

/**
 * Reads a backup, which may be anybody's, and holds each file to what the manifest says of it. Nothing is handed on that the manifest
 * does not name, nor more of it than it says.
 * @throws ProofmarkError STORE_CORRUPT, STORE_UNSUPPORTED where it cannot be read on; what the reader throws.
 */
export const readBackup = async (source: AsyncIterable<TarEntry>, { begin, keep = ignore, problem, onBytes }: BackupReader): Promise<Manifest> => {
  const entries = source[Symbol.asyncIterator]();
  try {
    const manifest = await readAbout(entries);
    await begin?.(manifest);
    const expected = new Map(manifest.files.map((file) => [`${DATA}/${file.path}`, file]));
    const seen = new Set<string>();

    const take = async (file: KeptFile, { size, content }: TarEntry): Promise<void> => {
      if (size !== file.size) return problem(`${DATA}/${file.path} has ${size} bytes instead of ${file.size}`);
      const hash = createHash('sha256');
      const hashed = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of content) {
          hash.update(chunk);
          onBytes?.(chunk.length);
          yield chunk;
        }
      };
      await keep(file.path, hashed());
      if (hash.digest('hex') !== file.sha256) problem(`${DATA}/${file.path} is not what was backed up: its checksum is another one`);
    };

    for (let next = await entries.next(); !next.done; next = await entries.next()) {
      const name = nameOf(next.value);
      const file = expected.get(name);
      if (!file) problem(`${JSON.stringify(name)} is in the backup and not in its manifest`);
      else if (seen.has(name)) problem(`${name} is in the backup twice`);
      else await take(file, next.value);
      seen.add(name);
    }
    for (const name of expected.keys()) if (!seen.has(name)) problem(`${name} is missing`);
    return manifest;
  } finally {
    await entries.return?.();
  }
};
