import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { publishRules } from '#awarding/publish-rules.js';
import { readRuleVersions } from '#awarding/rule-versions.js';
import { issuersIn, readIssuer } from '#credentials/issuing/issuers.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { guardedFetch } from '#credentials/verify/guarded-fetch.js';
import type { EventStore } from '#event-store/event-store.js';
import { readCloudEvent } from '#intake/cloud-event.js';
import { createIntake, type Intake } from '#intake/intake.js';
import { createOuladReader } from '#intake/oulad-format.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { startKafkaSource, type KafkaSource } from '#kafka/source.js';
import { kafkaOptions, modelsPlace, openLog, openReader, type Log } from './adapters.js';
import type { EngineConfig } from './config.js';
import { ARTWORK_FETCH, ArtworkFiles } from './artwork-files.js';
import { ROLES } from './engines-config.js';
import type { Engine, FilesPublication } from './engine.js';
import { startFollowers } from './followers.js';
import { publicUrlOf } from './public-url.js';
import { readRuleFiles } from './rule-files.js';
import { publishIssuers } from './issuer-files.js';
import { KEYS_DIR, passphraseIn } from './key-files.js';
import { loadEntitlements } from './sources.js';

/** Where a process says what is no failure. */
const SILENT: Log = () => undefined;

/** Takes in what comes by Kafka, where this process does that. */
const startDeliveries = ({ kafka, tenant, roles = ROLES }: EngineConfig, intake: Intake, log: Log): KafkaSource | undefined =>
  kafka && roles.includes('intake')
    ? startKafkaSource({
        kafka: kafkaOptions(kafka),
        topics: { learning: kafka.topics, deadLetters: kafka.deadLetterTopic, ...(kafka.courseTopic !== undefined && { course: kafka.courseTopic }) },
        groupId: kafka.group,
        tenant,
        intake,
        log,
      })
    : undefined;

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
 * Puts the engine together: the log, intake in this thread (over HTTP, from files and from Kafka), and in another thread what follows
 * the log.
 * @throws ProofmarkError STORE_LOCKED where another process writes to the data directory, and as the stores do.
 */
export const openEngine = async (given: EngineConfig, log: Log = SILENT): Promise<Engine> => {
  const config = { ...given, publicUrl: await publicUrlOf(given.dataDir, given.publicUrl, given.port) };
  const mayReport = config.sourcesFile === undefined ? undefined : loadEntitlements(config.sourcesFile);
  const passphrase = config.keyPassphraseFile === undefined ? undefined : await passphraseIn(config.keyPassphraseFile);
  const { tenant, kafka, roles = ROLES } = config;
  const { store, share } = await openLog(config);
  const closing: (() => Promise<void>)[] = [() => store.close()];
  const close = async (): Promise<void> => {
    for (let end = closing.pop(); end; end = closing.pop()) await end();
  };
  try {
    // First, so that a ring that cannot be opened is told as what it is.
    const keys = await openLocalKeys({ dir: join(config.dataDir, KEYS_DIR), readOnly: true, ...(passphrase !== undefined && { passphrase }) });
    const models = modelsPlace(config);
    const followers = await startFollowers(
      { log: share(), models, roles, tenant, alone: config.alone ?? false, dataDir: config.dataDir, base: config.publicUrl, ...(kafka && { kafka }), ...(passphrase !== undefined && { passphrase }), ...(config.auditCopyDir !== undefined && { auditCopyDir: config.auditCopyDir }) },
      log,
    );
    closing.push(() => followers.stop());
    const readModels = await openReader(models);
    closing.push(() => readModels.close());
    const artwork = new ArtworkFiles({ rulesDirs: config.rulesDirs, fetchedDir: join(config.dataDir, ARTWORK_DIR), ...(config.verifyOnline && { fetch: guardedFetch(ARTWORK_FETCH) }) });
    const intake = createIntake({
      store,
      tenant,
      now: Date.now,
      newId: randomUUID,
      readers: { proofmark: readProofmark, oulad: (raw) => createOuladReader()(raw), cloudevent: readCloudEvent },
      ...(mayReport && { mayReport }),
    });
    const deliveries = startDeliveries(config, intake, log);
    if (deliveries) closing.push(() => deliveries.stop());
    let latest: FilesPublication | undefined;
    return {
      config,
      store,
      intake,
      ...(deliveries && { deliveries }),
      readModels,
      followers,
      keys,
      artwork,
      publishRules: async () => {
        const { files, issuers, unreadable } = await readRuleFiles(config.rulesDirs);
        const wrong = roles.includes('issue') ? await publishIssuers(issuers, tenant, (request) => followers.issuer(request)) : [];
        const publication = await publishRules(files, { store, tenant, newId: randomUUID, now: Date.now });
        followers.issue();
        const pictures = await artwork.fetch(await picturesNamed(store, tenant));
        latest = { ...publication, pictures, diagnostics: [...unreadable, ...wrong, ...publication.diagnostics] };
        return latest;
      },
      publication: () => latest,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
