import { openEmbeddedReader } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import type { ReadModelReader } from '#projections/read-model.js';

/** What a reader sees of a data directory. */
export interface ReadView {
  readonly store: EventStore;
  readonly readModels: ReadModelReader;
}

/**
 * Reads a data directory beside the engine that runs on it, by connections of its own: in another thread or process.
 * @throws ProofmarkError NOT_FOUND where there is no log, and as the stores do.
 */
export const readBeside = async <T>(dataDir: string, use: (view: ReadView) => Promise<T>): Promise<T> => {
  const store = await openEmbeddedReader(dataDir);
  try {
    const readModels = openEmbeddedReadModels({ dir: dataDir, readOnly: true });
    try {
      return await use({ store, readModels });
    } finally {
      await readModels.close();
    }
  } finally {
    await store.close();
  }
};
