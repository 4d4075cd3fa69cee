import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import { lockDirectory, openDatabase, type Database, type DirectoryLock } from '#event-store/sqlite.js';
import { assertOpen, failure, GENERATION, generationFrom, SCHEMA, tableOf } from './embedded-file.js';
import { readerOn } from './embedded-reader.js';
import { tableWriter } from './embedded-table.js';
import { checkOwners, collectionsOf, type Generation } from './generation.js';
import type { Collection, GenerationWriter, ReadModelReader, ReadModelStore, Write } from './read-model.js';
import { createTable, dropTable } from './sql.js';

const openWriting = (file: string): Database => {
  const db = openDatabase(file, {
    pragmas: {
      journal_mode: 'wal',
      synchronous: 'normal',
      cache_size: -24_576,
      // A page that many batches touch goes to the file once per checkpoint; but a checkpoint of more than 20 MB stalls
      // the reads that wait for a position for half a second.
      wal_autocheckpoint: 5000,
      journal_size_limit: 134_217_728,
    },
  });
  db.exec(`begin immediate; ${SCHEMA} commit`);
  return db;
};

const openStore = (dir: string, file: string): ReadModelStore => {
  const lock = lockDirectory(dir, 'read-models');
  try {
    return storeOn(openWriting(file), file, lock);
  } catch (thrown) {
    lock.release();
    throw failure(thrown, file);
  }
};

const storeOn = (db: Database, file: string, lock: DirectoryLock): ReadModelStore => {
  const reader = readerOn(db, file);
  const [begin, commit, rollback] = [db.prepare('begin immediate'), db.prepare('commit'), db.prepare('rollback')];
  const findGeneration = db.prepare(`select ${GENERATION} from generation where projection = ? and state = ?`);
  const allGenerations = db.prepare(`select ${GENERATION} from generation order by projection, state desc`);
  const addGeneration = db.prepare('insert into generation values (?, ?, ?, ?, -1, ?)');
  const dropGeneration = db.prepare('delete from generation where projection = ? and state = ?');
  const makeLive = db.prepare(`update generation set state = 'live' where projection = ? and state = 'building'`);
  const checkpointOf = db.prepare('select checkpoint from generation where projection = ? and generation = ?');
  const moveCheckpoint = db.prepare('update generation set checkpoint = ? where projection = ? and generation = ?');
  const count = db.prepare('update counter set value = value + 1 where name = ? returning value');

  const registered = new Map<string, number>();
  const writers = new Map<number, ReadonlyMap<string, (write: Write) => void>>();

  const transaction = <T>(change: () => T): T => {
    assertOpen(db);
    try {
      begin.run();
      const result = change();
      commit.run();
      return result;
    } catch (thrown) {
      if (db.isTransaction) rollback.run();
      writers.clear(); // they may belong to tables whose creation was rolled back
      throw failure(thrown, file);
    }
  };
  const generations = (): readonly Generation[] => allGenerations.all().map(generationFrom);
  const generationOf = (projection: string, state: Generation['state']): Generation | undefined => {
    const row = findGeneration.get(projection, state);
    return row === undefined ? undefined : generationFrom(row);
  };
  const counted = (name: 'catalog' | 'generation'): number => (count.get(name) as [number])[0];

  const create = (projection: string, version: number, state: Generation['state'], collections: readonly Collection[]): void => {
    const generation = counted('generation');
    addGeneration.run(projection, generation, version, state, JSON.stringify(collections));
    for (const collection of collections) {
      for (const sql of createTable(tableOf(collection.name, generation), collection)) db.exec(sql);
    }
    counted('catalog');
  };
  const drop = (gone: Generation | undefined): void => {
    if (!gone) return;
    dropGeneration.run(gone.projection, gone.state);
    writers.delete(gone.generation);
    for (const { name } of collectionsOf(gone)) db.exec(dropTable(tableOf(name, gone.generation)));
    counted('catalog');
  };
  const writersOf = ({ projection, generation }: GenerationWriter): ReadonlyMap<string, (write: Write) => void> => {
    let found = writers.get(generation);
    if (!found) {
      const row = generations().find((one) => one.projection === projection && one.generation === generation);
      found = new Map((row ? collectionsOf(row) : []).map((one) => [one.name, tableWriter(db, one, generation)]));
      writers.set(generation, found);
    }
    return found;
  };
  const storedCheckpoint = (projection: string, generation: number): number | undefined =>
    (checkpointOf.get(projection, generation) as [number] | undefined)?.[0];

  return {
    ...reader,
    register: async (projections) => {
      transaction(() => {
        checkOwners(projections, generations());
        for (const { name, version, collections } of projections) {
          const live = generationOf(name, 'live');
          const building = generationOf(name, 'building');
          if (building && building.version !== version) drop(building);
          if (!live) create(name, version, 'live', collections);
          else if (live.version !== version && building?.version !== version) create(name, version, 'building', collections);
        }
      });
      for (const { name, version } of projections) registered.set(name, version);
    },
    generations: async (projections) =>
      transaction(generations)
        .filter((one) => registered.get(one.projection) === one.version && (projections?.includes(one.projection) ?? true))
        .map(({ projection, generation, state }) => ({
          projection,
          generation,
          state,
          checkpoint: async () => transaction(() => storedCheckpoint(projection, generation)) ?? -1,
        })),
    rebuild: async (projection) =>
      transaction(() => {
        const live = generationOf(projection, 'live');
        if (!live) throw new ProofmarkError('NOT_FOUND', `There is no projection "${projection}".`);
        const building = generationOf(projection, 'building');
        const { version } = building ?? live;
        const collections = collectionsOf(building ?? live);
        drop(building);
        create(projection, version, 'building', collections);
      }),
    promote: async (projection) =>
      transaction(() => {
        if (!generationOf(projection, 'building')) return;
        drop(generationOf(projection, 'live'));
        makeLive.run(projection);
      }),
    apply: async (batches) =>
      transaction(() => {
        for (const { generation, writes, checkpoint } of batches) {
          const stored = storedCheckpoint(generation.projection, generation.generation);
          if (stored === undefined || checkpoint <= stored) continue;
          const into = writersOf(generation);
          for (const write of writes) {
            const writer = into.get(write.collection);
            if (!writer) {
              throw new ProofmarkError('USAGE', `The projection "${generation.projection}" has no collection "${write.collection}".`);
            }
            writer(write);
          }
          moveCheckpoint.run(checkpoint, generation.projection, generation.generation);
        }
      }),
    close: async () => {
      if (!db.isOpen) return;
      db.close();
      lock.release();
    },
  };
};

const openReader = (file: string): ReadModelReader => {
  if (!existsSync(file)) throw new ProofmarkError('NOT_FOUND', 'There are no read models yet: start the process that writes them first.');
  try {
    return readerOn(openDatabase(file, { readOnly: true, pragmas: { cache_size: -16_384 } }), file);
  } catch (thrown) {
    throw failure(thrown, file);
  }
};

/**
 * Opens the read models in the SQLite file `read-models.db` of a directory. One process at a time may write (else
 * STORE_LOCKED); any number of threads and processes may read beside it, each through its own read-only open
 * (NOT_FOUND before the file was first opened for writing). A kill loses at most the last batches together with their
 * checkpoints, which the log then gives again.
 */
export function openEmbeddedReadModels(options: { readonly dir: string; readonly readOnly: true }): ReadModelReader;
export function openEmbeddedReadModels(options: { readonly dir: string; readonly readOnly?: false }): ReadModelStore;
export function openEmbeddedReadModels(options: { readonly dir: string; readonly readOnly?: boolean }): ReadModelReader {
  const file = join(options.dir, 'read-models.db');
  return options.readOnly ? openReader(file) : openStore(options.dir, file);
}
