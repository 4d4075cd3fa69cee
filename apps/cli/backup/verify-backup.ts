import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProofmarkError, messageOf } from '#domain/errors.js';
import { EXIT } from '../exit-codes.js';
import { backupEntries } from './backup-entries.js';
import { checkKeys, type KeysCheck } from './check-keys.js';
import { verifiedLog } from './databases.js';
import { extractor } from './extract.js';
import { DATA, type Manifest } from './manifest.js';
import { readBackup, type BackupReader } from './read-backup.js';
import { withScratch } from './scratch.js';
import { bytesText, counted, workLine } from './words.js';

interface Found {
  readonly manifest?: Manifest;
  readonly keys: KeysCheck['ring'];
  /** [] for a backup that is whole. */
  readonly problems: readonly string[];
}

const ABOUT_KEYS: Readonly<Record<KeysCheck['ring'], string>> = {
  opened: 'The signing keys that its log names are there and sign.',
  unchecked: 'Whether the signing keys open was not looked at: their passphrase is not in the backup. Name its file with PROOFMARK_KEY_PASSPHRASE_FILE.',
  none: 'It has no signing keys.',
};

/** Checks the files of a backup, and then, where they are whole, what is in them. */
const checked = async (place: string, passphraseFile: string | undefined, extract: ReturnType<typeof extractor> | undefined, dataDir: string): Promise<Found> => {
  const line = workLine();
  const problems: string[] = [];
  const reader: BackupReader = { ...extract, problem: (what) => void problems.push(what) };
  try {
    const manifest = await readBackup(await backupEntries(place), reader);
    if (problems.length > 0) return { manifest, keys: 'unchecked', problems };
    if (manifest.log) {
      const { events, problems: wrong } = await verifiedLog(dataDir, (progress) => line.show('event log', progress));
      problems.push(...wrong);
      if (wrong.length === 0 && events !== manifest.log.events) problems.push(`the log has ${counted(events, 'event')} instead of ${manifest.log.events}`);
    }
    const keys = await checkKeys(dataDir, passphraseFile);
    return { manifest, keys: keys.ring, problems: [...problems, ...keys.problems] };
  } catch (error) {
    if (error instanceof ProofmarkError && error.code === 'STORE_CORRUPT') return { keys: 'unchecked', problems: [...problems, messageOf(error)] };
    throw error;
  } finally {
    line.end();
  }
};

/** Prints whether a backup is whole and can be used. One that is an archive is unpacked for that, beside the system's temporary files. */
export const verifyBackup = async (place: string, passphraseFile: string | undefined, json: boolean): Promise<number> => {
  const isDirectory = place !== '-' && (await stat(place).then((found) => found.isDirectory(), () => false));
  const unpacked = async (): Promise<Found> => {
    const dir = await mkdtemp(join(tmpdir(), 'proofmark-verify-'));
    return withScratch(dir, () => checked(place, passphraseFile, extractor(dir), dir));
  };
  const { manifest, keys, problems } = isDirectory ? await checked(place, passphraseFile, undefined, join(place, DATA)) : await unpacked();
  const whole = problems.length === 0;
  if (json) {
    console.log(JSON.stringify({ whole, problems, keys, ...(manifest && { takenAt: manifest.takenAt, program: manifest.program, log: manifest.log ?? null, files: manifest.files.length }) }, null, 2));
  } else if (whole && manifest) {
    const { takenAt, log, files } = manifest;
    const events = log ? `${counted(log.events, 'event')} up to log position ${log.position}, each with its checksum and in its place; ` : 'no event log, which is on a server; ';
    console.log(`The backup of ${takenAt} is whole: ${events}${counted(files.length, 'file')}, ${bytesText(files.reduce((sum, { size }) => sum + size, 0))}.`);
    console.log(ABOUT_KEYS[keys]);
  } else {
    for (const problem of problems) console.log(problem);
    console.log('The backup is not whole. Keep it as it is, use another one, and make a new one now.');
  }
  return whole ? EXIT.ok : EXIT.failed;
};
