import { join } from 'node:path';
import type { EventStore } from '#event-store/event-store.js';
import type { ReadModelReader } from '#projections/read-model.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { ProofmarkError } from '#domain/errors.js';
import type { Vault } from '#vault/vault.js';
import { modelsPlace, openLogReader, openReader, openVaultReader, type StoresConfig } from './adapters.js';
import { KEYS_DIR, passphraseIn } from './key-files.js';

/** What a reader sees of an engine's data. */
export interface ReadView {
  readonly store: EventStore;
  readonly readModels: ReadModelReader;
  readonly vault: ReadVault;
}

/** What can be read of the vault. */
export type ReadVault = Pick<Vault, 'get' | 'open'>;

/** The vault, opened when it is first asked: most readers never do, and it takes the key ring. Where there is none there is nothing in it. */
const readVault = (stores: StoresConfig) => {
  let opening: Promise<Vault | undefined> | undefined;
  const open = async (): Promise<Vault | undefined> => {
    const { dataDir, keyPassphraseFile: file } = stores;
    const keys = await openLocalKeys({ dir: join(dataDir, KEYS_DIR), readOnly: true, ...(file !== undefined && { passphrase: await passphraseIn(file) }) });
    try {
      return await openVaultReader(stores, keys);
    } catch (error) {
      if (error instanceof ProofmarkError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  };
  const vault: ReadVault = {
    get: async (subject) => (await (opening ??= open()))?.get(subject),
    open: async (subject, field, sealed) => (await (opening ??= open()))?.open(subject, field, sealed),
  };
  const close = async (): Promise<void> => (await opening?.catch(() => undefined))?.close(); // whoever asked has the error: what never opened needs no closing
  return { vault, close };
};

/**
 * Reads log and read models beside the engines that write them, by connections of its own: in another thread or process.
 * @throws ProofmarkError NOT_FOUND where there is no log, and as the stores do.
 */
export const readBeside = async <T>(stores: StoresConfig, use: (view: ReadView) => Promise<T>): Promise<T> => {
  const store = await openLogReader(stores);
  try {
    const readModels = await openReader(modelsPlace(stores));
    const { vault, close } = readVault(stores);
    try {
      return await use({ store, readModels, vault });
    } finally {
      await close();
      await readModels.close();
    }
  } finally {
    await store.close();
  }
};
