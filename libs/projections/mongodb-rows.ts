import { placeOf, WRITTEN } from './mongodb-catalog.js';
import { checkComparable, usage } from './query.js';
import type { Collection, Row, Value, Write } from './read-model.js';

/** A row as it is stored: only columns that have a value, JSON as text (its keys may hold dots and dollars). */
export type Stored = Readonly<Record<string, string | number>>;

/** What a row is after a batch; null for one that was removed. */
export interface RowState {
  readonly place: string;
  readonly id: string;
  readonly row: Stored | null;
}

/** All rows of a place that have these values are removed. */
export interface Forgetting {
  readonly op: 'forget';
  readonly place: string;
  readonly where: Stored;
}

/** A write whose columns and values were checked. */
type Step = Forgetting | ({ readonly place: string; readonly id: string } & (
  | { readonly op: 'put' | 'keep'; readonly row: Stored }
  | { readonly op: 'patch' | 'add'; readonly key: Stored; readonly set: Readonly<Record<string, string | number | null>> }
  | { readonly op: 'remove' }
));

const store = (collection: Collection, column: string, value: Value): string | number | null => {
  if (value === undefined || value === null) return null;
  const type = collection.columns[column];
  if (type === 'json') return JSON.stringify(value);
  if (type === 'text' && typeof value === 'string') return value;
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (type !== 'text' && typeof number === 'number' && (type === 'real' ? Number.isFinite(number) : Number.isInteger(number))) {
    return number === 0 ? 0 : number; // -0 is no other number
  }
  throw usage(`The column "${column}" of "${collection.name}" does not take such a value.`);
};

const checkColumns = (collection: Collection, row: Row, allowed: (column: string) => boolean): void => {
  for (const column of Object.keys(row)) {
    if (!Object.hasOwn(collection.columns, column) || !allowed(column)) {
      throw usage(`The column "${column}" of "${collection.name}" cannot be written here.`);
    }
  }
};

/** The columns of a key. @throws ProofmarkError USAGE where one has no value. */
export const keyOf = (collection: Collection, key: Row): Stored => {
  const stored: Record<string, string | number> = {};
  for (const column of collection.key) {
    const value = store(collection, column, key[column]);
    if (value === null) throw usage(`The key column "${column}" of "${collection.name}" has no value.`);
    stored[column] = value;
  }
  return stored;
};

/** The _id of the row with a key: a text, and the same one for the same key. */
export const idOf = (collection: Collection, key: Stored): string => {
  const values = collection.key.map((column) => key[column]);
  return values.length === 1 ? String(values[0]) : JSON.stringify(values);
};

const rowOf = (collection: Collection, row: Row): Stored => {
  checkColumns(collection, row, () => true);
  const stored: Record<string, string | number> = { ...keyOf(collection, row) };
  for (const column of Object.keys(row)) {
    const value = store(collection, column, row[column]);
    if (value !== null) stored[column] = value;
  }
  return stored;
};

const whereOf = (collection: Collection, where: Row): Stored => {
  const stored: Record<string, string | number> = {};
  for (const [column, value] of Object.entries(where)) {
    checkComparable(collection, column);
    stored[column] = store(collection, column, value) ?? '';
  }
  if (Object.keys(stored).length === 0) throw usage(`Rows of "${collection.name}" are forgotten by some column.`);
  return stored;
};

/** The steps that remove rows by what they hold. */
export const forgettings = (steps: readonly Step[]): readonly Forgetting[] => steps.filter((step) => step.op === 'forget');

/** Checks the writes of a batch to one generation. @throws ProofmarkError USAGE */
export const stepsOf = (projection: string, generation: number, collections: readonly Collection[], writes: readonly Write[]): readonly Step[] => {
  const byName = new Map(collections.map((one) => [one.name, { collection: one, place: placeOf(one.name, { projection, generation }) }]));
  return writes.map((write): Step => {
    const found = byName.get(write.collection);
    if (!found) throw usage(`The projection "${projection}" has no collection "${write.collection}".`);
    const { collection, place } = found;
    if (write.op === 'put' || write.op === 'keep') {
      const row = rowOf(collection, write.row);
      return { op: write.op, place, id: idOf(collection, row), row };
    }
    if (write.op === 'forget') return { op: 'forget', place, where: whereOf(collection, write.where) };
    const key = keyOf(collection, write.key);
    const id = idOf(collection, key);
    if (write.op === 'remove') return { op: 'remove', place, id };
    const changes: Row = write.op === 'patch' ? write.set : write.add;
    const numeric = (column: string): boolean => collection.columns[column] === 'integer' || collection.columns[column] === 'real';
    checkColumns(collection, changes, (column) => !collection.key.includes(column) && (write.op === 'patch' || numeric(column)));
    const set = Object.fromEntries(Object.keys(changes).map((column) => [column, store(collection, column, changes[column])]));
    return { op: write.op, place, id, key, set };
  });
};

/** The rows that the steps build on: those that they do not begin by replacing or removing. By place. */
export const basesOf = (steps: readonly Step[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const seen = new Set<string>();
  const bases = new Map<string, Set<string>>();
  for (const step of steps) {
    if (step.op === 'forget') continue;
    const { place, id, op } = step;
    const row = `${place}\n${id}`;
    if (seen.has(row)) continue;
    seen.add(row);
    if (op === 'put' || op === 'remove') continue;
    const ids = bases.get(place) ?? new Set();
    bases.set(place, ids.add(id));
  }
  return bases;
};

const changed = (row: Stored, step: Step & { readonly op: 'patch' | 'add' }): Stored => {
  const next: Record<string, string | number> = { ...row };
  for (const [column, value] of Object.entries(step.set)) {
    if (step.op === 'add') next[column] = Number(next[column] ?? 0) + Number(value ?? 0);
    else if (value === null) delete next[column];
    else next[column] = value;
  }
  return next;
};

/**
 * The state of every row that the steps change, each once, from what the rows were before (undefined: absent), and which of
 * those before had what is to be forgotten.
 */
export const fold = (
  steps: readonly Step[],
  before: (place: string, id: string) => Stored | undefined,
  had: ReadonlyMap<Forgetting, readonly string[]> = new Map(),
): readonly RowState[] => {
  const states = new Map<string, RowState>();
  for (const step of steps) {
    if (step.op === 'forget') {
      const { place, where } = step;
      const has = (row: Stored): boolean => Object.entries(where).every(([column, value]) => row[column] === value);
      for (const id of had.get(step) ?? []) if (!states.has(`${place}\n${id}`)) states.set(`${place}\n${id}`, { place, id, row: null });
      for (const [at, state] of states) if (state.place === place && state.row && has(state.row)) states.set(at, { ...state, row: null });
      continue;
    }
    const { place, id } = step;
    const at = `${place}\n${id}`;
    const known = states.get(at);
    const row = (step.op === 'put' || step.op === 'remove' ? undefined : known ? known.row : before(place, id)) ?? undefined;
    const set = (next: Stored | null): void => void states.set(at, { place, id, row: next });
    switch (step.op) {
      case 'put':
        set(step.row);
        break;
      case 'keep':
        if (!row) set(step.row);
        break;
      case 'patch':
        if (row && Object.keys(step.set).length > 0) set(changed(row, step));
        break;
      case 'add':
        if (Object.keys(step.set).length > 0) set(changed(row ?? step.key, step));
        break;
      case 'remove':
        set(null);
        break;
    }
  }
  return [...states.values()];
};

/** What is stored of a state: the position first, since it decides which of two states is the later one. */
export const valueOf = (position: number, row: Stored | null): Readonly<Record<string, string | number>> => ({ [WRITTEN]: position, ...row });

/** What was stored as a row; null for one that was removed. */
export const storedOf = (collection: Collection, value: Readonly<Record<string, unknown>>): Stored | null => {
  const { [WRITTEN]: _written, ...row } = value as Record<string, string | number>;
  return collection.key[0] !== undefined && row[collection.key[0]] === undefined ? null : row;
};

/** A row as readers get it. */
export const readRow = (collection: Collection, stored: Stored): Row => {
  const row: Record<string, Value> = {};
  for (const [column, type] of Object.entries(collection.columns)) {
    const value = stored[column] ?? null;
    row[column] = type === 'json' && typeof value === 'string' ? (JSON.parse(value) as Value) : value;
  }
  return row;
};
