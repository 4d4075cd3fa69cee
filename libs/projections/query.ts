import { ProofmarkError } from '#domain/errors.js';
import type { Collection, Row, Value } from './read-model.js';

/*
 * What every adapter checks and works out in the same way: names, comparable columns and values, the order of a query.
 */

export const usage = (message: string): ProofmarkError => new ProofmarkError('USAGE', message);

/** @throws ProofmarkError USAGE for a collection whose names or key cannot be stored. */
export const checkCollection = (collection: Collection): void => {
  const columns = Object.keys(collection.columns);
  for (const name of [collection.name, ...columns]) {
    if (!/^[a-z][a-z0-9_]{0,62}$/i.test(name)) throw usage(`"${name}" is no name for a collection or column.`);
  }
  if (collection.key.length === 0) throw usage(`The collection "${collection.name}" has no key.`);
  for (const column of [...collection.key, ...(collection.indexes ?? []).flat()]) {
    const type = Object.hasOwn(collection.columns, column) ? collection.columns[column] : undefined;
    if (!type || type === 'json') throw usage(`"${column}" cannot be a key or index of the collection "${collection.name}".`);
  }
};

/** @throws ProofmarkError USAGE for a column that does not exist or holds JSON. */
export const checkComparable = (collection: Collection, column: string): void => {
  const type = Object.hasOwn(collection.columns, column) ? collection.columns[column] : undefined;
  if (!type) throw usage(`The collection "${collection.name}" has no column "${column}".`);
  if (type === 'json') throw usage(`The column "${column}" of "${collection.name}" holds JSON and cannot be compared.`);
};

/** A value to compare a column with. @throws ProofmarkError USAGE */
export const scalar = (column: string, value: Value): string | number => {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw usage(`The column "${column}" can be compared with a text or a finite number only.`);
};

export interface Ordering {
  readonly column: string;
  readonly descending: boolean;
}

/** The total order of a query: its columns, then the key's in the direction of the last one. */
export const orderOf = (collection: Collection, orderBy: readonly string[] = []): readonly Ordering[] => {
  const order: Ordering[] = [];
  const push = (column: string, descending: boolean): void => {
    checkComparable(collection, column);
    if (!order.some((known) => known.column === column)) order.push({ column, descending });
  };
  for (const text of orderBy) push(text.replace(/^-/, ''), text.startsWith('-'));
  const descending = order.at(-1)?.descending ?? false;
  for (const column of collection.key) push(column, descending);
  return order;
};

/** The most rows that a query may answer with. @throws ProofmarkError USAGE */
export const limitOf = (limit: number | undefined): number => {
  if (limit === undefined) return Infinity;
  if (!Number.isInteger(limit) || limit < -1) throw usage('"limit" must be a whole number from 0.');
  return limit === -1 ? Infinity : limit;
};

/** The value of an ordering column in the row that a page comes after; null for none. @throws ProofmarkError USAGE */
export const afterValue = (after: Row, column: string): string | number | null => {
  const given = after[column];
  if (given === undefined) throw usage(`"after" lacks the column "${column}" that the rows are ordered by.`);
  return given === null ? null : scalar(column, given);
};
