import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openCsv, rowsOf } from '#credentials/batch/csv.js';
import type { KeyProvider } from '#credentials/keys/key-provider.js';
import { ProofmarkError } from '#domain/errors.js';
import { learnerIdOf } from '#domain/recipient.js';
import { fileSource } from './file-source.js';

/** Whose batches are looked for. */
export interface Named {
  readonly learner: string;
  readonly name: string | undefined;
}

/** Where batches are. */
export interface BatchesPlace {
  readonly dataDir: string;
  readonly tenant: string;
  readonly keys: Pick<KeyProvider, 'mac'>;
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const names = async (file: string, { tenant, keys }: BatchesPlace, { learner, name }: Named): Promise<boolean> => {
  try {
    for await (const rows of rowsOf(await openCsv(fileSource(file)))) {
      for (const { cells } of rows) {
        for (const cell of cells) {
          const text = cell.normalize('NFC').trim();
          if ((name !== undefined && text.includes(name)) || (await learnerIdOf(keys, tenant, text)) === learner) return true;
        }
      }
    }
    return false;
  } catch (error) {
    if (error instanceof ProofmarkError && error.code === 'USAGE') return true; // who is in a file that cannot be read, nobody knows
    if (isMissing(error)) return true; // what is left of it names somebody, and nobody can tell whom
    throw error;
  }
};

/** Whether a batch is another tenant's; of one that is damaged nobody knows. */
const isOfOthers = async (about: string, tenant: string): Promise<boolean> => {
  try {
    const kept: unknown = JSON.parse(await readFile(about, 'utf8'));
    return typeof kept === 'object' && kept !== null && 'tenant' in kept && typeof kept.tenant === 'string' && kept.tenant !== tenant;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return false;
    throw error;
  }
};

/**
 * Removes the batches that name somebody, with their files and archives: they are kept for a day only, and the file can be
 * uploaded again without the row. Says how many.
 */
export const removeBatchesAbout = async (place: BatchesPlace, named: Named): Promise<number> => {
  const dir = join(place.dataDir, 'batches');
  let ids: readonly string[];
  try {
    ids = await readdir(dir);
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
  let removed = 0;
  for (const id of ids) {
    if ((await isOfOthers(join(dir, id, 'batch.json'), place.tenant)) || !(await names(join(dir, id, 'upload.csv'), place, named))) continue;
    await rm(join(dir, id), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
};
