import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { MOST_ARTWORK_BYTES, safeArtwork, type Artwork, type ArtworkForm } from '#credentials/artwork/safe-artwork.js';
import type { GuardedFetch, GuardedFetchOptions } from '#credentials/verify/guarded-fetch.js';

/** A picture that is kept, or why there is none; `state` changes when it does. */
export type FoundArtwork = Artwork & { readonly state: string };

/** Where pictures stand. */
export interface ArtworkPlaces {
  /** Directories of the rules. */
  readonly rulesDirs: readonly string[];
  /** Where those of the web are kept. */
  readonly fetchedDir: string;
  /** Asks the web for pictures; absent: it is not asked. */
  readonly fetch?: GuardedFetch;
}

/** How the web is asked for pictures. */
export const ARTWORK_FETCH: GuardedFetchOptions = { maxBytes: MOST_ARTWORK_BYTES, contentTypes: /^image\/(png|jpeg|svg\+xml)$/, accept: 'image/svg+xml, image/png, image/jpeg' };

interface Kept {
  /** Of the file: where it is, when it was changed and how long it is. */
  readonly state: string;
  readonly artwork: Artwork;
}

const NOT_ASKED = 'it is on the web, which is not asked; put the file beside the rules, or set PROOFMARK_VERIFY=online';

const isAddress = (name: string): boolean => /^[a-z][a-z\d+.-]*:/i.test(name);

/**
 * The pictures that rules and issuers name: files in the directories of the rules and never above them, and those of the web, which are
 * fetched when a rule or an issuer is published and at no other time. Each is drawn anew once, and again when it changes.
 */
export class ArtworkFiles {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly places: ArtworkPlaces) {}

  /** The picture of that name, or why it cannot be used. */
  async find(name: string, form: ArtworkForm = 'badge'): Promise<FoundArtwork> {
    const file = await (isAddress(name) ? this.#fetched(name) : this.#locate(name));
    if (typeof file !== 'string') return { ...file, state: file.refused };
    const { mtimeMs, size } = await stat(file);
    const state = `${file} ${mtimeMs} ${size}`;
    const key = `${form} ${name}`;
    const kept = this.#kept.get(key);
    if (kept?.state === state) return { ...kept.artwork, state };
    const artwork = size > MOST_ARTWORK_BYTES ? { refused: `it is longer than ${MOST_ARTWORK_BYTES / 1e6} MB` } : safeArtwork(await readFile(file), form);
    this.#kept.set(key, { state, artwork });
    return { ...artwork, state };
  }

  /**
   * Fetches those of the names that are addresses, where the web may be asked; what was fetched before stays where that fails. Returns a
   * line about each that is not used as it stands there now.
   */
  async fetch(names: readonly string[]): Promise<readonly string[]> {
    const lines = await Promise.all([...new Set(names.filter(isAddress))].map(async (name) => {
      const failed = await this.#fetch(name);
      const kept = await stat(this.#fetchedPath(name)).then(() => true, () => false);
      if (failed === undefined) return [];
      return [kept ? `the picture ${name} is used as it was fetched before: ${failed}` : `the picture ${name} is not used: ${failed}`];
    }));
    return lines.flat();
  }

  /** Why it was not fetched; undefined where it was. */
  async #fetch(name: string): Promise<string | undefined> {
    const { fetch, fetchedDir } = this.places;
    if (!fetch) return NOT_ASKED;
    const fetched = await fetch(name);
    if (!('bytes' in fetched)) return fetched.detail;
    const drawn = safeArtwork(fetched.bytes, 'logo'); // which may be wider than a badge
    if ('refused' in drawn) return drawn.refused;
    await mkdir(fetchedDir, { recursive: true });
    const path = this.#fetchedPath(name);
    const next = `${path}.${randomUUID()}.next`; // several processes may fetch it
    await writeFile(next, fetched.bytes);
    await rename(next, path); // a crash leaves the one before
    return undefined;
  }

  #fetchedPath(name: string): string {
    return join(this.places.fetchedDir, createHash('sha256').update(name).digest('hex'));
  }

  async #fetched(name: string): Promise<string | { readonly refused: string }> {
    const path = this.#fetchedPath(name);
    return (await stat(path).then((found) => found.isFile(), () => false)) ? path : { refused: this.places.fetch ? 'it could not be fetched when it was published' : NOT_ASKED };
  }

  async #locate(name: string): Promise<string | { readonly refused: string }> {
    for (const dir of this.places.rulesDirs) {
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
