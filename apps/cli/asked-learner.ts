import { join } from 'node:path';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { learnerIdOf, readEmail } from '#domain/recipient.js';
import type { EngineConfig } from '#engine/config.js';
import { KEYS_DIR, passphraseIn } from '#engine/key-files.js';

/** The learner whom an id on the command line means: of an e-mail address whom it stands for, which takes the key ring. @throws ProofmarkError KEYS_LOCKED */
export const askedLearner = async ({ dataDir, keyPassphraseFile, tenant }: EngineConfig, id: string): Promise<string> => {
  if (readEmail(id) === undefined) return id;
  const keys = await openLocalKeys({ dir: join(dataDir, KEYS_DIR), readOnly: true, ...(keyPassphraseFile !== undefined && { passphrase: await passphraseIn(keyPassphraseFile) }) });
  return learnerIdOf(keys, tenant, id);
};
