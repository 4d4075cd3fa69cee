import type { MessagePort } from 'node:worker_threads';
import { attachEmbedded, openEmbedded, type EmbeddedHandle } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import type { ReadModelReader, ReadModelStore } from '#projections/read-model.js';
import type { EngineConfig } from './config.js';

/* Which adapter stands behind each port: chosen here, by configuration, and nowhere else. */

/** How another thread gets at the log. */
export type LogHandle = { readonly kind: 'embedded'; readonly handle: EmbeddedHandle };

/** Where the read models are. */
export type ModelsPlace = { readonly kind: 'embedded'; readonly dir: string };

/** The log, and how the thread that follows it gets at it. */
export interface OpenLog {
  readonly store: EventStore;
  readonly share: () => LogHandle;
}

/** Opens the log. @throws ProofmarkError STORE_LOCKED where another process writes to it, and as the stores do. */
export const openLog = async ({ dataDir, maxLogBytes }: EngineConfig): Promise<OpenLog> => {
  const store = await openEmbedded({ dir: dataDir, ...(maxLogBytes !== undefined && { maxBytes: maxLogBytes }) });
  return { store, share: () => ({ kind: 'embedded', handle: store.share() }) };
};

/** The log in another thread than the one that opened it. */
export const attachLog = async (log: LogHandle): Promise<EventStore> => attachEmbedded(log.handle);

/** What has to be handed over with a handle. */
export const portsOf = (log: LogHandle): readonly MessagePort[] => [log.handle.port];

/** Where a configuration keeps the read models. */
export const modelsPlace = ({ dataDir }: EngineConfig): ModelsPlace => ({ kind: 'embedded', dir: dataDir });

/** Opens the read models to build them. */
export const openReadModels = async (place: ModelsPlace): Promise<ReadModelStore> => openEmbeddedReadModels({ dir: place.dir });

/** Opens the read models to look things up. */
export const openReader = async (place: ModelsPlace): Promise<ReadModelReader> => openEmbeddedReadModels({ dir: place.dir, readOnly: true });
