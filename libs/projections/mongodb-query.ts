import { ROW } from './mongodb-catalog.js';
import type { Document, Sort } from './mongodb-server.js';
import { afterValue, checkComparable, limitOf, orderOf, scalar, usage, type Ordering } from './query.js';
import type { Collection, Condition, Query, Row, Value } from './read-model.js';

const OPERATORS: ReadonlySet<string> = new Set(['eq', 'gte', 'gt', 'lt', 'lte']);

/** The field of a document that holds a column. */
const fieldOf = (column: string): string => `${ROW}.${column}`;

interface Filter {
  readonly all: readonly Document[];
  /** Columns that one value is demanded of. */
  readonly fixed: ReadonlySet<string>;
}

const filterOf = (collection: Collection, where: Query['where'] = {}): Filter => {
  const all: Document[] = [];
  const fixed = new Set<string>();
  for (const [column, wanted] of Object.entries(where)) {
    checkComparable(collection, column);
    const condition: Condition = typeof wanted === 'object' ? wanted : { eq: wanted };
    for (const [operator, value] of Object.entries(condition) as [string, Value][]) {
      if (value === undefined) continue;
      if (operator === 'in') {
        if (!Array.isArray(value)) throw usage(`"in" on the column "${column}" needs a list.`);
        all.push({ [fieldOf(column)]: { $in: value.map((one: Value) => scalar(column, one)) } });
        continue;
      }
      if (!OPERATORS.has(operator)) throw usage(`There is no condition "${operator}".`);
      if (operator === 'eq') fixed.add(column);
      all.push({ [fieldOf(column)]: { [`$${operator}`]: scalar(column, value) } });
    }
  }
  // A removed row has no columns: any condition passes over it, and where there is none it needs one.
  const [first = ''] = collection.key;
  return { all: all.length > 0 ? all : [{ [fieldOf(first)]: { $ne: null } }], fixed };
};

const and = (all: readonly Document[]): Document => (all.length === 1 ? (all[0] ?? {}) : { $and: all });

/** Rows that come strictly after one in the order, as alternatives by the first column in which they differ. */
const beyond = (collection: Collection, order: readonly Ordering[], after: Row): Document | undefined => {
  const alternatives: Document[] = [];
  const equal: Document[] = [];
  for (const { column, descending } of order) {
    const field = fieldOf(column);
    const value = afterValue(after, column);
    const steps: Document[] = [];
    if (value !== null) steps.push({ [field]: { [descending ? '$lt' : '$gt']: value } });
    else if (!descending) steps.push({ [field]: { $ne: null } });
    if (value !== null && descending && !collection.key.includes(column)) steps.push({ [field]: null });
    for (const step of steps) alternatives.push(and([...equal, step]));
    equal.push({ [field]: value });
  }
  return alternatives.length > 0 ? { $or: alternatives } : undefined;
};

/** What MongoDB is asked for a query; undefined where no row can answer it. */
export const findOf = (collection: Collection, query: Query): { readonly filter: Document; readonly sort: Sort; readonly limit: number } | undefined => {
  const { all, fixed } = filterOf(collection, query.where);
  const order = orderOf(collection, query.orderBy).filter(({ column }) => !fixed.has(column));
  const limit = limitOf(query.limit);
  const rest = query.after && beyond(collection, order, query.after);
  if (limit === 0 || (query.after && !rest)) return undefined;
  const sort = order.map(({ column, descending }) => [fieldOf(column), descending ? -1 : 1] as const);
  return { filter: and(rest ? [...all, rest] : all), sort, limit };
};

/** What MongoDB is asked to count. */
export const countOf = (collection: Collection, where: Query['where']): Document => and(filterOf(collection, where).all);
