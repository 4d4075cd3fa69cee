import { join } from 'node:path';
import { logFile, prepareLog } from '#event-store/log-schema.js';
import { openDatabase, type Database } from '#event-store/sqlite.js';

/** The rows of an event log in memory, in the order of their positions, ready to be written again. */
export interface LogRows {
  readonly count: number;
  readonly streams: Float64Array;
  readonly revisions: Float64Array;
  readonly kinds: Float64Array;
  readonly times: Float64Array;
  readonly crcs: Float64Array;
  readonly categories: readonly (string | null)[];
  /** 16 bytes each. */
  readonly ids: Uint8Array;
  readonly jsons: readonly string[];
}

const ID_BYTES = 16;
const CHUNK = 20_000;
const PER_COMMIT = 1_000;
/** As the log's own writer has them; there it starts the checkpoints itself, at the same size. */
const PRAGMAS = { page_size: 8192, journal_mode: 'WAL', synchronous: 'FULL', cache_size: -65_536, wal_autocheckpoint: 8192 } as const;

type EventRow = readonly [number, number, number, number, number, number, string | null, Uint8Array, string];

/** Reads all events of the log in a data directory. */
export const readRows = (dataDir: string): LogRows => {
  const db = openDatabase(logFile(dataDir), { readOnly: true });
  const [count] = db.prepare('SELECT count(*) FROM events').get() as [number];
  const [streams, revisions, kinds, times, crcs] = Array.from({ length: 5 }, () => new Float64Array(count)) as [
    Float64Array, Float64Array, Float64Array, Float64Array, Float64Array,
  ];
  const ids = new Uint8Array(count * ID_BYTES);
  const categories: (string | null)[] = [];
  const jsons: string[] = [];
  const select = db.prepare('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?');
  for (let after = 0; jsons.length < count; ) {
    for (const row of select.all(after, CHUNK) as EventRow[]) {
      const i = jsons.length;
      after = row[0];
      [streams[i], revisions[i], kinds[i], times[i], crcs[i]] = [row[1], row[2], row[3], row[4], row[5]];
      categories.push(row[6]);
      ids.set(row[7], i * ID_BYTES);
      jsons.push(row[8]);
    }
  }
  db.close();
  return { count, streams, revisions, kinds, times, crcs, categories, ids, jsons };
};

/** Inserts all rows, a synced commit every 1,000, and returns rows a second. */
const insertAll = (db: Database, count: number, insert: (i: number) => void): number => {
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
  const started = performance.now();
  for (let i = 0; i < count; ) {
    begin.run();
    for (const end = Math.min(count, i + PER_COMMIT); i < end; i++) insert(i);
    commit.run();
  }
  const rate = (count * 1000) / (performance.now() - started);
  db.close();
  return rate;
};

/** Rows a second of one thread that does nothing but insert the rows into the log's own tables, durably. */
export const floorRate = (rows: LogRows, dir: string): number => {
  const { count, streams, revisions, kinds, times, crcs, categories, ids, jsons } = rows;
  const path = join(dir, 'floor.db');
  const db = openDatabase(path, { pragmas: PRAGMAS });
  prepareLog(db, path);
  const statement = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  return insertAll(db, count, (i) => {
    const id = ids.subarray(i * ID_BYTES, (i + 1) * ID_BYTES);
    statement.run(
      i + 1, streams[i] ?? 0, revisions[i] ?? 0, kinds[i] ?? 0, times[i] ?? 0, crcs[i] ?? 0, categories[i] ?? null, id, jsons[i] ?? '',
    );
  });
};

/** The same without anything to find an event by: a number and its text. */
export const barestRate = ({ count, jsons }: LogRows, dir: string): number => {
  const db = openDatabase(join(dir, 'barest.db'), { pragmas: PRAGMAS });
  db.exec('CREATE TABLE events (position INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT');
  const statement = db.prepare('INSERT INTO events VALUES (?, ?)');
  return insertAll(db, count, (i) => statement.run(i + 1, jsons[i] ?? ''));
};
