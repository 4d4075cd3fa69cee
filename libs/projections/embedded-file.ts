import { messageOf, ProofmarkError } from '#domain/errors.js';
import { storeError, type Database } from '#event-store/sqlite.js';
import type { Generation } from './generation.js';

/** The columns that `generationFrom` expects. */
export const GENERATION = 'projection, generation, version, state, checkpoint, collections';
type GenerationRow = [string, number, number, Generation['state'], number, string];
export const generationFrom = (row: unknown): Generation => {
  const [projection, generation, version, state, checkpoint, collections] = row as GenerationRow;
  return { projection, generation, version, state, checkpoint, collections };
};

/** The tables beside those of the collections. */
export const SCHEMA = `
  create table if not exists counter (name text primary key, value integer not null) strict, without rowid;
  insert into counter values ('catalog', 0), ('generation', 0) on conflict do nothing;
  create table if not exists generation (
    projection text not null, generation integer not null, version integer not null,
    state text not null check (state in ('live', 'building')), checkpoint integer not null, collections text not null,
    primary key (projection, state)
  ) strict, without rowid;`;

/** The table of a collection in one generation. */
export const tableOf = (collection: string, generation: number): string => `${collection}_${generation}`;

/** What a use of the file failed with; a row that breaks a constraint or type of its table is the caller's error. */
export const failure = (thrown: unknown, file: string): ProofmarkError => {
  const { sqliteExtendedCode: code = 0 } = Object(thrown) as { sqliteExtendedCode?: number };
  const [CONSTRAINT, MISMATCH] = [19, 20];
  if ((code & 0xff) !== CONSTRAINT && (code & 0xff) !== MISMATCH) return storeError(thrown, file);
  return new ProofmarkError('USAGE', `A row does not fit its collection: ${messageOf(thrown)}`, { cause: thrown });
};

/** @throws ProofmarkError STORE_CLOSED */
export const assertOpen = (db: Database): void => {
  if (!db.isOpen) throw new ProofmarkError('STORE_CLOSED', 'The read models are closed.');
};
