import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { publishRules, type Publication } from '#awarding/publish-rules.js';
import { ProofmarkError } from '#domain/errors.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { createIntake } from '#intake/intake.js';
import { createOuladReader } from '#intake/oulad-format.js';
import { readProofmark } from '#intake/proofmark-format.js';
import type { ReadModelReader } from '#projections/read-model.js';
import { modelsPlace, openLog, openReader } from './adapters.js';
import type { EngineConfig } from './config.js';
import { ROLES } from './engines-config.js';
import type { Engine } from './engine.js';
import { startFollowers } from './followers.js';
import { publicUrlOf } from './public-url.js';
import { readRuleFiles } from './rule-files.js';
import { publishIssuers } from './issuer-files.js';
import { KEYS_DIR, passphraseIn } from './key-files.js';
import { loadEntitlements } from './sources.js';

/**
 * Chooses the adapters and puts the engine together: the embedded event log with its writer thread, intake in this
 * thread, awarding and projections in another.
 * @throws ProofmarkError STORE_LOCKED where another process writes to the data directory, and as the stores do.
 */
export const openEngine = async (given: EngineConfig): Promise<Engine> => {
  if (given.eventStoreUri !== undefined || given.mongodb || given.kafka) throw new ProofmarkError('USAGE', 'Other engines than the embedded ones cannot be chosen yet.');
  const config = { ...given, publicUrl: await publicUrlOf(given.dataDir, given.publicUrl, given.port) };
  const mayReport = config.sourcesFile === undefined ? undefined : loadEntitlements(config.sourcesFile);
  const passphrase = config.keyPassphraseFile === undefined ? undefined : await passphraseIn(config.keyPassphraseFile);
  const { store, share } = await openLog(config);
  try {
    // First, so that a ring that cannot be opened is told as what it is.
    const keys = await openLocalKeys({ dir: join(config.dataDir, KEYS_DIR), readOnly: true, ...(passphrase !== undefined && { passphrase }) });
    const followers = await startFollowers({ log: share(), models: modelsPlace(config), roles: config.roles ?? ROLES, dataDir: config.dataDir, base: config.publicUrl, ...(passphrase !== undefined && { passphrase }) });
    let readModels: ReadModelReader;
    try {
      readModels = await openReader(modelsPlace(config));
    } catch (error) {
      await followers.stop();
      throw error;
    }
    const { tenant } = config;
    const intake = createIntake({
      store,
      tenant,
      now: Date.now,
      newId: randomUUID,
      readers: { proofmark: readProofmark, oulad: (raw) => createOuladReader()(raw) },
      ...(mayReport && { mayReport }),
    });
    let latest: Publication | undefined;
    return {
      config,
      store,
      intake,
      readModels,
      followers,
      keys,
      publishRules: async () => {
        const { files, issuers, unreadable } = await readRuleFiles(config.rulesDirs);
        const wrong = await publishIssuers(issuers, tenant, (request) => followers.issuer(request));
        const publication = await publishRules(files, { store, tenant, newId: randomUUID, now: Date.now });
        followers.issue();
        latest = { ...publication, diagnostics: [...unreadable, ...wrong, ...publication.diagnostics] };
        return latest;
      },
      publication: () => latest,
      close: async () => {
        await followers.stop();
        await readModels.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
};
