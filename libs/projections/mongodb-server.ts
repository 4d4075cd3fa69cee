/** A document of MongoDB as the driver gives it. */
export type Document = Readonly<Record<string, unknown>>;

/** Fields and directions, in the order in which they count. */
export type Sort = readonly (readonly [field: string, direction: 1 | -1])[];

/** A value for a field of a document, stored only where the field holds none or one that sorts before it. */
export interface Raise {
  readonly id: string;
  /** Compared field by field in this order, so that the first one decides. */
  readonly value: Document;
}

/**
 * The commands of a MongoDB server that the read models are made of: none needs a replica set, and each but `insert` may
 * be repeated. Writes return when a majority has them; reads give what a majority has.
 * Errors: STORE_UNAVAILABLE (cannot be reached; what a write did is unknown), STORE_FULL, STORE_FAILED, STORE_CLOSED,
 * USAGE (a document that it does not take).
 */
export interface MongoServer {
  readonly get: (collection: string, id: string, fields?: readonly string[]) => Promise<Document | undefined>;
  readonly find: (collection: string, filter: Document, options: { readonly fields: readonly string[]; readonly sort?: Sort; readonly limit?: number }) => Promise<readonly Document[]>;
  readonly count: (collection: string, filter: Document) => Promise<number>;
  /** About how many documents a collection has; quick. */
  readonly size: (collection: string) => Promise<number>;
  /** Inserts a document; false where there is one with its _id already. */
  readonly insert: (collection: string, document: Document & { readonly _id: string }) => Promise<boolean>;
  /** Inserts many documents, in no order; returns the ids of those that were there already, which stay as they were. */
  readonly insertAbsent: (collection: string, documents: readonly (Document & { readonly _id: string })[]) => Promise<readonly string[]>;
  /** Raises one field of many documents, which are created where they are absent. */
  readonly raise: (collection: string, field: string, raises: readonly Raise[]) => Promise<void>;
  /** Removes the documents whose _id is from the first one on and comes before the second. */
  readonly removeBetween: (collection: string, from: string, before: string) => Promise<void>;
  /** Sets and unsets fields of the one document that the filter finds; false where there is none. */
  readonly change: (collection: string, filter: Document, set: Document, unset: readonly string[]) => Promise<boolean>;
  /** Removes documents by their ids; says how many there were. */
  readonly remove: (collection: string, ids: readonly string[]) => Promise<number>;
  /** Creates what is missing of a collection's indexes. */
  readonly index: (collection: string, indexes: Readonly<Record<string, readonly string[]>>) => Promise<void>;
  readonly collections: () => Promise<readonly string[]>;
  readonly drop: (collection: string) => Promise<void>;
  readonly close: () => Promise<void>;
}
