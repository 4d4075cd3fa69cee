import { closeSync, openSync } from 'node:fs';
import { openDatabase, storeError } from './sqlite.js';

/**
 * Copies a database into a new file that its owner alone can read, as it is at one commit. In write-ahead mode its writer goes on
 * meanwhile; only the write-ahead log cannot be started anew. What was deleted is not copied: the file has no free pages.
 * @throws ProofmarkError as `storeError` maps it; what making the file throws.
 */
export const copyDatabase = (from: string, to: string): void => {
  closeSync(openSync(to, 'wx', 0o600)); // SQLite fills an empty file, and would make one that others can read
  const db = openDatabase(from, { readOnly: true });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } catch (thrown) {
    const error = storeError(thrown, from);
    throw error.code === 'STORE_FULL' ? storeError(thrown, to) : error;
  } finally {
    db.close();
  }
};
