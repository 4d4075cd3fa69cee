import { crc32 } from 'node:zlib';
import { ProofmarkError } from '#domain/errors.js';
import { readEventId, writeHex } from './event-id.js';
import type { ReadAllOptions, ReadStreamOptions, RecordedEvent } from './event-store.js';
import { BULK_CATEGORY, checkLog, eventCrc, isBegun, logExists, logFile, nameCrc } from './log-schema.js';
import { Recent } from './recent.js';
import { openDatabase, type SqlValue, storeError } from './sqlite.js';

/** A read-only connection to an event log; every event it returns was checked against its CRC. */
export interface LogReader {
  readStream(stream: string, options?: ReadStreamOptions): readonly RecordedEvent[];
  readAll(options: ReadAllOptions): readonly RecordedEvent[];
  head(): number;
  close(): void;
}

type EventRow = readonly [
  position: number, stream: number, revision: number, kind: number, recordedAt: number, crc: number, id: string, json: string,
];

// Ids as text: a typed array for each row costs more than reading the rest of it.
const COLUMNS = 'e.position, e.stream, e.revision, e.kind, e.recorded_at, e.crc, hex(e.id), e.json';
const CACHED_NAMES = 50_000;

/** An event as read; hardly any reader looks at its id, so that is put together only then. */
class StoredEvent implements RecordedEvent {
  readonly #hex: string;

  constructor(
    hex: string,
    readonly type: string,
    readonly schema: number,
    readonly json: string,
    readonly stream: string,
    readonly revision: number,
    readonly position: number,
    readonly recordedAt: number,
  ) {
    this.#hex = hex;
  }

  get id(): string {
    return readEventId(this.#hex);
  }
}

/**
 * Opens the log of a data directory for reading.
 * @throws ProofmarkError NOT_FOUND where there is none, STORE_CORRUPT.
 */
export const openLogReader = (dir: string): LogReader => {
  const path = logFile(dir);
  const none = (): ProofmarkError => new ProofmarkError('NOT_FOUND', `There is no event log in ${dir}. Start an engine on it, or name another directory.`);
  if (!logExists(dir)) throw none();
  const db = openDatabase(path, { readOnly: true, pragmas: { cache_size: -8192 } });
  try {
    if (isBegun(db, path)) throw none();
    checkLog(db, path);
  } catch (thrown) {
    db.close();
    throw thrown;
  }

  const damaged = (what: string): ProofmarkError =>
    new ProofmarkError('STORE_CORRUPT', `${path} is damaged: ${what}. Restore it from a backup.`);
  const guarded = <Result>(read: () => Result): Result => {
    if (!db.isOpen) throw new ProofmarkError('STORE_CLOSED', 'The event store is closed.');
    try {
      return read();
    } catch (thrown) {
      throw storeError(thrown, path);
    }
  };

  const streamById = db.prepare('SELECT name, crc FROM streams WHERE id = ?');
  const streamByName = db.prepare('SELECT id, crc FROM streams WHERE name = ?');
  const kindById = db.prepare('SELECT type, schema, crc FROM kinds WHERE id = ?');
  const byStream = db.prepare(`SELECT ${COLUMNS} FROM events e WHERE e.stream = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`);
  const byPosition = db.prepare(`SELECT ${COLUMNS} FROM events e WHERE e.position > ? ORDER BY e.position LIMIT ?`);
  const byCategory = db.prepare(
    `SELECT ${COLUMNS} FROM events e WHERE e.category = ? AND e.position > ? ORDER BY e.position LIMIT ?`,
  );
  // CROSS JOIN: walk the log and look at each stream's category, never the other way round.
  const byWalk = db.prepare(
    `SELECT ${COLUMNS} FROM events e CROSS JOIN streams s ON s.id = e.stream
     WHERE e.position > ? AND s.category IN (SELECT value FROM json_each(?)) ORDER BY e.position LIMIT ?`,
  );
  const lastPosition = db.prepare('SELECT max(position) FROM events');
  const names = new Recent<number, string>(CACHED_NAMES);
  const idBytes = new Uint8Array(16);
  const kinds = new Map<number, { readonly type: string; readonly schema: number }>();

  const nameOf = (id: number): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const row = streamById.get(id) as [string, number] | undefined;
    if (!row || nameCrc(id, row[0]) !== row[1]) throw damaged(`the name of stream ${id} is missing or altered`);
    names.set(id, row[0]);
    return row[0];
  };
  const kindOf = (id: number): { readonly type: string; readonly schema: number } => {
    let kind = kinds.get(id);
    if (!kind) {
      const row = kindById.get(id) as [string, number, number] | undefined;
      if (!row || nameCrc(id, row[0], row[1]) !== row[2]) throw damaged(`event type ${id} is missing or altered`);
      kind = { type: row[0], schema: row[1] };
      kinds.set(id, kind);
    }
    return kind;
  };

  const toEvent = ([position, stream, revision, kind, recordedAt, crc, id, json]: EventRow, name?: string): RecordedEvent => {
    writeHex(id, idBytes);
    if (eventCrc(crc32(json), position, stream, revision, kind, recordedAt, idBytes, 0) !== crc) {
      throw damaged(`the event at position ${position} does not match its checksum`);
    }
    const { type, schema } = kindOf(kind);
    return new StoredEvent(id, type, schema, json, name ?? nameOf(stream), revision, position, recordedAt);
  };

  const filtered = (categories: readonly string[], after: number, limit: number): EventRow[] => {
    const wanted = [...new Set(categories)];
    if (wanted.includes(BULK_CATEGORY)) return byWalk.all(after, JSON.stringify(wanted), limit) as EventRow[];
    const rows = wanted.flatMap((category) => byCategory.all(category, after, limit) as EventRow[]);
    return wanted.length < 2 ? rows : rows.sort((a, b) => a[0] - b[0]).slice(0, limit);
  };

  const whole = (after: number, limit: SqlValue): EventRow[] => {
    const rows = byPosition.all(after, limit) as EventRow[];
    const start = Math.max(0, after);
    for (const [i, [position]] of rows.entries()) {
      if (position !== start + 1 + i) throw damaged(`the event at position ${start + 1 + i} is missing`);
    }
    return rows;
  };

  return {
    readStream: (stream, options = {}) =>
      guarded(() => {
        const row = streamByName.get(stream) as [number, number] | undefined;
        if (!row) return [];
        const [id, crc] = row;
        if (nameCrc(id, stream) !== crc) throw damaged(`the name of stream ${id} is altered`);
        const from = Math.max(0, options.from ?? 0);
        return (byStream.all(id, from, options.limit ?? -1) as EventRow[]).map((event, i) => {
          if (event[2] !== from + i) throw damaged(`event ${from + i} of stream ${stream} is missing`);
          return toEvent(event, stream);
        });
      }),
    readAll: ({ after, limit, categories }) =>
      guarded(() => {
        const rows = categories ? filtered(categories, after, limit) : whole(after, limit);
        return rows.map((row) => toEvent(row));
      }),
    head: () => guarded(() => (lastPosition.get() as [number | null])[0] ?? 0),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
};
