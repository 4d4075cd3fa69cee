import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { categoryOf } from '#domain/streams.js';
import type { ProofmarkError } from '#domain/errors.js';
import {
  ALREADY_APPENDED,
  ANY,
  APPENDED,
  type AppendColumns,
  type ResultColumns,
  WRONG_EXPECTED_REVISION,
} from './append-message.js';
import { eventCrc, indexedCategory, logFile, nameCrc, prepareLog } from './log-schema.js';
import { Recent } from './recent.js';
import { checkWriteAheadLog } from './wal-check.js';
import { type Database, openDatabase, storeError } from './sqlite.js';

export interface LogWriterOptions {
  readonly dir: string;
  /** Epoch milliseconds; the recorded time of a group of appends. */
  readonly now: () => number;
  /** The log may grow to so many bytes; appends beyond answer STORE_FULL. */
  readonly maxBytes?: number;
  /** Size of the write-ahead log at which it is copied into the database; 64 MB where absent. */
  readonly checkpointBytes?: number;
}

/** The answers of a group, one per call: columns, or the error that the call alone is to blame for. */
export type GroupResult = readonly (ResultColumns | ProofmarkError)[];

/** The one writing connection of an event log. Not thread-safe, not shared: see embedded-writer.ts. */
export interface LogWriter {
  /** Why it cannot write yet, where the disk was too full to open for more than reading. */
  readonly problem: ProofmarkError | undefined;
  /** The position of the last durable event. */
  head(): number;
  /**
   * Appends the calls in one transaction and returns after it is synced.
   * @throws ProofmarkError STORE_FULL (nothing was written, a later append may succeed), STORE_FAILED, STORE_CORRUPT.
   */
  append(calls: readonly AppendColumns[]): GroupResult;
  /** Copies the write-ahead log into the database where it has grown enough to be worth it. Errors as `append`. */
  checkpoint(): void;
  /** @param whole first copies the write-ahead log into the database, so that the one file is all of the log. */
  close(whole: boolean): void;
}

interface StreamTail {
  readonly id: number;
  /** Revision of the last event; -1 for none. */
  revision: number;
  readonly category: string | null;
}

const PAGE_SIZE = 8_192;
// Seldom enough to be cheap, small enough to be copied within a second at a start after a crash.
const CHECKPOINT_BYTES = 64 * 1024 * 1024;
const CACHED_STREAMS = 100_000;

/** Opens the log for writing; creates it where it is missing. Errors as `openDatabase` and `prepareLog`. */
export const openLogWriter = ({ dir, now, maxBytes, checkpointBytes = CHECKPOINT_BYTES }: LogWriterOptions): LogWriter => {
  const path = logFile(dir);
  checkWriteAheadLog(`${path}-wal`);
  const db = openDatabase(path, {
    pragmas: {
      page_size: PAGE_SIZE,
      journal_mode: 'WAL',
      synchronous: 'FULL',
      cache_size: -32_768,
      journal_size_limit: checkpointBytes,
      // SQLite swallows the errors of its automatic checkpoints, and a failed sync must never be swallowed.
      wal_autocheckpoint: 0,
      ...(maxBytes !== undefined && { max_page_count: Math.max(1, Math.floor(maxBytes / PAGE_SIZE)) }),
    },
  });
  try {
    prepareLog(db, path);
    // SQLite ignores a failed sync of the directory that holds its new files.
    syncDirectory(dir);
    syncDirectory(dirname(resolve(dir)));
    return logWriter(db, path, now, checkpointBytes / PAGE_SIZE);
  } catch (thrown) {
    db.close();
    throw storeError(thrown, path);
  }
};

// A commit whose sync failed may still stand in the write-ahead log that we find here, in the page cache but not on
// the disk. Appending behind it would build on sand, so all of it is first copied to the database and synced there.
const settle = (db: Database): void => {
  const [busy] = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as [number];
  if (busy) throw Object.assign(new Error('a reader keeps the write-ahead log in use'), { sqliteExtendedCode: 5 });
};

const syncDirectory = (dir: string): void => {
  if (process.platform === 'win32') return; // has no such sync
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

const logWriter = (db: Database, path: string, now: () => number, checkpointPages: number): LogWriter => {
  const insertEvent = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const insertStream = db.prepare('INSERT INTO streams VALUES (?, ?, ?, ?)');
  const insertKind = db.prepare('INSERT INTO kinds VALUES (?, ?, ?, ?)');
  const findStream = db.prepare(
    'SELECT id, coalesce((SELECT max(revision) FROM events WHERE stream = streams.id), -1) FROM streams WHERE name = ?',
  );
  const findKind = db.prepare('SELECT id FROM kinds WHERE type = ? AND schema = ?');
  const eventIds = db.prepare('SELECT id, position FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?');
  const findEvent = db.prepare('SELECT revision FROM events WHERE stream = ? AND id = ? ORDER BY revision LIMIT 1');
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const walState = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const numberOf = (sql: string): number => (db.prepare(sql).get() as [number | null])[0] ?? 0;

  let head = numberOf('SELECT max(position) FROM events');
  let lastStream = numberOf('SELECT max(id) FROM streams');
  let lastKind = numberOf('SELECT max(id) FROM kinds');
  // Set while the disk is full: by the log found at the start, by a later append.
  let problem: ProofmarkError | undefined;
  let cramped = false;
  const tails = new Recent<string, StreamTail>(CACHED_STREAMS);
  const kinds = new Map<string, number>();

  const tailOf = (stream: string): StreamTail | undefined => {
    const cached = tails.get(stream);
    if (cached) return cached;
    const row = findStream.get(stream) as [number, number] | undefined;
    if (!row) return undefined;
    const tail = { id: row[0], revision: row[1], category: indexedCategory(stream) };
    tails.set(stream, tail);
    return tail;
  };

  const createStream = (stream: string): StreamTail => {
    const id = ++lastStream;
    insertStream.run(id, stream, categoryOf(stream), nameCrc(id, stream));
    const tail = { id, revision: -1, category: indexedCategory(stream) };
    tails.set(stream, tail);
    return tail;
  };

  const kindOf = (type: string, schema: number): number => {
    const name = `${schema} ${type}`;
    let id = kinds.get(name);
    if (id === undefined) {
      id = (findKind.get(type, schema) as [number] | undefined)?.[0];
      if (id === undefined) {
        id = ++lastKind;
        insertKind.run(id, type, schema, nameCrc(id, type, schema));
      }
      kinds.set(name, id);
    }
    return id;
  };

  /** Where the events already stand with these ids, from the revision on: the last one's position; else undefined. */
  const standing = (tail: StreamTail, from: number, ids: Uint8Array, first: number, count: number): number | undefined => {
    if (from < 0 || from + count - 1 > tail.revision) return undefined;
    const rows = eventIds.all(tail.id, from, count) as [Uint8Array, number][];
    if (rows.length !== count) return undefined;
    const same = rows.every(([id], i) => id.every((byte, k) => byte === ids[(first + i) * 16 + k]));
    return same ? rows.at(-1)?.[1] : undefined;
  };

  // An append to 'any' place that was written before is found by its first id, wherever in the stream that stands:
  // this reads the stream once. Streams that grow long are appended to with an exact revision.
  const placeOf = (tail: StreamTail, expected: number, ids: Uint8Array, first: number): number => {
    if (expected !== ANY) return expected + 1;
    const row = findEvent.get(tail.id, ids.subarray(first * 16, first * 16 + 16)) as [number] | undefined;
    return row?.[0] ?? -1;
  };

  const appendCall = (call: AppendColumns, recordedAt: number): ResultColumns => {
    const size = call.streams.length;
    const outcomes = new Uint8Array(size);
    const revisions = new Float64Array(size);
    const positions = new Float64Array(size);
    const kindIds = call.types.map((type, i) => kindOf(type, call.schemas[i] ?? 0));
    let first = 0;
    for (let i = 0; i < size; i++) {
      const stream = call.streams[i] ?? '';
      const expected = call.expected[i] ?? 0;
      const count = call.counts[i] ?? 0;
      let tail = tailOf(stream);
      const actual = tail?.revision ?? -1;
      const found = tail && actual >= 0 && expected !== actual ? placeOf(tail, expected, call.ids, first) : -1;
      const written = tail && found >= 0 ? standing(tail, found, call.ids, first, count) : undefined;
      if (written !== undefined) {
        outcomes[i] = ALREADY_APPENDED;
        revisions[i] = found + count - 1;
        positions[i] = written;
      } else if (expected === actual || (expected === ANY && found < 0)) {
        tail ??= createStream(stream);
        for (let k = first; k < first + count; k++) {
          const position = ++head;
          const revision = ++tail.revision;
          const kind = kindIds[call.kinds[k] ?? 0] ?? 0;
          const crc = eventCrc(call.crcs[k] ?? 0, position, tail.id, revision, kind, recordedAt, call.ids, k * 16);
          const id = call.ids.subarray(k * 16, k * 16 + 16);
          insertEvent.run(position, tail.id, revision, kind, recordedAt, crc, tail.category, id, call.json.slice(call.ends[k - 1] ?? 0, call.ends[k]));
        }
        outcomes[i] = APPENDED;
        revisions[i] = tail.revision;
        positions[i] = head;
      } else {
        outcomes[i] = WRONG_EXPECTED_REVISION;
        revisions[i] = actual;
      }
      first += count;
    }
    return { outcomes, revisions, positions };
  };

  const transaction = (calls: readonly AppendColumns[]): ResultColumns[] => {
    const before = { head, lastStream, lastKind };
    try {
      begin.run();
      const recordedAt = now();
      const results = calls.map((call) => appendCall(call, recordedAt));
      commit.run();
      return results;
    } catch (thrown) {
      ({ head, lastStream, lastKind } = before);
      tails.clear();
      kinds.clear();
      if (db.isTransaction) db.exec('ROLLBACK');
      throw storeError(thrown, path);
    }
  };

  /** A full disk may have room again, or gain it from a write-ahead log that can be started anew. */
  const makeRoom = (): void => {
    if (problem) settle(db);
    problem = undefined;
    if (!cramped) return;
    cramped = false;
    try {
      db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (thrown) {
      // No room to copy the log into the database; there may still be some for the append, which is about to see.
      if (storeError(thrown, path).code !== 'STORE_FULL') throw thrown;
    }
  };

  try {
    settle(db);
  } catch (thrown) {
    problem = storeError(thrown, path);
    if (problem.code !== 'STORE_FULL') throw problem;
  }

  return {
    get problem() {
      return problem;
    },
    head: () => head,
    append: (calls) => {
      try {
        makeRoom();
        return transaction(calls);
      } catch (thrown) {
        const error = storeError(thrown, path);
        cramped = error.code === 'STORE_FULL';
        if (error.code !== 'USAGE') throw error;
        // One call asked for what cannot be stored: the others are not to suffer for it.
        return calls.length === 1 ? [error] : calls.flatMap((call) => appendAlone(call));
      }
    },
    checkpoint: () => {
      try {
        const [, pages, copied] = walState.get() as [number, number, number];
        if (pages - copied >= checkpointPages) db.exec('PRAGMA wal_checkpoint(PASSIVE)');
      } catch (thrown) {
        throw storeError(thrown, path);
      }
    },
    close: (whole) => {
      try {
        // Busy where a reader is in the way: then the next start does it.
        if (whole) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      } finally {
        db.close();
      }
    },
  };

  function appendAlone(call: AppendColumns): GroupResult {
    try {
      return transaction([call]);
    } catch (thrown) {
      const error = storeError(thrown, path);
      if (error.code !== 'USAGE') throw error;
      return [error];
    }
  }
};
