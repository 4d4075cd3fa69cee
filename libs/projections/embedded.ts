import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { lockDirectory, openDatabase } from '#event-store/sqlite.js';
import type {
  Collection,
  GenerationWriter,
  ProjectionStatus,
  ReadModelReader,
  ReadModelStore,
  Row,
  Value,
  Write,
} from './read-model.js';
import {
  addSql,
  checkCollection,
  countSql,
  createTable,
  dropTable,
  getSql,
  keepSql,
  patchSql,
  putSql,
  removeSql,
  selectSql,
  type Binding,
} from './sql.js';

type Database = ReturnType<typeof openDatabase>;
type Prepared = ReturnType<Database['prepare']>;
type Bindings = Binding[];

/** One generation of one projection, as the file knows it. */
interface Generation {
  readonly projection: string;
  readonly generation: number;
  readonly version: number;
  readonly state: 'live' | 'building';
  readonly checkpoint: number;
  /** JSON of its collections, so that a reader needs nothing but the file. */
  readonly collections: string;
}

const SCHEMA = `
  create table if not exists counter (name text primary key, value integer not null) strict, without rowid;
  insert into counter values ('catalog', 0), ('generation', 0) on conflict do nothing;
  create table if not exists generation (
    projection text not null, generation integer not null, version integer not null,
    state text not null check (state in ('live', 'building')), checkpoint integer not null, collections text not null,
    primary key (projection, state)
  ) strict, without rowid;`;

const STATEMENTS_KEPT = 200;

const tableOf = (collection: string, generation: number): string => `${collection}_${generation}`;
const collectionsOf = (generation: Generation): readonly Collection[] => JSON.parse(generation.collections) as Collection[];

const sqliteCodeOf = (thrown: unknown): number | undefined =>
  typeof thrown === 'object' && thrown !== null && 'errcode' in thrown && typeof thrown.errcode === 'number'
    ? thrown.errcode & 0xff
    : undefined;

/** SQLite's result codes (sqlite.org/rescode.html) in our terms. */
const failure = (thrown: unknown): ProofmarkError => {
  if (thrown instanceof ProofmarkError) return thrown;
  const options = { cause: thrown };
  switch (sqliteCodeOf(thrown)) {
    case 5: // BUSY
      return new ProofmarkError('STORE_LOCKED', 'The read models are in use by another process.', options);
    case 13: // FULL
      return new ProofmarkError('STORE_FULL', 'There is no space left for the read models; nothing was written.', options);
    case 19: // CONSTRAINT
    case 20: // MISMATCH
      return new ProofmarkError('USAGE', `A row does not fit its collection: ${messageOf(thrown)}`, options);
    default:
      return new ProofmarkError('STORE_FAILED', `The read models could not be used: ${messageOf(thrown)}`, options);
  }
};

const assertOpen = (db: Database): void => {
  if (!db.isOpen) throw new ProofmarkError('STORE_CLOSED', 'The read models are closed.');
};

/** Prepared statements by their text, the least recently used ones forgotten. */
const statementCache = (db: Database): { readonly of: (sql: string) => Prepared; readonly clear: () => void } => {
  const known = new Map<string, Prepared>();
  return {
    of: (sql) => {
      const found = known.get(sql) ?? db.prepare(sql);
      known.delete(sql);
      known.set(sql, found);
      if (known.size > STATEMENTS_KEPT) known.delete(known.keys().next().value ?? sql);
      return found;
    },
    clear: () => known.clear(),
  };
};

const bind = (collection: Collection, column: string, value: Value): Binding => {
  if (value === undefined || value === null) return null;
  if (collection.columns[column] === 'json') return JSON.stringify(value);
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new ProofmarkError('USAGE', `The column "${column}" of "${collection.name}" takes no object.`);
};

const bindKey = (collection: Collection, key: Row): Bindings =>
  collection.key.map((column) => {
    const value = bind(collection, column, key[column]);
    if (value === null) throw new ProofmarkError('USAGE', `The key column "${column}" of "${collection.name}" has no value.`);
    return value;
  });

/** Writes into the table of one collection in one generation. */
const tableWriter = (db: Database, collection: Collection, generation: number): ((write: Write) => void) => {
  const table = tableOf(collection.name, generation);
  const columns = Object.keys(collection.columns);
  const statements = new Map<string, Prepared>();
  const prepared = (name: string, sql: () => string): Prepared => {
    let found = statements.get(name);
    if (!found) statements.set(name, (found = db.prepare(sql())));
    return found;
  };
  const check = (row: Row, allowed: (column: string) => boolean): void => {
    for (const column of Object.keys(row)) {
      if (!Object.hasOwn(collection.columns, column) || !allowed(column)) {
        throw new ProofmarkError('USAGE', `The column "${column}" of "${collection.name}" cannot be written here.`);
      }
    }
  };
  const any = (): boolean => true;
  const noKey = (column: string): boolean => !collection.key.includes(column);
  const isNumber = (column: string): boolean =>
    noKey(column) && (collection.columns[column] === 'integer' || collection.columns[column] === 'real');
  const bindRow = (row: Row): Bindings => {
    const bindings: Bindings = [];
    let given = 0;
    for (const column of columns) {
      const value = row[column];
      if (value !== undefined) given++;
      bindings.push(bind(collection, column, value));
    }
    if (given !== Object.keys(row).length) check(row, any);
    for (const column of collection.key) if (row[column] === undefined || row[column] === null) bindKey(collection, row);
    return bindings;
  };
  const put = db.prepare(putSql(table, collection));
  const keep = db.prepare(keepSql(table, collection));

  return (write) => {
    switch (write.op) {
      case 'put':
        put.run(...bindRow(write.row));
        break;
      case 'keep':
        keep.run(...bindRow(write.row));
        break;
      case 'patch': {
        check(write.set, noKey);
        const set = Object.keys(write.set);
        if (set.length === 0) break;
        prepared(`patch ${set.join()}`, () => patchSql(table, collection, set)).run(
          ...set.map((column) => bind(collection, column, write.set[column])),
          ...bindKey(collection, write.key),
        );
        break;
      }
      case 'add': {
        check(write.add, isNumber);
        const add = Object.keys(write.add);
        if (add.length === 0) break;
        prepared(`add ${add.join()}`, () => addSql(table, collection, add)).run(
          ...bindKey(collection, write.key),
          ...add.map((column) => write.add[column] ?? 0),
        );
        break;
      }
      case 'remove':
        prepared('remove', () => removeSql(table, collection)).run(...bindKey(collection, write.key));
        break;
    }
  };
};

interface LiveTable {
  readonly table: string;
  readonly collection: Collection;
  readonly json: readonly string[];
}

/** Reads on one connection. The catalog of live tables is kept until its number in the file says that it changed. */
const readerOn = (db: Database): ReadModelReader => {
  const statements = statementCache(db);
  const [begin, end] = [db.prepare('begin'), db.prepare('commit')];
  const catalogNumber = db.prepare(`select value from counter where name = 'catalog'`);
  const generations = db.prepare('select * from generation order by projection');
  let known = -1;
  let tables = new Map<string, LiveTable>();

  const refresh = (): void => {
    const current = (catalogNumber.get() as { value: number }).value;
    if (current === known) return;
    statements.clear();
    tables = new Map();
    for (const generation of generations.all() as Generation[]) {
      if (generation.state !== 'live') continue;
      for (const collection of collectionsOf(generation)) {
        const json = Object.keys(collection.columns).filter((column) => collection.columns[column] === 'json');
        tables.set(collection.name, { table: tableOf(collection.name, generation.generation), collection, json });
      }
    }
    known = current;
  };
  /** One read transaction: a promotion by another thread or process falls before or after it. */
  const consistently = <T>(read: () => T): T => {
    assertOpen(db);
    try {
      begin.run();
      try {
        refresh();
        return read();
      } finally {
        end.run();
      }
    } catch (thrown) {
      throw failure(thrown);
    }
  };
  const live = (name: string): LiveTable => {
    const found = tables.get(name);
    if (!found) throw new ProofmarkError('NOT_FOUND', `There is no read model "${name}" yet.`);
    return found;
  };
  const read = ({ json }: LiveTable, row: Record<string, Value>): Row => {
    for (const column of json) {
      const text = row[column];
      if (typeof text === 'string') row[column] = JSON.parse(text) as Value;
    }
    return row;
  };

  return {
    get: async (name, key) =>
      consistently(() => {
        const at = live(name);
        const row = statements.of(getSql(at.table, at.collection)).get(...bindKey(at.collection, key)) as Row | undefined;
        return row && read(at, { ...row });
      }),
    find: async (name, query) =>
      consistently(() => {
        const at = live(name);
        const rows: Row[] = [];
        for (const { sql, bindings } of selectSql(at.table, at.collection, query)) {
          const left = query.limit === undefined ? -1 : query.limit - rows.length;
          if (left === 0) break;
          for (const row of statements.of(sql).all(...bindings, left) as Record<string, Value>[]) rows.push(read(at, row));
        }
        return rows;
      }),
    count: async (name, where) =>
      consistently(() => {
        const at = live(name);
        const { sql, bindings } = countSql(at.table, at.collection, where);
        return (statements.of(sql).get(...bindings) as { count: number }).count;
      }),
    checkpoint: async (projection) =>
      consistently(() => {
        const all = generations.all() as Generation[];
        return all.find((one) => one.projection === projection && one.state === 'live')?.checkpoint ?? -1;
      }),
    projections: async () =>
      consistently(() => {
        const all = generations.all() as Generation[];
        return all
          .filter((one) => one.state === 'live')
          .map(({ projection, version, generation, checkpoint }): ProjectionStatus => {
            const next = all.find((one) => one.projection === projection && one.state === 'building');
            const status = { name: projection, version, generation, checkpoint };
            return next ? { ...status, rebuilding: { generation: next.generation, checkpoint: next.checkpoint } } : status;
          });
      }),
    close: async () => {
      if (db.isOpen) db.close();
    },
  };
};

const openStore = (dir: string, file: string): ReadModelStore => {
  const lock = lockDirectory(dir, 'read-models');
  const db = openDatabase(file, {
    rowsAsObjects: true,
    pragmas: {
      journal_mode: 'wal',
      synchronous: 'normal',
      busy_timeout: 5000,
      cache_size: -65_536,
      // A page that many batches touch goes to the file once per checkpoint: 80 MB of log at most.
      wal_autocheckpoint: 20_000,
      journal_size_limit: 134_217_728,
    },
  });
  db.exec(`begin immediate; ${SCHEMA} commit`);
  const reader = readerOn(db);
  const [begin, commit, rollback] = [db.prepare('begin immediate'), db.prepare('commit'), db.prepare('rollback')];
  const findGeneration = db.prepare('select * from generation where projection = ? and state = ?');
  const allGenerations = db.prepare('select * from generation order by projection, state desc');
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
      throw failure(thrown);
    }
  };
  const generationOf = (projection: string, state: Generation['state']): Generation | undefined =>
    findGeneration.get(projection, state) as Generation | undefined;
  const counted = (name: 'catalog' | 'generation'): number => (count.get(name) as { value: number }).value;

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
      const row = (allGenerations.all() as Generation[]).find((one) => one.projection === projection && one.generation === generation);
      found = new Map((row ? collectionsOf(row) : []).map((one) => [one.name, tableWriter(db, one, generation)]));
      writers.set(generation, found);
    }
    return found;
  };
  const storedCheckpoint = (projection: string, generation: number): number | undefined =>
    (checkpointOf.get(projection, generation) as { checkpoint: number } | undefined)?.checkpoint;

  return {
    ...reader,
    register: async (projections) => {
      transaction(() => {
        const owners = new Map<string, string>();
        for (const generation of allGenerations.all() as Generation[]) {
          if (projections.some(({ name }) => name === generation.projection)) continue;
          for (const { name } of collectionsOf(generation)) owners.set(name, generation.projection);
        }
        for (const { name, version, collections } of projections) {
          for (const collection of collections) {
            checkCollection(collection);
            const owner = owners.get(collection.name);
            if (owner) throw new ProofmarkError('USAGE', `The collection "${collection.name}" belongs to the projection "${owner}".`);
            owners.set(collection.name, name);
          }
          const live = generationOf(name, 'live');
          const building = generationOf(name, 'building');
          if (building && building.version !== version) drop(building);
          if (!live) create(name, version, 'live', collections);
          else if (live.version !== version && building?.version !== version) create(name, version, 'building', collections);
        }
      });
      for (const { name, version } of projections) registered.set(name, version);
    },
    generations: async () =>
      transaction(() => allGenerations.all() as Generation[])
        .filter((one) => registered.get(one.projection) === one.version)
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
        counted('catalog');
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
    return readerOn(openDatabase(file, { rowsAsObjects: true, readOnly: true, pragmas: { busy_timeout: 5000, cache_size: -32_768 } }));
  } catch (thrown) {
    throw failure(thrown);
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
