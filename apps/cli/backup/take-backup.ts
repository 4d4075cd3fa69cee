import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import type { EngineConfig } from '#engine/config.js';
import { VERSION } from '#engine/version.js';
import { writeAheadProblem } from '#event-store/verify.js';
import { dataFiles, LOG, PASSPHRASE, STEPS, unlessGone } from './data-files.js';
import { copiedDatabase, verifiedLog } from './databases.js';
import { DATA, FORMAT, MANIFEST, MANIFEST_SUM, sumOf, type KeptFile, type LogExtent, type Manifest } from './manifest.js';
import { syncDirectories, syncedFile, writeSynced } from './synced-files.js';

export interface BackupOptions {
  readonly config: EngineConfig;
  /** An empty directory, which becomes the backup. */
  readonly into: string;
  readonly withPassphrase: boolean;
  /** Told what is being done, and how far it is. */
  readonly onProgress: (what: string, progress: { readonly done: number; readonly total: number }) => void;
}

const DATABASE = Buffer.from('SQLite format 3\0');
const CHUNK = 256 * 1024;

/** How long a file is; of one that grows by lines, up to the last whole one. */
const lengthOf = async (file: FileHandle, path: string): Promise<number> => {
  const { size } = await file.stat();
  if (!/\.(ndjson|jsonl)$/.test(path)) return size;
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - CHUNK);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const newline = buffer.subarray(0, bytesRead).lastIndexOf('\n');
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
};

const isDatabase = async (file: FileHandle, path: string): Promise<boolean> => {
  if (!path.endsWith('.db')) return false;
  const { buffer } = await file.read(Buffer.alloc(DATABASE.length), 0, DATABASE.length, 0);
  return buffer.equals(DATABASE);
};

async function* contentOf(file: FileHandle, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(CHUNK, length - at)), 0, Math.min(CHUNK, length - at), at);
    if (bytesRead === 0) return; // it was cut off meanwhile
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Copies the log and checks the copy. @throws ProofmarkError STORE_CORRUPT */
const copyLog = async (dataDir: string, into: string, onProgress: BackupOptions['onProgress']): Promise<LogExtent> => {
  const lost = writeAheadProblem(dataDir);
  if (lost !== undefined) throw new ProofmarkError('STORE_CORRUPT', lost);
  await copiedDatabase(join(dataDir, LOG), join(into, LOG), (progress) => onProgress('copying the event log', progress));
  const { events, problems } = await verifiedLog(into, (progress) => onProgress('checking the copy', progress));
  if (problems.length > 0) {
    const what = problems.map((problem) => problem.replaceAll(join(into, LOG), join(dataDir, LOG)).replace(/\.$/, '')).join('; ');
    throw new ProofmarkError('STORE_CORRUPT', `No backup was made, since the event log is damaged: ${what}. Keep the directory as it is, and restore an earlier backup beside it.`);
  }
  return { position: events, events };
};

/**
 * Copies everything of a data directory that cannot be made anew, while an engine may be writing to it.
 *
 * The log is copied as of one commit, and what is used together is copied in an order in which whatever happens in between does no harm.
 * Batches come before the log, since what they say was issued has to be in it; one that the log is ahead of is issued again, which gives
 * nobody anything twice. So does the audit: its tree goes on from where it ends, and a log that is shorter than it was cut off. What
 * events name comes after the log: keys, names and pictures are made before the events that name them, and kept, so a later copy of
 * them has all that an earlier log needs, and maybe more. Last come the erasures, so that nobody is in the backup whose erasure is not.
 * @throws ProofmarkError STORE_CORRUPT for a damaged log, USAGE, as the stores do.
 */
export const takeBackup = async ({ config: { dataDir, eventStoreUri, keyPassphraseFile }, into, withPassphrase, onProgress }: BackupOptions): Promise<Manifest> => {
  const passphrases = withPassphrase ? [] : [join(dataDir, PASSPHRASE), ...(keyPassphraseFile === undefined ? [] : [keyPassphraseFile])];
  const data = join(into, DATA);
  await mkdir(data, { mode: 0o700 });
  const files: KeptFile[] = [];
  const leftOut = new Map<string, string>();
  let log: LogExtent | undefined;
  let takenAt = new Date();
  const taken = new Set<string>();

  const copy = async (path: string): Promise<void> => {
    const [from, to] = [join(dataDir, path), join(data, path)];
    const file = await unlessGone(open(from, 'r'));
    if (!file) return; // a batch that has had its time, for example
    try {
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      if (await isDatabase(file, path)) {
        await copiedDatabase(from, to, (progress) => onProgress(`copying ${path}`, progress));
        files.push({ path, ...(await syncedFile(to)) });
      } else {
        files.push({ path, ...(await writeSynced(to, contentOf(file, await lengthOf(file, path)))) });
      }
    } finally {
      await file.close();
    }
  };

  for (const step of STEPS) {
    // Looked at anew in each step: what the log names may have been made just before.
    const found = await dataFiles(dataDir, passphrases);
    for (const { path, why } of found.leftOut) leftOut.set(path, why);
    for (const path of found.kept.filter((one) => step(one) && !taken.has(one))) {
      taken.add(path);
      if (path !== LOG) await copy(path);
      else if (eventStoreUri !== undefined) leftOut.set(path, 'the log is on a server');
      else {
        takenAt = new Date();
        log = await copyLog(dataDir, data, onProgress);
        files.push({ path, ...(await syncedFile(join(data, path))) });
      }
    }
  }
  const manifest: Manifest = {
    format: FORMAT,
    program: VERSION,
    takenAt: takenAt.toISOString(),
    ...(log && { log }),
    files,
    leftOut: [...leftOut].map(([path, why]) => ({ path, why })),
  };
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  await writeSynced(join(into, MANIFEST), [text]);
  await writeSynced(join(into, MANIFEST_SUM), [Buffer.from(sumOf(text))]);
  await syncDirectories(into);
  return manifest;
};
