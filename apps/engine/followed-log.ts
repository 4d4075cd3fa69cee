import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Projection } from '#projections/projection.js';
import type { Collection, ReadModelStore, Write } from '#projections/read-model.js';
import { openReadModels, type ModelsPlace } from './adapters.js';
import { patientReadModels } from './stages/patient-read-models.js';

/** Which log the read models were made from: the id of its first event, which no other log has. */
export const FOLLOWED_LOG: Collection = { name: 'followed_log', columns: { name: 'text', firstEvent: 'text' }, key: ['name'] };

const KEY = { name: 'log' };

/** Read models, and the write that notes which log they follow, to go along with a checkpoint. */
export interface FollowedReadModels {
  readonly readModels: ReadModelStore;
  readonly noteLog: () => Promise<readonly Write[]>;
}

const firstEventOf = async (store: EventStore): Promise<string | undefined> =>
  (await store.readAll({ after: 0, limit: 1 }))[0]?.id;

/** True where the read models know events that the log does not have: it was replaced, or restored from an older copy. */
const isAhead = async (store: EventStore, readModels: ReadModelStore): Promise<boolean> => {
  const known = (await readModels.get(FOLLOWED_LOG.name, KEY))?.['firstEvent'];
  const first = await firstEventOf(store);
  if (known !== undefined && known !== null && known !== first) return true;
  const followed = await readModels.projections(); // before the head: other programs may be at work
  const head = await store.head();
  return followed.some(({ checkpoint }) => checkpoint > head);
};

/** A damaged file is no reason to stop: it holds nothing that the log does not. */
const unlessDamaged = (error: unknown): undefined => {
  if (error instanceof ProofmarkError && error.code === 'STORE_CORRUPT') return undefined;
  throw error;
};

/**
 * Opens the read models. Files that are damaged, or were made from another log than the one beside them, are thrown away and made
 * anew: they can be, and anything else would show what never happened.
 * @throws ProofmarkError USAGE where a database holds those of another log: it may be somebody's, so it is left as it is.
 */
export const openReadModelsOf = async (
  store: EventStore,
  place: ModelsPlace,
  projections: readonly Pick<Projection, 'name' | 'version' | 'collections'>[],
  signal: AbortSignal,
): Promise<FollowedReadModels> => {
  const open = async (): Promise<ReadModelStore> => {
    const opened = await openReadModels(place);
    await patientReadModels(opened, signal).register(projections); // a database may come up after the engine
    return opened;
  };
  let readModels = await open().catch(unlessDamaged);
  if (!readModels || (await isAhead(store, patientReadModels(readModels, signal)))) {
    await readModels?.close();
    if (place.kind === 'mongodb') {
      throw new ProofmarkError('USAGE', `The database ${place.database} holds read models of another log than the one that PROOFMARK_EVENTSTORE_URI names, or of one that was restored from an older copy. Drop it, or name another with PROOFMARK_MONGODB_DATABASE: read models are made anew from the log.`);
    }
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(place.dir, `read-models.db${suffix}`), { force: true });
    readModels = await open();
  }
  let noted = false;
  return {
    readModels,
    noteLog: async () => {
      if (noted) return [];
      const firstEvent = await firstEventOf(store);
      if (firstEvent === undefined) return [];
      noted = true;
      return [{ op: 'put', collection: FOLLOWED_LOG.name, row: { ...KEY, firstEvent } }];
    },
  };
};
