import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { replaceFile } from '#event-store/replace-file.js';
import { dayFiles, KEYS, LATEST, READABLE, readIfThere, splitNotes } from './checkpoint-files.js';

const differs = (theirs: string, what: string): ProofmarkError =>
  new ProofmarkError('STORE_CORRUPT', `${theirs} has checkpoints ${what}. Either another engine writes there, or what is here was changed; nothing there was written over. See what "proofmark audit verify --checkpoint ${theirs}" says.`);

/** A second directory of the same checkpoints, perhaps of another machine. What is in it is never written over. */
export class CheckpointCopy {
  /** How long our files were when theirs had all of them. */
  readonly #copied = new Map<string, number>();

  constructor(
    private readonly from: string,
    private readonly to: string,
  ) {}

  /** Adds what is missing there. @throws ProofmarkError STORE_CORRUPT where it has what is not here; as the file system does. */
  async update(): Promise<void> {
    await mkdir(this.to, { recursive: true });
    const ours = await dayFiles(this.from);
    const more = (await dayFiles(this.to)).find((name) => !ours.includes(name));
    if (more !== undefined) throw differs(join(this.to, more), `of a day of which there are none at ${this.from}`);
    for (const name of ours) {
      const { size } = await stat(join(this.from, name));
      if (this.#copied.get(name) === size) continue;
      await this.#updateDay(name);
      this.#copied.set(name, size);
    }
    for (const name of [KEYS, LATEST]) {
      const [here, there] = [await readIfThere(join(this.from, name)), await readIfThere(join(this.to, name))];
      if (here && !(there?.equals(here) ?? false)) await replaceFile(this.to, name, here.toString(), READABLE);
    }
  }

  async #updateDay(name: string): Promise<void> {
    const bytes = await readFile(join(this.from, name));
    const here = bytes.subarray(0, splitNotes(bytes).length);
    const there = (await readIfThere(join(this.to, name))) ?? Buffer.alloc(0);
    if (!there.equals(here.subarray(0, there.length))) throw differs(join(this.to, name), `that ${join(this.from, name)} does not have`);
    if (there.length === here.length) return;
    const file = await open(join(this.to, name), 'a', READABLE);
    try {
      await file.appendFile(here.subarray(there.length));
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
