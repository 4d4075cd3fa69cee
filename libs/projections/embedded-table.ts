import { ProofmarkError } from '#domain/errors.js';
import type { Database, Statement as Prepared } from '#event-store/sqlite.js';
import { tableOf } from './embedded-file.js';
import { checkComparable, usage } from './query.js';
import type { Collection, Row, Value, Write } from './read-model.js';
import { addSql, forgetSql, keepSql, patchSql, putSql, removeSql, type Binding } from './sql.js';

type Bindings = Binding[];

/** Rows that were kept lately, per collection. */
const REMEMBERED = 100_000;

const bind = (collection: Collection, column: string, value: Value): Binding => {
  if (value === undefined || value === null) return null;
  if (collection.columns[column] === 'json') return JSON.stringify(value);
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  throw new ProofmarkError('USAGE', `The column "${column}" of "${collection.name}" takes no object.`);
};

/** The values of a key. @throws ProofmarkError USAGE where one is missing. */
export const bindKey = (collection: Collection, key: Row): Bindings =>
  collection.key.map((column) => {
    const value = bind(collection, column, key[column]);
    if (value === null) throw new ProofmarkError('USAGE', `The key column "${column}" of "${collection.name}" has no value.`);
    return value;
  });

/** Writes into the table of one collection in one generation. */
export const tableWriter = (db: Database, collection: Collection, generation: number): ((write: Write) => void) => {
  const table = tableOf(collection.name, generation);
  const columns = Object.keys(collection.columns);
  const statements = new Map<string, Prepared>();
  const prepared = (name: string, sql: () => string): Prepared => {
    let found = statements.get(name);
    if (!found) statements.set(name, (found = db.prepare(sql())));
    return found;
  };
  const check = (row: Row, allowed: (column: string) => boolean): void => {
    for (const column of Object.keys(row)) {
      if (!Object.hasOwn(collection.columns, column) || !allowed(column)) {
        throw new ProofmarkError('USAGE', `The column "${column}" of "${collection.name}" cannot be written here.`);
      }
    }
  };
  const any = (): boolean => true;
  const noKey = (column: string): boolean => !collection.key.includes(column);
  const isNumber = (column: string): boolean =>
    noKey(column) && (collection.columns[column] === 'integer' || collection.columns[column] === 'real');
  const bindRow = (row: Row): Bindings => {
    const bindings: Bindings = [];
    let given = 0;
    for (const column of columns) {
      const value = row[column];
      if (value !== undefined) given++;
      bindings.push(bind(collection, column, value));
    }
    if (given !== Object.keys(row).length) check(row, any);
    for (const column of collection.key) if (row[column] === undefined || row[column] === null) bindKey(collection, row);
    return bindings;
  };
  // Most `keep`s repeat one of a moment ago. A transaction that fails drops its writers, and this memory with them.
  const kept = new Set<string>();
  const isKept = (row: Row): boolean => {
    let key = '';
    for (const value of bindKey(collection, row)) key += typeof value === 'string' ? `${value.length}:${value}` : `${value};`;
    if (kept.has(key)) return true;
    if (kept.size >= REMEMBERED) kept.clear();
    kept.add(key);
    return false;
  };
  const put = db.prepare(putSql(table, collection));
  const keep = db.prepare(keepSql(table, collection));

  return (write) => {
    switch (write.op) {
      case 'put':
        put.run(...bindRow(write.row));
        break;
      case 'keep':
        if (!isKept(write.row)) keep.run(...bindRow(write.row));
        break;
      case 'patch': {
        check(write.set, noKey);
        const set = Object.keys(write.set);
        if (set.length === 0) break;
        prepared(`patch ${set.join()}`, () => patchSql(table, collection, set)).run(
          ...set.map((column) => bind(collection, column, write.set[column])),
          ...bindKey(collection, write.key),
        );
        break;
      }
      case 'add': {
        check(write.add, isNumber);
        const add = Object.keys(write.add);
        if (add.length === 0) break;
        prepared(`add ${add.join()}`, () => addSql(table, collection, add)).run(
          ...bindKey(collection, write.key),
          ...add.map((column) => write.add[column] ?? 0),
        );
        break;
      }
      case 'remove':
        kept.clear();
        prepared('remove', () => removeSql(table, collection)).run(...bindKey(collection, write.key));
        break;
      case 'forget': {
        kept.clear();
        const by = Object.keys(write.where);
        if (by.length === 0) throw usage(`Rows of "${collection.name}" are forgotten by some column.`);
        for (const column of by) checkComparable(collection, column);
        prepared(`forget ${by.join()}`, () => forgetSql(table, by)).run(...by.map((column) => bind(collection, column, write.where[column])));
        break;
      }
    }
  };
};
