import { statSync } from 'node:fs';
import { ProofmarkError } from '#domain/errors.js';
import type { EngineConfig } from '#engine/config.js';
import { logExists } from '#event-store/log-schema.js';

const missing = (dir: string): string | undefined => {
  const found = statSync(dir, { throwIfNoEntry: false });
  if (!found) return `There is no directory ${dir}`;
  if (!found.isDirectory()) return `${dir} is no directory`;
  return logExists(dir) ? undefined : `There is no data in ${dir}`;
};

/**
 * Refuses a directory without data, for commands that make none: a mistyped one would become a new, empty one. Where the log
 * is a server's, none is needed.
 * @throws ProofmarkError NOT_FOUND.
 */
export const requireData = ({ dataDir, eventStoreUri }: Pick<EngineConfig, 'dataDir' | 'eventStoreUri'>): void => {
  const what = eventStoreUri === undefined ? missing(dataDir) : undefined;
  if (what === undefined) return;
  throw new ProofmarkError('NOT_FOUND', `${what}. Name the data directory with --data; "proofmark import" and the engine make a new one.`);
};
