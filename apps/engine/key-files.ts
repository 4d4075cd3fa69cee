import { readFile } from 'node:fs/promises';
import { messageOf, ProofmarkError } from '#domain/errors.js';

/** The key ring's place in the data directory. */
export const KEYS_DIR = 'keys';

/** The passphrase in a file: its first line. @throws ProofmarkError USAGE where there is none. */
export const passphraseIn = async (path: string): Promise<string> => {
  try {
    const [line = ''] = (await readFile(path, 'utf8')).split(/\r?\n/);
    if (line !== '') return line;
  } catch (error) {
    throw new ProofmarkError('USAGE', `The passphrase file ${path} cannot be read: ${messageOf(error)}. Name another one with PROOFMARK_KEY_PASSPHRASE_FILE.`, { cause: error });
  }
  throw new ProofmarkError('USAGE', `The passphrase file ${path} is empty. Its first line is the passphrase of the signing keys.`);
};
