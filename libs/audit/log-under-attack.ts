import { crc32 } from 'node:zlib';
import { writeHex } from '#event-store/event-id.js';
import { eventCrc, logFile } from '#event-store/log-schema.js';
import { openDatabase } from '#event-store/sqlite.js';

type Row = readonly [position: number, stream: number, revision: number, kind: number, recordedAt: number, category: string | null, id: string, json: string];

/** TEST SUPPORT: somebody who can write the file of an embedded log, and knows its checksums. */
export interface Attacker {
  /** Each of these leaves a log that is whole by its checksums, positions and revisions; what it gives puts everything back. */
  edit(position: number): () => void;
  remove(position: number): () => void;
  /** Puts a copy of the record before it in, and moves what follows. */
  insert(position: number): () => void;
  /** With the one after it. */
  swap(position: number): () => void;
  cut(position: number): () => void;
  close(): void;
}

/** TEST SUPPORT: an attacker of a log, which is beside that closed. */
export const attackerOf = (dir: string): Attacker => {
  const db = openDatabase(logFile(dir), { pragmas: { journal_mode: 'WAL', synchronous: 'OFF' } });
  const rows = db.prepare('SELECT position, stream, revision, kind, recorded_at, category, hex(id), json FROM events ORDER BY position').all() as Row[];
  const insert = db.prepare('INSERT INTO events (position, stream, revision, kind, recorded_at, crc, category, id, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const removeFrom = db.prepare('DELETE FROM events WHERE position >= ? AND position <= ?');
  const put = ([position, stream, revision, kind, recordedAt, category, hex, json]: Row): void => {
    const id = new Uint8Array(16);
    writeHex(hex, id);
    insert.run(position, stream, revision, kind, recordedAt, eventCrc(crc32(json), position, stream, revision, kind, recordedAt, id, 0), category, id, json);
  };
  const at = (position: number): Row => {
    const row = rows[position - 1];
    if (!row) throw new Error(`no row ${position}`);
    return row;
  };
  /** Writes rows in the place of those from one position to another. */
  const replace = (from: number, to: number, others: readonly Row[]): (() => void) => {
    const write = (all: readonly Row[]): void => {
      db.exec('BEGIN');
      removeFrom.run(from, Math.max(to, rows.length + 1));
      for (const row of all) put(row);
      if (to < rows.length) for (const row of rows.slice(to)) put(row);
      db.exec('COMMIT');
    };
    const few = to < rows.length && others.length === to - from + 1;
    const writeFew = (all: readonly Row[]): void => {
      db.exec('BEGIN');
      removeFrom.run(from, to);
      for (const row of all) put(row);
      db.exec('COMMIT');
    };
    (few ? writeFew : write)(others);
    return () => (few ? writeFew : write)(rows.slice(from - 1, to));
  };
  /** What follows a position, moved by so many places; what is of the stream also by so many revisions. */
  const moved = (after: number, by: number, stream: number): readonly Row[] =>
    rows.slice(after).map(([position, of, revision, ...more]) => [position + by, of, of === stream ? revision + by : revision, ...more]);
  return {
    edit: (position) => {
      const [place, stream, revision, kind, recordedAt, category, id, json] = at(position);
      return replace(position, position, [[place, stream, revision, kind, recordedAt, category, id, `${json} `]]);
    },
    remove: (position) => replace(position, rows.length, moved(position, -1, at(position)[1])),
    insert: (position) => {
      const [place, stream, revision, ...more] = at(position);
      return replace(position + 1, rows.length, [[place + 1, stream, revision + 1, ...more], ...moved(position, 1, stream)]);
    },
    swap: (position) => {
      const [[p, s, r, ...a], [q, t, u, ...b]] = [at(position), at(position + 1)];
      return replace(position, position + 1, s === t ? [[p, s, r, ...b], [q, t, u, ...a]] : [[p, t, u, ...b], [q, s, r, ...a]]);
    },
    cut: (position) => replace(position, rows.length, []),
    close: () => db.close(),
  };
};
