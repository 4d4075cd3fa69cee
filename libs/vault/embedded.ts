import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProofmarkError } from '#domain/errors.js';
import { lockDirectory, openDatabase, storeError, type Database, type DirectoryLock } from '#event-store/sqlite.js';
import type { KeptKey, VaultRecord, VaultRecords } from './vault-records.js';
import { vaultOn, type VaultSecrets } from './sealed-vault.js';
import type { Subject, Vault } from './vault.js';

const SCHEMA = `
  create table if not exists subject (
    number integer primary key, tenant text not null, kind text not null, id text not null, key blob not null,
    unique (tenant, kind, id)
  ) strict;
  create table if not exists field (
    subject integer not null, name text not null, sealed blob not null, primary key (subject, name)
  ) strict, without rowid;
  create table if not exists mark (
    subject integer not null, name text not null, mark blob not null, primary key (subject, name)
  ) strict, without rowid;
  create index if not exists mark_found on mark (mark, name);`;

/** How long erasing waits for readers beside it, and how often it looks. */
const [READERS_MS, LOOK_MS] = [5000, 20];

const openWriting = (file: string): Database => {
  // What is deleted is overwritten, and nothing of it goes to a file of SQLite's own elsewhere.
  const db = openDatabase(file, { pragmas: { journal_mode: 'wal', synchronous: 'full', secure_delete: 'on', temp_store: 'memory', cache_size: -8192 } });
  db.exec(`begin immediate; ${SCHEMA} commit`);
  return db;
};

const recordsOn = (db: Database, file: string, lock: DirectoryLock | undefined): VaultRecords => {
  const subjectOf = db.prepare('select number, key from subject where tenant = ? and kind = ? and id = ?');
  const fieldsOf = db.prepare('select name, sealed from field where subject = ?');
  const found = db.prepare('select s.id from mark m join subject s on s.number = m.subject where m.mark = ? and m.name = ? and s.tenant = ? and s.kind = ? order by s.id');
  const page = db.prepare('select id from subject where tenant = ? and kind = ? and id > ? order by id limit ?');
  const guarded = <T>(work: () => T): T => {
    if (!db.isOpen) throw new ProofmarkError('STORE_CLOSED', 'The vault is closed.');
    try {
      return work();
    } catch (thrown) {
      throw storeError(thrown, file);
    }
  };
  const find = ({ tenant, kind, id }: Subject): readonly [number: number, key: Uint8Array] | undefined =>
    subjectOf.get(tenant, kind, id) as readonly [number, Uint8Array] | undefined;
  const transaction = <T>(work: () => T): T =>
    guarded(() => {
      if (!lock) throw new ProofmarkError('STORE_LOCKED', `${file} is open for reading alone. Stop the engine that writes it, or ask that engine.`);
      db.exec('begin immediate');
      try {
        const result = work();
        db.exec('commit');
        return result;
      } catch (thrown) {
        if (db.isTransaction) db.exec('rollback');
        throw thrown;
      }
    });
  const recordOf = (subject: Subject): VaultRecord | undefined => {
    const row = find(subject);
    return row && { key: row[1], fields: Object.fromEntries(fieldsOf.all(row[0]) as (readonly [string, Uint8Array])[]) };
  };

  return {
    // In one read transaction, so that nobody is seen half written.
    read: async (subjects) => guarded(() => {
      db.exec('begin');
      try {
        return subjects.map(recordOf);
      } finally {
        db.exec('commit');
      }
    }),
    claim: async (keys) => {
      const known = guarded(() => keys.map(({ subject }) => find(subject)));
      if (known.every((row) => row !== undefined)) return known.map(([, key]): KeptKey => ({ key, fresh: false }));
      const insert = db.prepare('insert into subject (tenant, kind, id, key) values (?, ?, ?, ?)');
      return transaction(() => keys.map(({ subject, key }): KeptKey => {
        const row = find(subject);
        if (row) return { key: row[1], fresh: false };
        insert.run(subject.tenant, subject.kind, subject.id, key);
        return { key, fresh: true };
      }));
    },
    write: async (changes) => transaction(() => {
      const rows = changes.map(({ subject, key }) => {
        const row = find(subject);
        return row && Buffer.compare(row[1], key) === 0 ? row[0] : undefined;
      });
      if (rows.includes(undefined)) return false;
      for (const [i, { fields, marks }] of changes.entries()) {
        const number = rows[i] as number;
        for (const [table, column, values] of [['field', 'sealed', fields], ['mark', 'mark', marks]] as const) {
          for (const [name, value] of Object.entries(values)) {
            if (value === null) db.prepare(`delete from ${table} where subject = ? and name = ?`).run(number, name);
            else db.prepare(`insert into ${table} values (?, ?, ?) on conflict do update set ${column} = excluded.${column}`).run(number, name, value);
          }
        }
      }
      return true;
    }),
    marked: async (tenant, kind, lookup, mark) => guarded(() => (found.all(mark, lookup, tenant, kind) as (readonly [string])[]).map(([id]) => id)),
    list: async (tenant, kind, after, limit) => guarded(() => (page.all(tenant, kind, after, limit) as (readonly [string])[]).map(([id]) => id)),
    erase: async (subjects) => {
      if (subjects.length === 0) return 0;
      const erased = transaction(() => subjects.map(find).filter((row) => row !== undefined).map(([number]) => {
        for (const [table, column] of [['field', 'subject'], ['mark', 'subject'], ['subject', 'number']] as const) db.prepare(`delete from ${table} where ${column} = ?`).run(number);
        return number;
      }).length);
      // Cells that were moved within their page leave traces that no deletion overwrites; a database written anew has none.
      guarded(() => db.exec('vacuum'));
      for (const until = performance.now() + READERS_MS; ; await sleep(LOOK_MS)) {
        const [busy] = guarded(() => db.prepare('pragma wal_checkpoint(truncate)').get()) as [number];
        if (busy === 0) return erased;
        if (performance.now() > until) throw new ProofmarkError('STORE_LOCKED', `${file} is being read, so that what was erased from it cannot be overwritten yet. End what reads it and try again.`);
      }
    },
    close: async () => {
      if (!db.isOpen) return;
      db.close();
      lock?.release();
    },
  };
};

const FILE = 'vault.db';

/**
 * Opens the vault in the SQLite file `vault.db` of a directory. One process at a time may write (else STORE_LOCKED); others
 * may read beside it. Erasing writes the file anew, which takes longer the more there is in it.
 */
export const openEmbeddedVault = (dir: string, secrets: VaultSecrets): Vault => {
  const file = join(dir, FILE);
  const lock = lockDirectory(dir, 'vault');
  try {
    return vaultOn(recordsOn(openWriting(file), file, lock), secrets);
  } catch (thrown) {
    lock.release();
    throw storeError(thrown, file);
  }
};

/** Opens the vault of a directory for reading, beside who writes it. @throws ProofmarkError NOT_FOUND where there is none */
export const openEmbeddedVaultReader = (dir: string, secrets: VaultSecrets): Vault => {
  const file = join(dir, FILE);
  if (!existsSync(file)) throw new ProofmarkError('NOT_FOUND', `There is no vault in ${dir} yet: start the engine on it first.`);
  return vaultOn(recordsOn(openDatabase(file, { readOnly: true }), file, undefined), secrets);
};
