import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';
import { type ErrorCode, messageOf, ProofmarkError } from '#domain/errors.js';

export type SqlValue = string | number | bigint | Uint8Array | null;

/** A prepared statement; rows come as arrays in the order of the selected columns. */
export interface Statement {
  run(...values: readonly SqlValue[]): unknown;
  get(...values: readonly SqlValue[]): unknown;
  all(...values: readonly SqlValue[]): unknown[];
}

/** One connection to a SQLite database. */
export interface Database {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export interface OpenOptions {
  readonly readOnly?: boolean;
  /** How long to wait for a lock of another connection, milliseconds; 5,000 where absent. */
  readonly busyTimeout?: number;
  /** Set in the order given, before anything else is done with the database. */
  readonly pragmas?: Readonly<Record<string, string | number>>;
}

// Before 3.51.3 a reset of the write-ahead log can corrupt the database (https://sqlite.org/wal.html#walresetbug).
const MINIMUM = [3, 51, 3] as const;

/** Whether a SQLite version is one that does not lose data in write-ahead mode. */
export const isSupported = (version: string): boolean => {
  const parts = version.split('.').map(Number);
  for (const [i, least] of MINIMUM.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
};

/**
 * Opens (and, unless read-only, creates) a database.
 * @throws ProofmarkError STORE_UNSUPPORTED for a SQLite below 3.51.3, else as `storeError` maps it.
 */
export const openDatabase = (path: string, options: OpenOptions = {}): Database => {
  let db: DatabaseSyncInstance | undefined;
  try {
    db = new DatabaseSync(path, {
      readOnly: options.readOnly ?? false,
      timeout: options.busyTimeout ?? 5_000,
      // The driver's default is on; our tables are written by one program that keeps its references itself.
      enableForeignKeyConstraints: false,
    });
    const { version } = db.prepare('SELECT sqlite_version() AS version').get() as { version: string };
    if (!isSupported(version)) {
      throw new ProofmarkError(
        'STORE_UNSUPPORTED',
        `SQLite ${version} can corrupt a database in write-ahead mode. Install a driver with SQLite ${MINIMUM.join('.')} or newer.`,
      );
    }
    for (const [name, value] of Object.entries(options.pragmas ?? {})) db.exec(`PRAGMA ${name} = ${value}`);
    return withArrays(db);
  } catch (thrown) {
    if (db?.isOpen) db.close();
    throw storeError(thrown, path);
  }
};

const withArrays = (db: DatabaseSyncInstance): Database => ({
  get isOpen() {
    return db.isOpen;
  },
  get isTransaction() {
    return db.isTransaction;
  },
  exec: (sql) => db.exec(sql),
  prepare: (sql) => {
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  },
  close: () => {
    // The driver frees statements, and with them the file handles of a closed connection, only when they are garbage
    // collected. A transaction left open would keep its locks until then.
    if (db.isTransaction) db.exec('ROLLBACK');
    db.close();
  },
});

const SQLITE_IOERR_SHMSIZE = 4874;
const BY_PRIMARY_CODE: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  5: ['STORE_LOCKED', 'is locked by another connection. Try again, or stop the other program'],
  6: ['STORE_LOCKED', 'is locked by another connection. Try again, or stop the other program'],
  8: ['STORE_FAILED', 'may not be written by this user. Give it the right to, for the whole data directory'],
  11: ['STORE_CORRUPT', 'is damaged. Restore it from a backup, or salvage it with "sqlite3 … .recover"'],
  13: ['STORE_FULL', 'has no space left: free disk space or raise the quota'],
  14: ['STORE_FAILED', 'cannot be opened by this user. Give it the right to, for the whole data directory'],
  18: ['USAGE', 'cannot hold so large a value'],
  26: ['STORE_CORRUPT', 'is not a database or its first page is damaged. Restore it from a backup'],
};

/** Any error of the driver as a ProofmarkError that names the file and says what to do. */
export const storeError = (thrown: unknown, path: string): ProofmarkError => {
  if (thrown instanceof ProofmarkError) return thrown;
  const { sqliteExtendedCode, sqliteCodeName } = Object(thrown) as { sqliteExtendedCode?: number; sqliteCodeName?: string };
  const detail = `${messageOf(thrown)}${sqliteCodeName === undefined ? '' : `, ${sqliteCodeName} ${sqliteExtendedCode}`}`;
  // The shared index of the write-ahead log could not grow: the disk is full, and the log itself is untouched.
  const primary = sqliteExtendedCode === SQLITE_IOERR_SHMSIZE ? 13 : (sqliteExtendedCode ?? 0) & 0xff;
  const [code, meaning] = BY_PRIMARY_CODE[primary] ?? [
    'STORE_FAILED',
    'failed. Nothing more is written to it until it is opened again; check the disk, then restart',
  ];
  return new ProofmarkError(code, `${path} ${meaning} (${detail}).`, { cause: thrown });
};

/** A data directory held by this process. */
export interface DirectoryLock {
  release(): void;
}

const UNUSABLE: Readonly<Record<string, string>> = {
  EEXIST: 'is no directory',
  ENOTDIR: 'lies below something that is no directory',
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written by this user',
  EROFS: 'is on a file system that is read-only',
};

/** Makes a directory that this process can write. @throws ProofmarkError USAGE with what is in the way. */
const prepareDirectory = (dir: string): void => {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (thrown) {
    const { code = '' } = Object(thrown) as { readonly code?: string };
    const why = UNUSABLE[code] ?? 'cannot be made';
    throw new ProofmarkError('USAGE', `The data directory ${dir} ${why} (${messageOf(thrown)}). Name another one, or put that right.`, { cause: thrown });
  }
};

/**
 * Makes this process the only writer of a data directory. The lock is the operating system's lock on a small file, so
 * it ends with the process, however that ends.
 * @throws ProofmarkError STORE_LOCKED where another writer holds it, USAGE where the directory cannot be used.
 */
export const lockDirectory = (dir: string, name: string): DirectoryLock => {
  prepareDirectory(dir);
  const holder = join(dir, `${name}.holder`);
  const db = openDatabase(join(dir, `${name}.lock`), { busyTimeout: 0 });
  try {
    // A reserved lock and no write: nothing is ever journalled, nothing is left to recover.
    db.exec('BEGIN IMMEDIATE');
  } catch (thrown) {
    db.close();
    const error = storeError(thrown, join(dir, `${name}.lock`));
    if (error.code !== 'STORE_LOCKED') throw error;
    throw new ProofmarkError(
      'STORE_LOCKED',
      `The data directory ${dir} is already being written by ${holderOf(holder)}. Only one process may write it: stop ` +
        'the engine that runs on it, or send the events to that engine over HTTP.',
      { cause: thrown },
    );
  }
  writeFileSync(holder, `process ${process.pid}, started ${new Date(Date.now() - process.uptime() * 1000).toISOString()}`);
  return { release: () => db.close() };
};

const holderOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8') || 'another process';
  } catch {
    // The holder writes its name just after it takes the lock; the message is no reason to fail otherwise.
    return 'another process';
  }
};
