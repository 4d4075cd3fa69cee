import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { openEngine } from '#engine/composition.js';
import type { EngineConfig } from '#engine/config.js';
import { readBeside, type ReadView } from '#engine/read-view.js';

/**
 * Opens a data directory for reading: brings it up to date first where no engine runs on it, and reads beside the
 * engine where one does.
 * @throws ProofmarkError NOT_FOUND where there is no data.
 */
export const withReadView = async <T>(config: EngineConfig, use: (view: ReadView) => Promise<T>): Promise<T> => {
  if (!existsSync(join(config.dataDir, 'events.db'))) {
    throw new ProofmarkError('NOT_FOUND', `There is no data in ${config.dataDir}. Import some first, or name another directory with --data.`);
  }
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
  return readBeside(config.dataDir, use);
};
