import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { publishRules } from '#awarding/publish-rules.js';
import { readRuleVersions } from '#awarding/rule-versions.js';
import { issuersIn, readIssuer } from '#credentials/issuing/issuers.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { guardedFetch } from '#credentials/verify/guarded-fetch.js';
import { openEmbedded } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { createIntake } from '#intake/intake.js';
import { createOuladReader } from '#intake/oulad-format.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import type { ReadModelReader } from '#projections/read-model.js';
import type { EngineConfig } from './config.js';
import { ARTWORK_FETCH, ArtworkFiles } from './artwork-files.js';
import type { Engine, FilesPublication } from './engine.js';
import { startFollowers } from './followers.js';
import { publicUrlOf } from './public-url.js';
import { readRuleFiles } from './rule-files.js';
import { publishIssuers } from './issuer-files.js';
import { KEYS_DIR, passphraseIn } from './key-files.js';
import { loadEntitlements } from './sources.js';

/** Where pictures of the web are kept, in the data directory. */
const ARTWORK_DIR = 'artwork';

/** The pictures that live rules and issuers name. */
const picturesNamed = async (store: EventStore, tenant: string): Promise<readonly string[]> => {
  const versions = await readRuleVersions(store, tenant);
  const rules = versions.all().map(({ rule }) => versions.live(rule.badge)?.rule.design.image);
  const issuers = await Promise.all((await issuersIn(store, tenant)).map(async (issuer) => (await readIssuer(store, tenant, issuer)).profile?.image));
  return [...rules, ...issuers].filter((image) => image !== undefined);
};

/**
 * Chooses the adapters and puts the engine together: the embedded event log with its writer thread, intake in this
 * thread, awarding and projections in another.
 * @throws ProofmarkError STORE_LOCKED where another process writes to the data directory, and as the stores do.
 */
export const openEngine = async (given: EngineConfig): Promise<Engine> => {
  const config = { ...given, publicUrl: await publicUrlOf(given.dataDir, given.publicUrl, given.port) };
  const mayReport = config.sourcesFile === undefined ? undefined : loadEntitlements(config.sourcesFile);
  const passphrase = config.keyPassphraseFile === undefined ? undefined : await passphraseIn(config.keyPassphraseFile);
  const store = await openEmbedded({
    dir: config.dataDir,
    ...(config.maxLogBytes !== undefined && { maxBytes: config.maxLogBytes }),
  });
  try {
    // First, so that a ring that cannot be opened is told as what it is.
    const keys = await openLocalKeys({ dir: join(config.dataDir, KEYS_DIR), readOnly: true, ...(passphrase !== undefined && { passphrase }) });
    const followers = await startFollowers({ log: store.share(), dataDir: config.dataDir, base: config.publicUrl, ...(passphrase !== undefined && { passphrase }) });
    let readModels: ReadModelReader;
    try {
      readModels = openEmbeddedReadModels({ dir: config.dataDir, readOnly: true });
    } catch (error) {
      await followers.stop();
      throw error;
    }
    const { tenant } = config;
    const artwork = new ArtworkFiles({ rulesDirs: config.rulesDirs, fetchedDir: join(config.dataDir, ARTWORK_DIR), ...(config.verifyOnline && { fetch: guardedFetch(ARTWORK_FETCH) }) });
    const intake = createIntake({
      store,
      tenant,
      now: Date.now,
      newId: randomUUID,
      readers: { proofmark: readProofmark, oulad: (raw) => createOuladReader()(raw) },
      ...(mayReport && { mayReport }),
    });
    let latest: FilesPublication | undefined;
    return {
      config,
      store,
      intake,
      readModels,
      followers,
      keys,
      artwork,
      publishRules: async () => {
        const { files, issuers, unreadable } = await readRuleFiles(config.rulesDirs);
        const wrong = await publishIssuers(issuers, tenant, (request) => followers.issuer(request));
        const publication = await publishRules(files, { store, tenant, newId: randomUUID, now: Date.now });
        followers.issue();
        const pictures = await artwork.fetch(await picturesNamed(store, tenant));
        latest = { ...publication, pictures, diagnostics: [...unreadable, ...wrong, ...publication.diagnostics] };
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
