import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openDirectory } from '#access/directory.js';
import { publishRules } from '#awarding/publish-rules.js';
import { readRuleVersions } from '#awarding/rule-versions.js';
import { issuersIn, readIssuer } from '#credentials/issuing/issuers.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { guardedFetch } from '#credentials/verify/guarded-fetch.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import { readCloudEvent } from '#intake/cloud-event.js';
import { messageOf } from '#domain/errors.js';
import { learnerOfEmail } from '#domain/recipient.js';
import { decode } from '#projections/log-entries.js';
import { ErasedLearners } from '#projections/erased-learners.js';
import { keepAddresses } from '#vault/profiles.js';
import { createIntake, type IntakeOptions } from '#intake/intake.js';
import { createOuladReader } from '#intake/oulad-format.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { signersOf } from '#kafka/signers.js';
import { startKafkaSource, type KafkaSource } from '#kafka/source.js';
import { kafkaOptions, modelsPlace, openLog, openReader, openVault, type Log } from './adapters.js';
import type { EngineConfig } from './config.js';
import { ARTWORK_FETCH, ArtworkFiles } from './artwork-files.js';
import { ROLES } from './engines-config.js';
import type { Engine, FilesPublication } from './engine.js';
import { startFollowers } from './followers.js';
import { resumeErasures } from './privacy/erase-learner.js';
import { keepRetention } from './privacy/retention.js';
import { publicUrlOf } from './public-url.js';
import { readRuleFiles } from './rule-files.js';
import { publishIssuers } from './issuer-files.js';
import { KEYS_DIR, passphraseIn } from './key-files.js';
import { loadEntitlements } from './sources.js';
import { tenantUrl } from './tenants.js';

/** Where a process says what is no failure. */
const SILENT: Log = () => undefined;

/** Takes in what comes by Kafka, where this process does that. */
const startDeliveries = ({ kafka, tenant, roles = ROLES }: EngineConfig, { intake, access: directory, keys }: Pick<Engine, 'intake' | 'access' | 'keys'>, log: Log): KafkaSource | undefined =>
  kafka && roles.includes('intake')
    ? startKafkaSource({
        kafka: kafkaOptions(kafka),
        topics: { learning: kafka.topics, deadLetters: kafka.deadLetterTopic, ...(kafka.courseTopic !== undefined && { course: kafka.courseTopic }) },
        groupId: kafka.group,
        tenant,
        intake,
        signatures: { required: kafka.signatures === 'required', signers: signersOf({ directory, mac: (text) => keys.mac('source', text), now: Date.now }) },
        log,
      })
    : undefined;

/** Takes note of who is erased by other processes. */
const followErasures = (store: EventStore, erased: ErasedLearners, signal: AbortSignal, log: Log): void => {
  const follow = async (): Promise<void> => {
    for await (const batch of store.subscribe({ after: 0, categories: ['erasure'], signal })) {
      for (const { event, recorded } of decode(batch).entries) erased.note(event, recorded.position);
    }
  };
  follow().catch((error: unknown) => {
    if (!signal.aborted) log('error', `Erasures by other processes are not heard of any more; restart this one: ${messageOf(error)}`);
  });
};

/** Where pictures of the web are kept, in the data directory. */
const ARTWORK_DIR = 'artwork';

/** The pictures that live rules and issuers name. */
const picturesNamed = async (store: EventStore, tenant: string): Promise<readonly string[]> => {
  const versions = await readRuleVersions(store, tenant);
  const rules = versions.all().map(({ rule }) => versions.live(rule.badge)?.rule.design.image);
  const issuers = await Promise.all((await issuersIn(store, tenant)).map(async (issuer) => (await readIssuer(store, tenant, issuer)).profile?.image));
  return [...rules, ...issuers].filter((image) => image !== undefined);
};

/** What all tenants of an engine have in common. */
type Shared = Pick<Engine, 'store' | 'readModels' | 'vault' | 'followers' | 'erased' | 'keys' | 'access' | 'close'>;

interface Tenant {
  readonly engine: Omit<Engine, 'others' | 'publishRules'>;
  /** What is wrong with the issuers' files. */
  readonly publishIssuers: () => Promise<readonly Diagnostic[]>;
  readonly publishRules: (wrong: readonly Diagnostic[]) => Promise<FilesPublication>;
}

/** The engine as one tenant sees it, and its files. */
const openTenant = (config: Engine['config'], shared: Shared, mayReport: IntakeOptions['mayReport']): Tenant => {
  const { tenant, roles = ROLES, rulesDirs, dataDir } = config;
  const { store, followers, vault, erased, keys } = shared;
  const artwork = new ArtworkFiles({ rulesDirs, fetchedDir: join(dataDir, ARTWORK_DIR), ...(config.verifyOnline && { fetch: guardedFetch(ARTWORK_FETCH) }) });
  const intake = createIntake({
    store,
    seals: vault,
    isErased: (learner) => erased.has(tenant, learner),
    learnerOfEmail: async (emails) => {
      const learners = await Promise.all(emails.map((email) => learnerOfEmail(keys, tenant, email)));
      // Nothing is kept of who is erased.
      await keepAddresses(vault, tenant, new Map(learners.flatMap((learner, i) => (erased.has(tenant, learner) ? [] : [[learner, emails[i] ?? '']]))));
      return learners;
    },
    tenant,
    now: Date.now,
    newId: randomUUID,
    readers: { proofmark: readProofmark, oulad: (raw) => createOuladReader()(raw), cloudevent: readCloudEvent },
    ...(mayReport && { mayReport }),
  });
  let latest: FilesPublication | undefined;
  return {
    engine: { ...shared, config, intake, artwork, publication: () => latest },
    publishIssuers: async () => (roles.includes('issue') ? publishIssuers((await readRuleFiles(rulesDirs)).issuers, tenant, (request) => followers.issuer(request)) : []),
    publishRules: async (wrong) => {
      const { files, unreadable } = await readRuleFiles(rulesDirs);
      const publication = await publishRules(files, { store, tenant, newId: randomUUID, now: Date.now });
      const pictures = await artwork.fetch(await picturesNamed(store, tenant));
      latest = { ...publication, pictures, diagnostics: [...unreadable, ...wrong, ...publication.diagnostics] };
      return latest;
    },
  };
};

/**
 * Puts the engine together: the log, intake in this thread (over HTTP, from files and from Kafka), and in another thread what follows
 * the log.
 * @throws ProofmarkError STORE_LOCKED where another process writes to the data directory, and as the stores do.
 */
export const openEngine = async (given: EngineConfig, log: Log = SILENT): Promise<Engine> => {
  const config = { ...given, publicUrl: await publicUrlOf(given.dataDir, given.publicUrl, given.port) };
  // Sources and people are each tenant's own.
  const { tenants = [], sourcesFile: _sources, oidc: _people, ...common } = config;
  const { home = config.tenant } = config;
  const places = [config, ...tenants.map((one) => ({ ...common, ...one, home }))].map((place) => ({ ...place, publicUrl: tenantUrl(config.publicUrl, home, place.tenant) }));
  // Before anything is open: a file that says nonsense leaves nothing behind.
  const entitled = places.map(({ sourcesFile }) => (sourcesFile === undefined ? undefined : loadEntitlements(sourcesFile)));
  const passphrase = config.keyPassphraseFile === undefined ? undefined : await passphraseIn(config.keyPassphraseFile);
  const { kafka, roles = ROLES } = config;
  const { store, share } = await openLog(config);
  const closing: (() => Promise<void>)[] = [() => store.close()];
  const close = async (): Promise<void> => {
    for (let end = closing.pop(); end; end = closing.pop()) await end();
  };
  try {
    // First, so that a ring that cannot be opened is told as what it is.
    const keys = await openLocalKeys({ dir: join(config.dataDir, KEYS_DIR), ...(passphrase !== undefined && { passphrase }) });
    const vault = await openVault(config, keys);
    closing.push(() => vault.close());
    const models = modelsPlace(config);
    const followers = await startFollowers(
      { log: share(), models, roles, tenant: home, alone: config.alone ?? false, dataDir: config.dataDir, base: config.publicUrl, ...(kafka && { kafka }), ...(passphrase !== undefined && { passphrase }), ...(config.auditCopyDir !== undefined && { auditCopyDir: config.auditCopyDir }) },
      log,
    );
    closing.push(() => followers.stop());
    const readModels = await openReader(models);
    closing.push(() => readModels.close());
    const erased = await ErasedLearners.load(store);
    const ending = new AbortController();
    closing.push(async () => ending.abort());
    followErasures(store, erased, ending.signal, log);
    const access = await openDirectory(store);
    closing.push(() => access.close());
    const shared: Shared = { store, readModels, vault, followers, erased, keys, access, close };
    const [own, ...others] = places.map((place, i) => openTenant(place, shared, entitled[i]));
    if (!own) throw new Error('an engine has a tenant');
    let resuming: Promise<unknown> | undefined;
    const publishAll = async (): Promise<FilesPublication> => {
      // Profiles first, of everybody: no credential shall call its issuer by an id.
      const wrong: (readonly Diagnostic[])[] = [];
      for (const one of [own, ...others]) wrong.push(await one.publishIssuers());
      const publication = await own.publishRules(wrong[0] ?? []);
      let { position } = publication;
      for (const [i, one] of others.entries()) position = Math.max(position, (await one.publishRules(wrong[i + 1] ?? [])).position);
      followers.issue();
      // After the issuers' profiles, since credentials may be issued while it waits.
      resuming ??= resumeAll()
        .catch((error: unknown) => {
          if (!ending.signal.aborted) log('error', `Erasing learners cannot go on; a restart tries again: ${messageOf(error)}`);
        })
        .then(() => Promise.all(all.map((engine) => keepRetention(engine, { now: Date.now, signal: ending.signal, failed: (error) => log('error', `Dead letters that have had their time cannot be given up; it is tried again tomorrow: ${messageOf(error)}`) }))));
      return { ...publication, position };
    };
    const deliveries = startDeliveries(config, own.engine, log);
    if (deliveries) closing.push(() => deliveries.stop());
    const all = [own, ...others].map(({ engine }): Engine => ({ ...engine, publishRules: publishAll, others: [] }));
    const resumeAll = async (): Promise<void> => {
      for (const engine of all) await resumeErasures(engine, Date.now());
    };
    return { ...own.engine, publishRules: publishAll, others: all.slice(1), ...(deliveries && { deliveries }) };
  } catch (error) {
    await close();
    throw error;
  }
};
