import { resolve } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { EXIT } from '../exit-codes.js';
import { backupEntries } from './backup-entries.js';
import { ERASURES, KEY_RING, PASSPHRASE } from './data-files.js';
import { extractor } from './extract.js';
import type { Manifest } from './manifest.js';
import { readBackup } from './read-backup.js';
import { besidePlace } from './scratch.js';
import { putInPlace, syncDirectories } from './synced-files.js';
import { counted, workLine } from './words.js';

const has = ({ files }: Manifest, path: string): boolean => files.some((file) => file.path === path);

/** What is left to do, in words. */
const nextSteps = (manifest: Manifest, dir: string): readonly string[] => [
  ...(has(manifest, KEY_RING) && !has(manifest, PASSPHRASE)
    ? [`Put the passphrase of the signing keys into ${dir}/${PASSPHRASE} (for its owner alone), or name its file with PROOFMARK_KEY_PASSPHRASE_FILE. Nothing is signed without it.`]
    : []),
  ...(manifest.log ? [] : ['Restore the event log on its server from the copy that was made before this backup.']),
  ...(has(manifest, ERASURES) || has(manifest, 'vault.db')
    ? [`People who were erased after ${manifest.takenAt} have to be erased again: ${ERASURES} of the former data directory, where it is at hand, says who.`]
    : []),
  'Start the engine on it: it makes the read models anew from the log, and answers reads when it has. Sources may send again what they sent since; what is there already changes nothing.',
];

/** Makes a data directory from a backup, whole or not at all. */
export const restoreBackup = async (place: string, dataDir: string): Promise<number> => {
  const dir = resolve(dataDir);
  const line = workLine();
  const entries = await backupEntries(place);
  try {
    const manifest = await besidePlace(dir, async (into) => {
      const { begin, keep } = extractor(into);
      let [done, total] = [0, 0];
      const read = await readBackup(entries, {
        begin: (found) => {
          total = found.files.reduce((sum, { size }) => sum + size, 0);
          return begin(found);
        },
        keep,
        onBytes: (bytes) => line.show('restoring', { done: (done += bytes), total }),
        problem: (what) => {
          throw new ProofmarkError('STORE_CORRUPT', `${what}. Nothing was restored. "proofmark backup-verify" looks at the whole backup; use another one.`);
        },
      });
      await syncDirectories(into);
      await putInPlace(into, dir);
      return read;
    });
    line.end();
    console.log(`${dir} is restored as it was at ${manifest.takenAt}${manifest.log ? `: ${counted(manifest.log.events, 'event')}, up to log position ${manifest.log.position}` : ''}.`);
    for (const step of nextSteps(manifest, dir)) console.log(`- ${step}`);
    return EXIT.ok;
  } finally {
    line.end();
  }
};
