import { statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { categoryOf } from '#domain/streams.js';
import { ProofmarkError } from '#domain/errors.js';
import { type Database, storeError } from './sqlite.js';

/** The file of an event log in its data directory. */
export const logFile = (dir: string): string => join(dir, 'events.db');

const APPLICATION_ID = 0x50524d4b; // "PRMK", so that `file` and we can tell the log from other databases
const LAYOUT = 1;

/**
 * Nearly all events belong to this category, so a read of it walks the log; events of the others carry their
 * category, and an index over these few finds them without a walk.
 */
export const BULK_CATEGORY = 'learner';

/** The category that an event row carries: null for the bulk category, which the index leaves out. */
export const indexedCategory = (stream: string): string | null => {
  const category = categoryOf(stream);
  return category === BULK_CATEGORY ? null : category;
};

// Positions and revisions are given by the writer, so both are without gaps: a gap means lost data.
// `crc` covers what SQLite itself does not protect: it has no checksum on the pages of a database file.
const TABLES = `
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL,
    crc INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE kinds (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    schema INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    UNIQUE (type, schema)
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams,
    revision INTEGER NOT NULL,
    kind INTEGER NOT NULL REFERENCES kinds,
    recorded_at INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    category TEXT,
    id BLOB NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  CREATE INDEX events_by_category ON events (category, position) WHERE category IS NOT NULL;
`;

/** Whether somebody has only begun to make the log: the file is there before its tables, which come all at once. */
export const isBegun = (db: Database, path: string): boolean => {
  try {
    const [tables] = db.prepare('SELECT count(*) FROM sqlite_schema').get() as [number];
    return tables === 0;
  } catch (thrown) {
    throw storeError(thrown, path);
  }
};

/** Creates the tables of an empty database; checks that another one is an event log that this program can read. */
export const prepareLog = (db: Database, path: string): void => {
  try {
    if (isBegun(db, path)) {
      db.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LAYOUT}; ${TABLES} COMMIT`);
    }
  } catch (thrown) {
    throw storeError(thrown, path);
  }
  checkLog(db, path);
};

/**
 * Checks that a database is an event log with a layout this program knows.
 * @throws ProofmarkError STORE_CORRUPT, STORE_UNSUPPORTED.
 */
export const checkLog = (db: Database, path: string): void => {
  try {
    const [application] = db.prepare('PRAGMA application_id').get() as [number];
    const [layout] = db.prepare('PRAGMA user_version').get() as [number];
    if (application !== APPLICATION_ID) {
      throw new ProofmarkError('STORE_CORRUPT', `${path} is a database, but no event log of Proofmark. Check the data directory.`);
    }
    if (layout !== LAYOUT) {
      throw new ProofmarkError(
        'STORE_UNSUPPORTED',
        `${path} has layout ${layout}; this version of Proofmark knows layout ${LAYOUT}. Start the version that wrote it.`,
      );
    }
  } catch (thrown) {
    throw storeError(thrown, path);
  }
};

/** Whether a data directory holds an event log. */
export const logExists = (dir: string): boolean => (statSync(logFile(dir), { throwIfNoEntry: false })?.size ?? 0) > 0;

/** The CRC-32 that a row of `streams` or `kinds` carries over its id and names. */
export const nameCrc = (id: number, ...names: readonly (string | number)[]): number => crc32([id, ...names].join('\n'));

const mix = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, 0x85ebca6b);
  return product ^ (product >>> 15);
};

/**
 * The check value that an event row carries: the CRC-32 of its JSON mixed with everything else of the row. Each step
 * is a bijection of the running value, so a change of any one field changes the result.
 */
export const eventCrc = (
  jsonCrc: number,
  position: number,
  stream: number,
  revision: number,
  kind: number,
  recordedAt: number,
  ids: Uint8Array,
  offset: number,
): number => {
  let hash = mix(jsonCrc | 0, position | 0);
  hash = mix(hash, Math.floor(position / 0x1_0000_0000));
  hash = mix(hash, stream);
  hash = mix(hash, revision);
  hash = mix(hash, kind);
  hash = mix(hash, recordedAt | 0);
  hash = mix(hash, Math.floor(recordedAt / 0x1_0000_0000));
  for (let i = offset; i < offset + 16; i++) hash = mix(hash, ids[i] ?? 0);
  return hash >>> 0;
};
