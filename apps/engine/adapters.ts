import { readFileSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { attachEmbedded, openEmbedded, openEmbeddedReader, type EmbeddedHandle } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { openEventStoreDB } from '#event-store/eventstoredb.js';
import type { KafkaOptions } from '#kafka/client.js';
import { openWorkGroup } from '#kafka/work-group.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import { openMongoReadModels, openMongoServer } from '#projections/mongodb.js';
import type { ReadModelReader, ReadModelStore } from '#projections/read-model.js';
import { openEmbeddedVault, openEmbeddedVaultReader } from '#vault/embedded.js';
import { mongoVault } from '#vault/mongodb.js';
import type { VaultSecrets } from '#vault/sealed-vault.js';
import type { Vault } from '#vault/vault.js';
import type { EngineConfig } from './config.js';
import type { KafkaSettings } from './engines-config.js';
import type { Division } from './stages/stage.js';

/* Which adapter stands behind each port: chosen here, by configuration, and nowhere else. */

/** How another thread gets at the log. */
export type LogHandle = { readonly kind: 'embedded'; readonly handle: EmbeddedHandle } | { readonly kind: 'eventstoredb'; readonly uri: string };

/** Where the read models are. */
export type ModelsPlace = { readonly kind: 'embedded'; readonly dir: string } | { readonly kind: 'mongodb'; readonly uri: string; readonly database: string };

/** The log, and how the thread that follows it gets at it. */
export interface OpenLog {
  readonly store: EventStore;
  readonly share: () => LogHandle;
}

/** Takes note of what is no failure, and should be known. */
export type Log = (level: 'warning' | 'error', message: string) => void;

/** Opens the log. @throws ProofmarkError STORE_LOCKED where another process writes to its file, and as the stores do. */
export const openLog = async ({ dataDir, maxLogBytes, eventStoreUri: uri }: EngineConfig): Promise<OpenLog> => {
  if (uri !== undefined) return { store: await openEventStoreDB({ uri }), share: () => ({ kind: 'eventstoredb', uri }) };
  const store = await openEmbedded({ dir: dataDir, ...(maxLogBytes !== undefined && { maxBytes: maxLogBytes }) });
  return { store, share: () => ({ kind: 'embedded', handle: store.share() }) };
};

/** What says where log and read models are: all that somebody needs who reads them beside the engine. */
export type StoresConfig = Pick<EngineConfig, 'dataDir' | 'eventStoreUri' | 'mongodb' | 'keyPassphraseFile'>;

/** Opens the log to read it, whoever writes to it. @throws ProofmarkError NOT_FOUND where there is none, and as the stores do. */
export const openLogReader = async ({ dataDir, eventStoreUri: uri }: StoresConfig): Promise<EventStore> => (uri === undefined ? openEmbeddedReader(dataDir) : openEventStoreDB({ uri }));

/** The log in another thread than the one that opened it. */
export const attachLog = (log: LogHandle): Promise<EventStore> => (log.kind === 'embedded' ? attachEmbedded(log.handle) : openEventStoreDB({ uri: log.uri, patience: Infinity }));

/** What has to be handed over with a handle. */
export const portsOf = (log: LogHandle): readonly MessagePort[] => (log.kind === 'embedded' ? [log.handle.port] : []);

/** Where a configuration keeps the read models. */
export const modelsPlace = ({ dataDir, mongodb }: StoresConfig): ModelsPlace => (mongodb ? { kind: 'mongodb', ...mongodb } : { kind: 'embedded', dir: dataDir });

/** Opens the read models to build them. */
export const openReadModels = async (place: ModelsPlace): Promise<ReadModelStore> => (place.kind === 'embedded' ? openEmbeddedReadModels({ dir: place.dir }) : openMongoReadModels(place));

/** Opens the read models to look things up. */
export const openReader = async (place: ModelsPlace): Promise<ReadModelReader> =>
  place.kind === 'embedded' ? openEmbeddedReadModels({ dir: place.dir, readOnly: true }) : openMongoReadModels({ ...place, readOnly: true });

/** Opens the vault. @throws ProofmarkError STORE_LOCKED where another process writes to its file, and as the stores do. */
export const openVault = async ({ dataDir, mongodb }: StoresConfig, secrets: VaultSecrets): Promise<Vault> =>
  mongodb ? mongoVault(openMongoServer(mongodb), secrets) : openEmbeddedVault(dataDir, secrets);

/** Opens the vault to read it, whoever writes to it. @throws ProofmarkError NOT_FOUND where there is none */
export const openVaultReader = async ({ dataDir, mongodb }: StoresConfig, secrets: VaultSecrets): Promise<Vault> =>
  mongodb ? mongoVault(openMongoServer(mongodb), secrets) : openEmbeddedVaultReader(dataDir, secrets);

const authorities = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ProofmarkError('USAGE', `PROOFMARK_KAFKA_CA_FILE cannot be read: ${messageOf(error)}`, { cause: error });
  }
};

/** How Kafka is reached. @throws ProofmarkError USAGE for a file of authorities that cannot be read. */
export const kafkaOptions = ({ brokers, tls, sasl }: KafkaSettings): KafkaOptions => ({
  brokers,
  ...(tls && { tls: tls.caFile === undefined ? true : { ca: authorities(tls.caFile) } }),
  ...(sasl && { sasl }),
});

/** How this process comes by its shares of the work; undefined where it does all of it. */
export const openDivision = async (kafka: KafkaSettings | undefined, log: Log, failed: (error: unknown) => void, signal: AbortSignal): Promise<Division | undefined> => {
  if (!kafka) return undefined;
  const [like = ''] = kafka.topics;
  const group = await openWorkGroup({ kafka: kafkaOptions(kafka), topic: kafka.sharesTopic, like, groupId: kafka.group, log }, signal);
  return {
    of: group.shares,
    join: (stage, onShares) => {
      const member = group.join(stage, (own) => onShares({ of: group.shares, own: new Set(own) }));
      member.done.catch(failed);
      return member;
    },
  };
};
