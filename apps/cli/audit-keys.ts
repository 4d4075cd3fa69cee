import { readFile } from 'node:fs/promises';
import { keysIn } from '#audit/checkpoint-files.js';
import { parseVerifierKey, type VerifierKey } from '#audit/signed-note.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';

/** A file of the command line. @throws ProofmarkError NOT_FOUND. */
export const readGiven = async (path: string): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw new ProofmarkError('NOT_FOUND', `${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
};

/** The keys that somebody trusts: one as it is written, or those of a file. @throws ProofmarkError USAGE where it is none, NOT_FOUND. */
export const trustedKeys = async (given: string): Promise<readonly VerifierKey[]> => {
  const key = parseVerifierKey(given);
  if (key) return [key];
  if (/^[^+]+\+[0-9a-f]{8}\+/.test(given)) throw new ProofmarkError('USAGE', `"${given}" is no key: it was changed, or is not whole.`);
  const keys = keysIn((await readGiven(given)).toString());
  if (!keys || keys.length === 0) throw new ProofmarkError('USAGE', `${given} holds no keys. They are lines like those of audit/checkpoints/verifier-keys in the data directory.`);
  return keys;
};
