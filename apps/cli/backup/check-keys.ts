import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { IssuerEvent } from '#domain/issuer-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { KEYS_DIR, passphraseIn } from '#engine/key-files.js';
import { openEmbeddedReader } from '#event-store/embedded.js';
import { logExists } from '#event-store/log-schema.js';
import { KEY_RING, PASSPHRASE } from './data-files.js';

/** Whether the ring of keys can be used. */
export interface KeysCheck {
  /** unchecked: its passphrase is not there. none: there is no ring, and the log names no key. */
  readonly ring: 'opened' | 'unchecked' | 'none';
  readonly problems: readonly string[];
}

const PAGE = 1_000;
const BYTES = new TextEncoder().encode('a backup that is checked');

/** The keys that the log names. */
const keysNamed = async (dataDir: string): Promise<ReadonlySet<string>> => {
  const named = new Set<string>();
  if (!logExists(dataDir)) return named;
  const store = await openEmbeddedReader(dataDir);
  try {
    for (let after = 0; ; ) {
      const page = await store.readAll({ after, limit: PAGE, categories: ['issuer'] });
      for (const { type, schema, json } of page) {
        const event = readLogEvent(type, schema, json) as IssuerEvent;
        if (event.type === 'IssuerKeyAdded') named.add(event.kid);
      }
      const last = page.at(-1);
      if (!last) return named;
      after = last.position;
    }
  } finally {
    await store.close();
  }
};

/** Opens the ring of keys of a data directory and signs with each key that its log names. @param passphraseFile instead of the one beside the ring */
export const checkKeys = async (dataDir: string, passphraseFile: string | undefined): Promise<KeysCheck> => {
  const named = await keysNamed(dataDir);
  if (!existsSync(join(dataDir, KEY_RING))) {
    return { ring: 'none', problems: named.size === 0 ? [] : [`The log names ${named.size} signing keys, and there is no ${KEY_RING}: badges could not be signed.`] };
  }
  if (passphraseFile === undefined && !existsSync(join(dataDir, PASSPHRASE))) return { ring: 'unchecked', problems: [] };
  try {
    const passphrase = passphraseFile === undefined ? undefined : await passphraseIn(passphraseFile);
    const keys = await openLocalKeys({ dir: join(dataDir, KEYS_DIR), readOnly: true, ...(passphrase !== undefined && { passphrase }) });
    const problems: string[] = [];
    for (const kid of named) {
      await keys.sign(kid, BYTES).catch((error: unknown) => problems.push(messageOf(error)));
    }
    return { ring: 'opened', problems };
  } catch (error) {
    if (error instanceof ProofmarkError && error.code === 'KEYS_LOCKED') return { ring: 'unchecked', problems: [error.message] };
    throw error;
  }
};
