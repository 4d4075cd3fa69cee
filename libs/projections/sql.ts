import { afterValue, checkComparable, limitOf, orderOf, scalar, usage, type Ordering } from './query.js';
import type { Collection, ColumnType, Condition, Query, Row, Value } from './read-model.js';

export type Binding = string | number | null;
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

/** Quotes an identifier. Every name passes `checkCollection` first, so this is the second guard. */
const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const list = (columns: readonly string[]): string => columns.map(quote).join(', ');

const TYPES: Readonly<Record<ColumnType, string>> = { text: 'text', integer: 'integer', real: 'real', json: 'text' };

/** The statements that create the table and indexes of a collection. */
export const createTable = (table: string, collection: Collection): readonly string[] => {
  const { key, columns, indexes = [] } = collection;
  const single = key.length === 1 ? key[0] : undefined;
  const byNumber = single !== undefined && columns[single] === 'integer';
  const definitions = Object.entries(columns).map(([name, type]) => {
    if (byNumber && name === single) return `${quote(name)} integer primary key`;
    return `${quote(name)} ${TYPES[type]}${key.includes(name) ? ' not null' : ''}`;
  });
  if (!byNumber) definitions.push(`primary key (${list(key)})`);
  return [
    `create table ${quote(table)} (${definitions.join(', ')}) strict${byNumber ? '' : ', without rowid'}`,
    ...indexes.map((index, i) => `create index ${quote(`${table}_${i}`)} on ${quote(table)} (${list(index)})`),
  ];
};

export const dropTable = (table: string): string => `drop table if exists ${quote(table)}`;

const keyIs = (collection: Collection): string => collection.key.map((column) => `${quote(column)} = ?`).join(' and ');
const insert = (table: string, columns: readonly string[]): string =>
  `insert into ${quote(table)} (${list(columns)}) values (${columns.map(() => '?').join(', ')})`;

/** Binds all columns in the order of the collection. */
export const putSql = (table: string, collection: Collection): string => {
  const columns = Object.keys(collection.columns);
  const set = columns.filter((column) => !collection.key.includes(column)).map((c) => `${quote(c)} = excluded.${quote(c)}`);
  const update = set.length > 0 ? `do update set ${set.join(', ')}` : 'do nothing';
  return `${insert(table, columns)} on conflict (${list(collection.key)}) ${update}`;
};

/** Binds all columns in the order of the collection. */
export const keepSql = (table: string, collection: Collection): string =>
  `${insert(table, Object.keys(collection.columns))} on conflict (${list(collection.key)}) do nothing`;

/** Binds the columns, then the key. */
export const patchSql = (table: string, collection: Collection, columns: readonly string[]): string =>
  `update ${quote(table)} set ${columns.map((column) => `${quote(column)} = ?`).join(', ')} where ${keyIs(collection)}`;

/** Binds the key, then the columns. */
export const addSql = (table: string, collection: Collection, columns: readonly string[]): string => {
  const set = columns.map((column) => {
    const name = quote(column);
    return `${name} = coalesce(${quote(table)}.${name}, 0) + excluded.${name}`;
  });
  return `${insert(table, [...collection.key, ...columns])} on conflict (${list(collection.key)}) do update set ${set.join(', ')}`;
};

/** Binds the key. */
export const removeSql = (table: string, collection: Collection): string =>
  `delete from ${quote(table)} where ${keyIs(collection)}`;

/** Binds the columns. */
export const forgetSql = (table: string, columns: readonly string[]): string =>
  `delete from ${quote(table)} where ${columns.map((column) => `${quote(column)} = ?`).join(' and ')}`;

/** Binds the key. */
export const getSql = (table: string, collection: Collection): string =>
  `select * from ${quote(table)} where ${keyIs(collection)}`;

const comparable = (collection: Collection, column: string): string => {
  checkComparable(collection, column);
  return quote(column);
};

const OPERATORS = { eq: '=', gte: '>=', gt: '>', lt: '<', lte: '<=' } as const;

interface Clauses {
  readonly clauses: string[];
  readonly bindings: Binding[];
  /** Columns that one value is demanded of. */
  readonly fixed: Set<string>;
}

const whereOf = (collection: Collection, where: Query['where'] = {}): Clauses => {
  const found: Clauses = { clauses: [], bindings: [], fixed: new Set() };
  for (const [column, wanted] of Object.entries(where)) {
    const name = comparable(collection, column);
    const condition: Condition = typeof wanted === 'object' ? wanted : { eq: wanted };
    for (const [operator, value] of Object.entries(condition) as [keyof Condition, Condition[keyof Condition]][]) {
      if (value === undefined) continue;
      if (operator === 'in') {
        if (!Array.isArray(value)) throw usage(`"in" on the column "${column}" needs a list.`);
        found.clauses.push(`${name} in (select value from json_each(?))`);
        found.bindings.push(JSON.stringify(value.map((one: Value) => scalar(column, one))));
        continue;
      }
      if (!Object.hasOwn(OPERATORS, operator)) throw usage(`There is no condition "${String(operator)}".`);
      if (operator === 'eq') found.fixed.add(column);
      found.clauses.push(`${name} ${OPERATORS[operator]} ?`);
      found.bindings.push(scalar(column, value));
    }
  }
  return found;
};

/** Rows that come strictly after one in the order, as alternatives by the first column in which they differ. */
const beyond = (collection: Collection, order: readonly Ordering[], after: Row, segment: 'all' | 'with-first'): Clauses => {
  const found: Clauses = { clauses: [], bindings: [], fixed: new Set() };
  const alternatives: string[] = [];
  const equal: string[] = [];
  const equalTo: Binding[] = [];
  order.forEach(({ column, descending }, i) => {
    const name = quote(column);
    const value = afterValue(after, column);
    const required = collection.key.includes(column) || (i === 0 && segment === 'with-first');
    let step: string | undefined = `${name} ${descending ? '<' : '>'} ?`;
    if (value === null) step = descending ? undefined : `${name} is not null`;
    else if (descending && !required) step = `(${step} or ${name} is null)`;
    if (step) {
      alternatives.push(`(${[...equal, step].join(' and ')})`);
      found.bindings.push(...equalTo, ...(value === null ? [] : [value]));
    }
    equal.push(`${name} ${value === null ? 'is' : '='} ?`);
    equalTo.push(value);
  });
  found.clauses.push(alternatives.length > 0 ? `(${alternatives.join(' or ')})` : '0');
  return found;
};

/**
 * The statements of a query, whose rows in this order are its answer. There is a second one only where rows without a
 * value in the first ordering column follow the page: as one statement it could not seek in an index.
 */
export const selectSql = (table: string, collection: Collection, query: Query): readonly Statement[] => {
  const where = whereOf(collection, query.where);
  const order = orderOf(collection, query.orderBy).filter(({ column }) => !where.fixed.has(column));
  limitOf(query.limit);
  const build = (more: readonly string[], bindings: readonly Binding[]): Statement => {
    const clauses = [...where.clauses, ...more];
    const by = order.map(({ column, descending }) => `${quote(column)}${descending ? ' desc' : ''}`);
    return {
      sql:
        `select * from ${quote(table)}${clauses.length > 0 ? ` where ${clauses.join(' and ')}` : ''}` +
        `${by.length > 0 ? ` order by ${by.join(', ')}` : ''} limit ?`,
      bindings: [...where.bindings, ...bindings],
    };
  };
  const first = order[0];
  if (!query.after) return [build([], [])];
  if (!first) return [build(['0'], [])]; // the whole key is demanded: nothing comes after the one row

  const name = quote(first.column);
  const start = query.after[first.column] ?? null;
  const required = collection.key.includes(first.column);
  const splits = first.descending && !required && start !== null;
  const rest = beyond(collection, order, query.after, splits ? 'with-first' : 'all');
  if (start === null) return [build(first.descending ? [`${name} is null`, ...rest.clauses] : rest.clauses, rest.bindings)];
  // the first column's bound stands apart from the alternatives so that an index can seek to it
  const page = build([`${name} ${first.descending ? '<=' : '>='} ?`, ...rest.clauses], [scalar(first.column, start), ...rest.bindings]);
  return splits ? [page, build([`${name} is null`], [])] : [page];
};

export const countSql = (table: string, collection: Collection, where: Query['where']): Statement => {
  const { clauses, bindings } = whereOf(collection, where);
  return {
    sql: `select count(*) as count from ${quote(table)}${clauses.length > 0 ? ` where ${clauses.join(' and ')}` : ''}`,
    bindings,
  };
};
