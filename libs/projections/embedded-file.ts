import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { Database } from '#event-store/sqlite.js';
import type { Collection } from './read-model.js';

export type { Database } from '#event-store/sqlite.js';
export type { Statement as Prepared } from '#event-store/sqlite.js';

/** One generation of one projection, as the file knows it. */
export interface Generation {
  readonly projection: string;
  readonly generation: number;
  readonly version: number;
  readonly state: 'live' | 'building';
  readonly checkpoint: number;
  /** JSON of its collections, so that a reader needs nothing but the file. */
  readonly collections: string;
}

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

export const collectionsOf = (generation: Generation): readonly Collection[] => JSON.parse(generation.collections) as Collection[];

const sqliteCodeOf = (thrown: unknown): number | undefined =>
  typeof thrown === 'object' && thrown !== null && 'errcode' in thrown && typeof thrown.errcode === 'number'
    ? thrown.errcode & 0xff
    : undefined;

/** SQLite's result codes (sqlite.org/rescode.html) in our terms. */
export const failure = (thrown: unknown): ProofmarkError => {
  if (thrown instanceof ProofmarkError) return thrown;
  const options = { cause: thrown };
  switch (sqliteCodeOf(thrown)) {
    case 5: // BUSY
      return new ProofmarkError('STORE_LOCKED', 'The read models are in use by another process.', options);
    case 13: // FULL
      return new ProofmarkError('STORE_FULL', 'There is no space left for the read models; nothing was written.', options);
    case 19: // CONSTRAINT
    case 20: // MISMATCH
      return new ProofmarkError('USAGE', `A row does not fit its collection: ${messageOf(thrown)}`, options);
    default:
      return new ProofmarkError('STORE_FAILED', `The read models could not be used: ${messageOf(thrown)}`, options);
  }
};

/** @throws ProofmarkError STORE_CLOSED */
export const assertOpen = (db: Database): void => {
  if (!db.isOpen) throw new ProofmarkError('STORE_CLOSED', 'The read models are closed.');
};
