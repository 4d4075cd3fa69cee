import type { EventStore } from '#event-store/event-store.js';
import type { ReadModelReader } from '#projections/read-model.js';
import { modelsPlace, openLogReader, openReader, type StoresConfig } from './adapters.js';

/** What a reader sees of an engine's data. */
export interface ReadView {
  readonly store: EventStore;
  readonly readModels: ReadModelReader;
}

/**
 * Reads log and read models beside the engines that write them, by connections of its own: in another thread or process.
 * @throws ProofmarkError NOT_FOUND where there is no log, and as the stores do.
 */
export const readBeside = async <T>(stores: StoresConfig, use: (view: ReadView) => Promise<T>): Promise<T> => {
  const store = await openLogReader(stores);
  try {
    const readModels = await openReader(modelsPlace(stores));
    try {
      return await use({ store, readModels });
    } finally {
      await readModels.close();
    }
  } finally {
    await store.close();
  }
};
