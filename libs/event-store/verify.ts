import { messageOf } from '#domain/errors.js';
import { openLogReader } from './log-reader.js';
import { BULK_CATEGORY, logFile } from './log-schema.js';
import { openDatabase } from './sqlite.js';
import { checkWriteAheadLog } from './wal-check.js';

/** What a full check of an event log found. */
export interface Verification {
  /** Events that were read and matched their checksums before the first problem. */
  readonly events: number;
  /** In how many streams they stand. */
  readonly streams: number;
  /** [] for an intact log. */
  readonly problems: readonly string[];
}

/** How far a check is, in events. */
export interface VerificationProgress {
  readonly done: number;
  readonly total: number;
}

const PAGE = 1_000;

/**
 * Damage in the write-ahead log before its end. A running engine may be in the middle of writing what is looked at, so
 * it has to be there twice.
 */
export const writeAheadProblem = (dir: string): string | undefined => {
  const look = (): string | undefined => {
    try {
      checkWriteAheadLog(`${logFile(dir)}-wal`);
      return undefined;
    } catch (thrown) {
      return messageOf(thrown);
    }
  };
  return look() && look();
};

/**
 * Reads the whole log and checks its structure, every checksum, and that no position or revision is missing. It may run
 * beside a running engine. Takes about five seconds for a million events.
 */
export const verifyLog = (dir: string, onProgress?: (progress: VerificationProgress) => void): Verification => {
  let events = 0;
  const lengths = new Map<string, number>();
  const found = (problems: readonly string[]): Verification => ({ events, streams: lengths.size, problems });
  try {
    const unread = writeAheadProblem(dir);
    if (unread !== undefined) return found([unread]);
    const reader = openLogReader(dir);
    try {
      const total = reader.head();
      for (let page = reader.readAll({ after: 0, limit: PAGE }); page.length > 0; page = reader.readAll({ after: events, limit: PAGE })) {
        for (const { stream, revision, position } of page) {
          const expected = lengths.get(stream) ?? 0;
          if (revision !== expected) return found([`event ${expected} of stream ${stream} is missing before position ${position}`]);
          lengths.set(stream, expected + 1);
          events++;
        }
        onProgress?.({ done: events, total: Math.max(events, total) });
      }
    } finally {
      reader.close();
    }
    return found(structureProblems(dir, events));
  } catch (thrown) {
    return found([messageOf(thrown)]);
  }
};

/** What is wrong with the indexes and the categories of a log, by which streams and categories are found; `events`: how many there are at least. */
export const structureProblems = (dir: string, events: number): string[] => {
  const db = openDatabase(logFile(dir), { readOnly: true });
  try {
    const rows = db.prepare('PRAGMA integrity_check').all() as [string][];
    const [atLeast] = db.prepare('SELECT count(*) FROM events').get() as [number];
    const misfiled = db
      .prepare(
        `SELECT e.position FROM events e JOIN streams s ON s.id = e.stream
         WHERE s.category <> substr(s.name, 1, max(0, instr(s.name, '-') - 1)) OR e.category IS NOT nullif(s.category, ?) LIMIT 1`,
      )
      .get(BULK_CATEGORY) as [number] | undefined;
    return [
      ...rows.map(([line]) => line).filter((line) => line !== 'ok'),
      ...(atLeast < events ? [`only ${atLeast} of ${events} events are counted`] : []),
      ...(misfiled ? [`the event at position ${misfiled[0]} is filed under a wrong category`] : []),
    ];
  } finally {
    db.close();
  }
};
