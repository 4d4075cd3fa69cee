import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { MOST_ARTWORK_BYTES, safeArtwork, type Artwork } from '#credentials/artwork/safe-artwork.js';

interface Kept {
  /** Of the file: where it is, when it was changed and how long it is. */
  readonly state: string;
  readonly artwork: Artwork;
}

/** The pictures that rules name, in the directories of the rules and never above them; each is drawn anew once, and again when it changes. */
export class ArtworkFiles {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly dirs: readonly string[]) {}

  /** The picture of that name, or why it cannot be used; undefined for an address on the web, which is not fetched. */
  async find(name: string): Promise<(Artwork & { readonly state: string }) | undefined> {
    if (/^[a-z][a-z\d+.-]*:/i.test(name)) return undefined;
    const file = await this.#locate(name);
    if (typeof file !== 'string') return { ...file, state: file.refused };
    const { mtimeMs, size } = await stat(file);
    const state = `${file} ${mtimeMs} ${size}`;
    const kept = this.#kept.get(name);
    if (kept?.state === state) return { ...kept.artwork, state };
    const artwork = size > MOST_ARTWORK_BYTES ? { refused: `it is longer than ${MOST_ARTWORK_BYTES / 1e6} MB` } : safeArtwork(await readFile(file));
    this.#kept.set(name, { state, artwork });
    return { ...artwork, state };
  }

  async #locate(name: string): Promise<string | { readonly refused: string }> {
    for (const dir of this.dirs) {
      let found: string;
      let root: string;
      try {
        [root, found] = await Promise.all([realpath(dir), realpath(join(dir, name))]);
      } catch (error) {
        if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) continue;
        throw error;
      }
      // A link in the directory may lead out of it.
      if (!found.startsWith(root + sep)) return { refused: 'it is not below the directory of the rules' };
      // A pipe would never end.
      return (await stat(found)).isFile() ? found : { refused: 'it is no file' };
    }
    return { refused: 'there is no such file beside the rules' };
  }
}
