import {
  MongoBulkWriteError, MongoClient, MongoClientClosedError, MongoError, MongoNetworkError, MongoNotConnectedError, MongoServerClosedError, MongoServerError,
  MongoServerSelectionError, MongoTopologyClosedError, type Document as Bson, type Filter, type MongoClientOptions,
} from 'mongodb';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { readerOn } from './mongodb-reader.js';
import type { MongoServer } from './mongodb-server.js';
import { storeOn } from './mongodb-store.js';
import type { ReadModelReader, ReadModelStore } from './read-model.js';

export interface MongoReadModelsOptions {
  /** "mongodb://host:27017" or "mongodb+srv://…", with any of the driver's options. */
  readonly uri: string;
  /** A database of its own: collections named like generations ("award-register.award_g3") that it does not know are dropped. */
  readonly database: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM file of the authority that signed the server's certificate; turns TLS on. */
  readonly tlsCaFile?: string;
  /** PEM file with this program's own certificate and key. */
  readonly tlsCertificateKeyFile?: string;
  /** How long a call waits for a server that cannot be reached before it fails (STORE_UNAVAILABLE), in milliseconds. */
  readonly waitMs?: number;
  /** About how much memory may hold rows that batches build on, in bytes; 64 million where absent. */
  readonly cacheBytes?: number;
}

/** Codes of a server that cannot do it now: in an election, shutting down, out of time, without a majority. */
const UNAVAILABLE: ReadonlySet<unknown> = new Set([6, 7, 50, 64, 89, 91, 112, 133, 189, 202, 262, 358, 9001, 10107, 11600, 11602, 13435, 13436]);
const [NO_DISK_SPACE, DUPLICATE_KEY, NAMESPACE_NOT_FOUND] = [14031, 11000, 26];
const DOCUMENT_TOO_LARGE: ReadonlySet<unknown> = new Set([10334, 17419, 17420, 17280]);

/** How long a command may take; the building of an index of rows that are there already. */
const [ANSWER_MS, INDEX_MS] = [60_000, 3_600_000];

/** What a command ends with that shares its connection, or the making of one, with another that failed. */
const LOST = [MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoTopologyClosedError, MongoServerClosedError, MongoClientClosedError];

/** A socket's own error, which the driver passes on as it is where it comes between two of its states. */
const isOfSocket = (thrown: unknown): boolean => thrown instanceof Error && !(thrown instanceof MongoError) && 'syscall' in thrown;

/** What a batch of writes ended with, where that was no answer of the server: the driver wraps it as if it were one. */
const unwrapped = (thrown: unknown): unknown => {
  const inner: unknown = thrown instanceof MongoBulkWriteError ? thrown.errorResponse : undefined;
  return inner instanceof Error ? inner : thrown;
};

/** What an error of the driver is to who called. */
export const mongoFailure = (met: unknown): ProofmarkError => {
  if (met instanceof ProofmarkError) return met;
  const thrown = unwrapped(met);
  const cause = { cause: thrown };
  const code = thrown instanceof MongoServerError ? thrown.code : undefined;
  const away = LOST.some((kind) => thrown instanceof kind) || UNAVAILABLE.has(code) || isOfSocket(thrown);
  if (away || (thrown instanceof MongoError && (thrown.hasErrorLabel('RetryableWriteError') || thrown.hasErrorLabel('ResetPool')))) {
    return new ProofmarkError('STORE_UNAVAILABLE', `MongoDB cannot be reached: ${messageOf(thrown)}`, cause);
  }
  if (code === NO_DISK_SPACE) return new ProofmarkError('STORE_FULL', 'MongoDB has no disk space left: free some.', cause);
  if (DOCUMENT_TOO_LARGE.has(code)) return new ProofmarkError('USAGE', 'A row is too large for MongoDB.', cause);
  return new ProofmarkError('STORE_FAILED', `MongoDB failed: ${messageOf(thrown)}`, cause);
};

const clientOf = ({ uri, username, password, tlsCaFile, tlsCertificateKeyFile, waitMs = 5000 }: MongoReadModelsOptions): MongoClient => {
  const options: MongoClientOptions = {
    appName: 'proofmark',
    serverSelectionTimeoutMS: waitMs,
    connectTimeoutMS: waitMs,
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: 30_000 },
    readConcern: { level: 'majority' },
    readPreference: 'primary',
    ...(username !== undefined && { auth: { username, ...(password !== undefined && { password }) } }),
    ...(tlsCaFile !== undefined && { tls: true, tlsCAFile: tlsCaFile }),
    ...(tlsCertificateKeyFile !== undefined && { tls: true, tlsCertificateKeyFile }),
  };
  try {
    return new MongoClient(uri, options);
  } catch {
    // The driver's message can hold the whole address, and that a password.
    throw new ProofmarkError('USAGE', 'The address of MongoDB cannot be read: it must be like mongodb://host:27017.');
  }
};

/** Settles as the work does, but not later than after so many milliseconds. */
const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ProofmarkError('STORE_UNAVAILABLE', `MongoDB did not answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** A MongoDB server, for what else is kept in the database of the read models. @throws ProofmarkError USAGE for an address that is none */
export const openMongoServer = (options: MongoReadModelsOptions): MongoServer => {
  let client = clientOf(options);
  let closed = false;
  const asked = async <T>(work: () => Promise<T>, ms = ANSWER_MS): Promise<T> => {
    if (closed) throw new ProofmarkError('STORE_CLOSED', 'The database is closed.');
    const asking = client;
    try {
      return await within(ms, work());
    } catch (thrown) {
      if (closed) throw new ProofmarkError('STORE_CLOSED', 'The database was closed.', { cause: thrown });
      if (asking !== client) throw new ProofmarkError('STORE_UNAVAILABLE', `MongoDB cannot be reached: ${messageOf(thrown)}`, { cause: thrown });
      const problem = mongoFailure(thrown);
      if (problem.code === 'STORE_UNAVAILABLE' && !(thrown instanceof MongoServerError)) {
        // The driver (7.x) can wait without end for a socket that was being closed when it was written to, one that watches
        // the server too. So what lost its connection begins anew.
        client = clientOf(options);
        asking.close().catch(() => undefined); // it is given up: nobody waits for its end
      }
      throw problem;
    }
  };
  const collection = (name: string) => client.db(options.database).collection<Bson & { _id: string }>(name);
  const projection = (fields: readonly string[]): Record<string, 1> => Object.fromEntries(fields.map((field) => [field, 1]));
  const indexesOf = async (name: string): Promise<readonly string[]> => {
    try {
      return ((await collection(name).listIndexes().toArray()) as readonly { readonly name: string }[]).map((index) => index.name);
    } catch (thrown) {
      if (thrown instanceof MongoServerError && thrown.code === NAMESPACE_NOT_FOUND) return [];
      throw thrown;
    }
  };
  const isDuplicate = (thrown: unknown): boolean =>
    thrown instanceof MongoServerError && thrown.code === DUPLICATE_KEY && !(thrown instanceof MongoBulkWriteError && thrown.result.hasWriteErrors() && thrown.result.getWriteErrors().some(({ code }) => code !== DUPLICATE_KEY));

  return {
    get: (name, id, fields) =>
      asked(async () => (await collection(name).findOne({ _id: id }, fields ? { projection: projection(fields) } : {})) ?? undefined),
    find: (name, filter, { fields, sort, limit }) =>
      asked(() =>
        collection(name)
          .find(filter, { projection: projection(fields), ...(sort && { sort: new Map(sort) }), ...(limit !== undefined && { limit }) })
          .toArray(),
      ),
    count: (name, filter) => asked(() => collection(name).countDocuments(filter)),
    size: (name) => asked(() => collection(name).estimatedDocumentCount()),
    insert: (name, document) =>
      asked(async () => {
        try {
          await collection(name).insertOne(document);
          return true;
        } catch (thrown) {
          if (isDuplicate(thrown)) return false;
          throw thrown;
        }
      }),
    insertAbsent: (name, documents) =>
      asked(async () => {
        try {
          await collection(name).insertMany([...documents], { ordered: false });
          return [];
        } catch (thrown) {
          if (!isDuplicate(thrown)) throw thrown;
          const there = thrown instanceof MongoBulkWriteError ? [thrown.writeErrors].flat().map(({ index }) => documents[index]?._id) : [];
          return there.length > 0 ? there.filter((id) => id !== undefined) : documents.map(({ _id }) => _id);
        }
      }),
    raise: (name, field, raises) =>
      asked(async () => {
        const updates = raises.map(({ id, value }) => ({ updateOne: { filter: { _id: id }, update: { $max: { [field]: value } }, upsert: true } }));
        for (;;) {
          try {
            await collection(name).bulkWrite(updates, { ordered: false });
            return;
          } catch (thrown) {
            // Another program created one of the documents in the same instant: now they are there.
            if (!isDuplicate(thrown)) throw thrown;
          }
        }
      }),
    change: (name, filter, set, unset) =>
      asked(async () => {
        const update = {
          ...(Object.keys(set).length > 0 && { $set: set }),
          ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((field) => [field, ''])) }),
        };
        const into = filter as Filter<Bson & { _id: string }>;
        if (Object.keys(update).length === 0) return (await collection(name).countDocuments(into)) > 0;
        return (await collection(name).updateOne(into, update)).matchedCount > 0;
      }),
    remove: (name, ids) => asked(async () => (await collection(name).deleteMany({ _id: { $in: [...ids] } })).deletedCount),
    removeBetween: (name, from, before) => asked(async () => void (await collection(name).deleteMany({ _id: { $gte: from, $lt: before } }))),
    index: (name, indexes) =>
      asked(async () => {
        const there = new Set(await indexesOf(name));
        const missing = Object.entries(indexes)
          .filter(([index]) => !there.has(index))
          .map(([index, fields]) => ({ name: index, key: new Map(fields.map((field) => [field, 1 as const])) }));
        // One by one: FerretDB fails on a list of which another program has created a part meanwhile.
        for (const one of missing) await collection(name).createIndexes([one]);
      }, INDEX_MS),
    collections: () => asked(async () => (await client.db(options.database).listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)),
    drop: (name) =>
      asked(async () => {
        try {
          await client.db(options.database).dropCollection(name);
        } catch (thrown) {
          if (!(thrown instanceof MongoServerError && thrown.code === NAMESPACE_NOT_FOUND)) throw thrown; // another program was first
        }
      }),
    close: async () => {
      closed = true;
      await client.close();
    },
  };
};

/**
 * Opens the read models in a MongoDB database: a standalone server or a replica set, of version 4.4 or newer. It does not
 * wait for the server: the first call connects, and every call while it is away fails (STORE_UNAVAILABLE) and may be
 * repeated as it is. Several programs may write and read at once; docs/engines.md says what they see.
 * @throws ProofmarkError USAGE for an address that is none.
 */
export function openMongoReadModels(options: MongoReadModelsOptions & { readonly readOnly: true }): ReadModelReader;
export function openMongoReadModels(options: MongoReadModelsOptions & { readonly readOnly?: false }): ReadModelStore;
export function openMongoReadModels(options: MongoReadModelsOptions & { readonly readOnly?: boolean }): ReadModelReader {
  const server = openMongoServer(options);
  return options.readOnly ? readerOn(server) : storeOn(server, options.cacheBytes);
}
