import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '#event-store/sqlite.js';

/** An event as the stand-in stores it. */
export interface StoredEvent {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type Proposed = Pick<StoredEvent, 'id' | 'type' | 'isJson' | 'data' | 'metadata'>;

export const ANY = -2;
export const STREAM_EXISTS = -4;
export const NO_STREAM = -1;

export interface Write {
  readonly stream: string;
  /** A revision, or one of the numbers above. */
  readonly expected: number;
  readonly events: readonly Proposed[];
}

/** `not-ready`: a repeat of what is not yet synced; the server drops it and lets its client time out. */
export type Written =
  | { readonly result: 'success'; readonly revision: number; readonly position: number | undefined }
  | { readonly result: 'wrong-expected-version'; readonly current: number }
  | { readonly result: 'not-ready' };

export type Filter = (event: StoredEvent) => boolean;

export interface Page {
  readonly events: readonly StoredEvent[];
  readonly considered: number;
  /** The last position that was looked at; undefined where there was nothing. */
  readonly reached: number | undefined;
  /** Where the record behind it begins, or will. */
  readonly next: number | undefined;
  readonly end: boolean;
}

export interface StandInLog {
  /** Writes a group in one synced transaction; each write is judged on its own. */
  write(group: readonly Write[]): readonly Written[];
  /** undefined for a stream that does not exist. */
  readStream(stream: string, from: number, count: number, forwards: boolean): readonly StoredEvent[] | undefined;
  /** From the position on, itself included; looks at no more than `window` events. */
  readAll(from: number, window: number, forwards: boolean, filter: Filter): Page;
  head(): number;
  /** Removes what streams truncated, except the last event of each. */
  scavenge(): void;
  close(): void;
}

type Row = readonly [number, string, number, string, string, number, number, Uint8Array, Uint8Array];

const COMMITTED_IDS = 100_000;
const STATS_EVERY = 100;
const COLUMNS = 'position, stream, revision, id, type, is_json, created, data, metadata';
const NOTHING = new Uint8Array(0);

const toEvent = ([position, stream, revision, id, type, isJson, created, data, metadata]: Row): StoredEvent => ({
  position, stream, revision, id, type, isJson: isJson === 1, created, data, metadata,
});

/** Opens the log of a directory, or makes it. */
export const openStandInLog = (dir: string): StandInLog => {
  mkdirSync(dir, { recursive: true });
  const db = openDatabase(join(dir, 'stand-in.db'), { pragmas: { journal_mode: 'WAL', synchronous: 'FULL' } });
  db.exec(`
    CREATE TABLE IF NOT EXISTS events (
      position INTEGER PRIMARY KEY, stream TEXT, revision INTEGER, id TEXT, type TEXT, is_json INTEGER, created INTEGER, data BLOB, metadata BLOB
    );
    CREATE UNIQUE INDEX IF NOT EXISTS by_stream ON events (stream, revision);
  `);
  const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const lastOf = db.prepare('SELECT max(revision) FROM events WHERE stream = ?');
  const at = db.prepare(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision = ?`);
  const forwardsOf = db.prepare(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`);
  const backwardsOf = db.prepare(`SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision DESC LIMIT ?`);
  const allForwards = db.prepare(`SELECT ${COLUMNS} FROM events WHERE position >= ? ORDER BY position LIMIT ?`);
  const allBackwards = db.prepare(`SELECT ${COLUMNS} FROM events WHERE position <= ? ORDER BY position DESC LIMIT ?`);
  const [end] = db.prepare(`SELECT ${COLUMNS} FROM events ORDER BY position DESC LIMIT 1`).all() as Row[];

  const sizeOf = ({ type, data, metadata }: Proposed, stream: string): number => 80 + 2 * (stream.length + type.length) + data.length + metadata.length;
  // As in the server a position is a place in a file: the next one is as far away as the event is long.
  let next = end ? end[0] + sizeOf(toEvent(end), end[1]) : 0;
  let head = end?.[0] ?? 0;
  let writes = 0;
  const tails = new Map<string, number>();
  /** What the server remembers of ids for appends to any revision: a bounded cache that starts empty. */
  const committed = new Map<string, { readonly stream: string; readonly revision: number }>();

  const tailOf = (stream: string): number => {
    let tail = tails.get(stream);
    if (tail === undefined) {
      tail = (lastOf.get(stream) as [number | null])[0] ?? -1;
      tails.set(stream, tail);
    }
    return tail;
  };
  const eventAt = (stream: string, revision: number): StoredEvent | undefined => {
    const row = at.get(stream, revision) as Row | undefined;
    return row && toEvent(row);
  };
  const truncateBefore = (stream: string): number => {
    const meta = eventAt(`$$${stream}`, tailOf(`$$${stream}`));
    return meta ? ((JSON.parse(Buffer.from(meta.data).toString()) as { $tb?: number }).$tb ?? 0) : 0;
  };

  const store = (stream: string, events: readonly Proposed[], created: number): void => {
    let revision = tailOf(stream);
    for (const event of events) {
      head = next;
      insert.run(head, stream, ++revision, event.id, event.type, event.isJson ? 1 : 0, created, event.data, event.metadata);
      next += sizeOf(event, stream);
      committed.delete(event.id);
      committed.set(event.id, { stream, revision });
    }
    tails.set(stream, revision);
    for (const id of committed.keys()) {
      if (committed.size <= COMMITTED_IDS) break;
      committed.delete(id);
    }
  };

  /** `synced` is the head before the group: what is beyond it is not ready to be repeated. */
  const judge = ({ stream, expected, events }: Write, synced: number): Written | 'ok' => {
    const current = tailOf(stream);
    const wrong: Written = { result: 'wrong-expected-version', current };
    const repeated = (revision: number): Written => {
      const position = eventAt(stream, revision)?.position;
      return position !== undefined && position > synced ? { result: 'not-ready' } : { result: 'success', revision, position };
    };
    if (expected === STREAM_EXISTS && current < 0) return wrong;
    if (expected === ANY || expected === STREAM_EXISTS) {
      let end = -1;
      for (const [i, { id }] of events.entries()) {
        const known = committed.get(id);
        if (known?.stream !== stream) return i === 0 ? 'ok' : wrong;
        end = known.revision;
      }
      return repeated(end);
    }
    if (expected === current) return 'ok';
    if (expected > current) return wrong;
    return events.every(({ id }, i) => eventAt(stream, expected + 1 + i)?.id === id) ? repeated(expected + events.length) : wrong;
  };

  const transaction = <Result>(work: () => Result): Result => {
    db.exec('BEGIN IMMEDIATE');
    const result = work();
    db.exec('COMMIT');
    return result;
  };
  const system = (stream: string, type: string): void =>
    store(stream, [{ id: `00000000-0000-4000-8000-${next.toString(16).padStart(12, '0')}`, type, isJson: true, data: Buffer.from('{}'), metadata: NOTHING }], Date.now());
  transaction(() => {
    system('$epoch-information', '$EpochInformation');
    if (!end) system('$users', '$User');
  });

  return {
    write: (group) =>
      transaction(() => {
        const synced = head;
        const created = Date.now();
        return group.map((write) => {
          const verdict = judge(write, synced);
          if (verdict !== 'ok') return verdict;
          if (writes++ % STATS_EVERY === 0) system('$stats-127.0.0.1:2113', '$statsCollected');
          store(write.stream, write.events, created);
          return { result: 'success', revision: tailOf(write.stream), position: head };
        });
      }),
    readStream: (stream, from, count, forwards) => {
      const tail = tailOf(stream);
      if (tail < 0) return undefined;
      const first = truncateBefore(stream);
      const rows = forwards ? forwardsOf.all(stream, Math.max(from, first), count) : backwardsOf.all(stream, first, Math.min(from, tail), count);
      return (rows as Row[]).map(toEvent);
    },
    readAll: (from, window, forwards, filter) => {
      const events = ((forwards ? allForwards : allBackwards).all(from, window) as Row[]).map(toEvent);
      const last = events.at(-1);
      return {
        events: events.filter((event) => event.stream !== '$epoch-information' && filter(event)),
        considered: events.length,
        reached: last?.position,
        next: last && last.position + sizeOf(last, last.stream),
        end: events.length < window,
      };
    },
    head: () => head,
    scavenge: () =>
      transaction(() => {
        const streams = db.prepare(`SELECT DISTINCT substr(stream, 3) FROM events WHERE stream LIKE '$$%'`).all() as [string][];
        const remove = db.prepare('DELETE FROM events WHERE stream = ? AND revision < ?');
        for (const [stream] of streams) remove.run(stream, Math.min(truncateBefore(stream), tailOf(stream)));
      }),
    close: () => db.close(),
  };
};
