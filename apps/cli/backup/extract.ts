import { mkdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import type { BackupReader } from './read-backup.js';
import { writeSynced } from './synced-files.js';
import { bytesText } from './words.js';

/** Writes the files of a backup into a directory, where nothing is yet. @throws ProofmarkError STORE_FULL before it begins */
export const extractor = (dir: string): Required<Pick<BackupReader, 'begin' | 'keep'>> => ({
  begin: async ({ files }) => {
    const needed = files.reduce((sum, { size }) => sum + size, 0);
    const { bavail, bsize } = await statfs(dir);
    if (needed > bavail * bsize) throw new ProofmarkError('STORE_FULL', `The backup needs ${bytesText(needed)}, and there are ${bytesText(bavail * bsize)} left where ${dir} is. Make room there, or name another place.`);
  },
  keep: async (path, content) => {
    const to = join(dir, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await writeSynced(to, content);
  },
});
