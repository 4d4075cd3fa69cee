import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile, syncDirectory } from '#event-store/replace-file.js';
import { openCheckpoint, type CheckpointProblem, type SignedCheckpoint } from './checkpoint.js';
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from './signed-note.js';

/*
 * The directory of checkpoints: a file a day (`2026-10-03.notes`), to which notes are appended, each with an empty line after it;
 * the newest also as `latest`; the keys that sign here in `verifier-keys`, a line each.
 */

/** The file of the newest note. */
export const LATEST = 'latest';
/** The file of the keys. */
export const KEYS = 'verifier-keys';
/** What is public is for everybody to read. */
export const READABLE = 0o644;

/** The file of a day's notes. */
const dayFile = (time: number): string => `${new Date(time).toISOString().slice(0, 10)}.notes`;

const isDayFile = (name: string): boolean => /^\d{4}-\d\d-\d\d\.notes$/.test(name);

/** What a file holds; undefined where there is none. */
export const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** The days' files of a directory in order; none where there is no directory. */
export const dayFiles = async (dir: string): Promise<readonly string[]> => {
  try {
    return (await readdir(dir)).filter(isDayFile).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

/** The notes of a file, each whole, and how many bytes they take; what is left is one that was torn. The texts of checkpoints have no empty lines. */
export const splitNotes = (bytes: Buffer): { readonly notes: readonly string[]; readonly length: number } => {
  const notes: string[] = [];
  let length = 0;
  for (;;) {
    const signatures = bytes.indexOf('\n\n', length);
    const end = signatures < 0 ? -1 : bytes.indexOf('\n\n', signatures + 2);
    if (end < 0) return { notes, length };
    notes.push(bytes.toString('utf8', length, end + 1));
    length = end + 2;
  }
};

/** All notes that somebody has kept in a file of one or of many. */
export const notesIn = (bytes: Buffer): readonly string[] => {
  const { notes, length } = splitNotes(bytes);
  return length === bytes.length ? notes : [...notes, bytes.toString('utf8', length)];
};

/** The keys that are named in a text, a line each; undefined where a line is none. */
export const keysIn = (text: string): readonly VerifierKey[] | undefined => {
  const keys = text.split('\n').filter((line) => line !== '').map(parseVerifierKey);
  return keys.every((key) => key !== undefined) ? keys : undefined;
};

/** A note that is kept, and what it is. */
export interface KeptNote {
  /** Its file. */
  readonly file: string;
  readonly opened: SignedCheckpoint | CheckpointProblem;
}

/** Checkpoints on disk. */
export class CheckpointFiles {
  /** Files of which it is known that they end with a whole note. */
  readonly #whole = new Set<string>();

  constructor(readonly dir: string) {}

  /** The keys that are said to sign here: whoever can write the directory can write these. */
  async keys(): Promise<readonly VerifierKey[]> {
    return keysIn((await readIfThere(join(this.dir, KEYS)))?.toString() ?? '') ?? [];
  }

  /** Says which key signs here, beside those that did before. */
  async publish(key: VerifierKey): Promise<void> {
    await mkdir(this.dir, { recursive: true });
    const lines = (await this.keys()).map(formatVerifierKey);
    const line = formatVerifierKey(key);
    if (!lines.includes(line)) await replaceFile(this.dir, KEYS, `${[...lines, line].join('\n')}\n`, READABLE);
  }

  /** The newest note, as it stands; undefined where there is none. */
  async latest(): Promise<string | undefined> {
    return (await readIfThere(join(this.dir, LATEST)))?.toString();
  }

  /** Adds a checkpoint; it is durable when this resolves. */
  async add({ note, time }: SignedCheckpoint): Promise<void> {
    const name = dayFile(time);
    const file = await open(join(this.dir, name), 'a+');
    try {
      // A crash may have torn the last note; nobody was told of it.
      if (!this.#whole.has(name)) await file.truncate(splitNotes(await readFile(join(this.dir, name))).length);
      this.#whole.delete(name);
      await file.appendFile(`${note}\n`);
      await file.sync();
      this.#whole.add(name);
    } finally {
      await file.close();
    }
    await syncDirectory(this.dir);
    await replaceFile(this.dir, LATEST, note, READABLE);
  }

  /** Every note that is kept, file by file; what a crash has torn is left out. */
  async *all(known: readonly VerifierKey[]): AsyncGenerator<KeptNote, void, undefined> {
    for (const file of await dayFiles(this.dir)) {
      const { notes } = splitNotes((await readIfThere(join(this.dir, file))) ?? Buffer.alloc(0));
      for (const note of notes) yield { file, opened: openCheckpoint(note, known) };
    }
    const latest = await this.latest();
    if (latest !== undefined) yield { file: LATEST, opened: openCheckpoint(latest, known) };
  }

  /** The newest of the checkpoints that one of these keys has signed: the last of a crash may be missing in `latest`. */
  async newest(known: readonly VerifierKey[]): Promise<SignedCheckpoint | undefined> {
    const last = (await dayFiles(this.dir)).at(-1);
    const notes = [...(last === undefined ? [] : splitNotes(await readFile(join(this.dir, last))).notes.slice(-1)), await this.latest()];
    const opened = notes.map((note) => (note === undefined ? undefined : openCheckpoint(note, known)));
    return opened.reduce<SignedCheckpoint | undefined>((newest, one) => (typeof one === 'object' && one.size > (newest?.size ?? 0) ? one : newest), undefined);
  }
}
