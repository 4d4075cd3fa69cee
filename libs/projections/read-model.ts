export type ColumnType = 'text' | 'integer' | 'real' | 'json';
export type Value = string | number | boolean | null | undefined | object;
export type Row = Readonly<Record<string, Value>>;

/** The shape of one collection of rows: what an adapter creates tables or indexes from. */
export interface Collection {
  /** Unique among all projections; a program's name for it, like "award". */
  readonly name: string;
  /** Every column and its type; 'json' columns hold plain data and cannot be filtered by. Integers hold booleans as 0/1. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /**
   * Columns that identify a row; they always have a value. Rows with equal leading columns are stored together, except
   * that a single integer column keeps rows in its order: for rows that come with growing numbers (log positions) this
   * is the fastest to write, and an index finds them.
   */
  readonly key: readonly string[];
  /** Further column lists that queries filter and order by. */
  readonly indexes?: readonly (readonly string[])[];
}

/**
 * One change of a read model. All changes of a batch and its checkpoint become visible together. A column that is
 * absent, undefined or null has no value and reads as null; a column that the collection lacks is an error (USAGE).
 */
export type Write =
  /** Insert or replace the row. */
  | { readonly op: 'put'; readonly collection: string; readonly row: Row }
  /** Insert the row if its key is absent. */
  | { readonly op: 'keep'; readonly collection: string; readonly row: Row }
  /** Set columns of the row with the key, if it exists. */
  | { readonly op: 'patch'; readonly collection: string; readonly key: Row; readonly set: Row }
  /** Add to numeric columns of the row with the key; absent rows and columns count as 0. */
  | { readonly op: 'add'; readonly collection: string; readonly key: Row; readonly add: Readonly<Record<string, number>> }
  | { readonly op: 'remove'; readonly collection: string; readonly key: Row }
  /** Remove all rows that have these values; an index should find them. At least one. */
  | { readonly op: 'forget'; readonly collection: string; readonly where: Readonly<Record<string, string | number>> };

export interface Condition {
  readonly eq?: string | number;
  readonly in?: readonly (string | number)[];
  readonly gte?: string | number;
  readonly gt?: string | number;
  readonly lt?: string | number;
  readonly lte?: string | number;
}

export interface Query {
  /** All must hold; a plain value means equality. */
  readonly where?: Readonly<Record<string, string | number | Condition>>;
  /**
   * Columns to order by; a leading minus orders descending. Texts order by code point, no value comes before any. The
   * key's columns are appended in the direction of the last one, so the order is total.
   */
  readonly orderBy?: readonly string[];
  readonly limit?: number;
  /** Keyset paging: rows strictly after this one in the order; it has the values of all ordering columns, key included. */
  readonly after?: Row;
}

/**
 * Reads the live generation of every projection's collections; each call sees one consistent state.
 * Errors: NOT_FOUND (no such collection), USAGE (no such column, or one that cannot be filtered by), STORE_CLOSED,
 * STORE_UNAVAILABLE (out of reach; ask again). What an adapter on a server means by one state, docs/engines.md says.
 */
export interface ReadModelReader {
  get(collection: string, key: Row): Promise<Row | undefined>;
  find(collection: string, query: Query): Promise<readonly Row[]>;
  count(collection: string, where?: Query['where']): Promise<number>;
  /** The last log position that the projection's live generation shows; -1 before it has seen any. */
  checkpoint(projection: string): Promise<number>;
  /** Live generation, code version and whether a rebuild is under way, per projection. */
  projections(): Promise<readonly ProjectionStatus[]>;
  close(): Promise<void>;
}

export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly generation: number;
  readonly checkpoint: number;
  /** Present while a new generation is being built beside the live one. */
  readonly rebuilding?: { readonly generation: number; readonly checkpoint: number };
}

/** A generation of one projection: live, or being built beside the live one. */
export interface GenerationWriter {
  readonly projection: string;
  readonly generation: number;
  readonly state: 'live' | 'building';
  checkpoint(): Promise<number>;
}

/** What a runner needs from a read-model store. */
export interface ReadModelStore extends ReadModelReader {
  /**
   * Registers projections and their collections; creates what is missing. A projection whose code version differs from
   * its live generation's gets a new generation to build (blue/green), as does one for which `rebuild` was called. The
   * first generation of a projection is live from the start; one being built by other code than this is given up.
   */
  register(projections: readonly { readonly name: string; readonly version: number; readonly collections: readonly Collection[] }[]): Promise<void>;
  /**
   * Generations that the registered code can feed: for each projection the live one, unless other code wrote it (it
   * then serves as it is until the new one is promoted), and the one being built if any. Of all projections where none are named.
   */
  generations(projections?: readonly string[]): Promise<readonly GenerationWriter[]>;
  /** Starts a new generation of the projection beside the live one, from the start of the log; one being built is given up. */
  rebuild(projection: string): Promise<void>;
  /**
   * Makes the generation that was being built the live one and drops the old one, atomically for readers; none: no
   * effect. Errors: CONCURRENT_CHANGE as of `apply`.
   */
  promote(projection: string): Promise<void>;
  /**
   * Applies writes of several generations and moves their checkpoints: of each projection all of it or nothing. A batch
   * whose `checkpoint` is not beyond the generation's is ignored, so that a repeated batch changes nothing; so is one for
   * a generation that was dropped meanwhile. Errors: USAGE, STORE_FULL, STORE_FAILED; of what failed nothing was written,
   * other projections' batches may have been, and repeating those does no harm. STORE_UNAVAILABLE: the read models are out
   * of reach and it is unknown what was written; the same batches again are right either way. CONCURRENT_CHANGE (adapters
   * that several programs may write at once): another program has moved a generation or changed which ones there are; ask
   * for generations and checkpoints again.
   */
  apply(batches: readonly { readonly generation: GenerationWriter; readonly writes: readonly Write[]; readonly checkpoint: number }[]): Promise<void>;
}
