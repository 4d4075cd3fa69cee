import { ProofmarkError } from '#domain/errors.js';
import { openEngine } from '#engine/composition.js';
import type { EngineConfig } from '#engine/config.js';
import { readBeside, type ReadView } from '#engine/read-view.js';
import { requireData } from './data-directory.js';

/**
 * Opens the data for reading. Those of a directory are brought up to date first where no engine runs on it, and read beside
 * the engine where one does; where both are on servers they are read as they are, since workers keep them up to date.
 * @throws ProofmarkError NOT_FOUND where there is no data.
 */
export const withReadView = async <T>(config: EngineConfig, use: (view: ReadView) => Promise<T>): Promise<T> => {
  requireData(config);
  if (config.eventStoreUri !== undefined && config.mongodb) return readBeside(config, use);
  try {
    const engine = await openEngine(config);
    try {
      await engine.followers.settle();
      return await use(engine);
    } finally {
      await engine.close();
    }
  } catch (error) {
    if (!(error instanceof ProofmarkError) || error.code !== 'STORE_LOCKED') throw error;
  }
  return readBeside(config, use);
};
