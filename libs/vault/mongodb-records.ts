import { ProofmarkError } from '#domain/errors.js';
import { hashId } from '#domain/ids.js';
import type { RecordChange, VaultRecord, VaultRecords } from './vault-records.js';
import type { Subject } from './vault.js';

type Document = Readonly<Record<string, unknown>>;

/** The commands of a MongoDB server that the vault is made of; writes return when a majority has them. */
export interface VaultServer {
  find(collection: string, filter: Document, options: { readonly fields: readonly string[]; readonly sort?: readonly (readonly [field: string, direction: 1 | -1])[]; readonly limit?: number }): Promise<readonly Document[]>;
  insertAbsent(collection: string, documents: readonly (Document & { readonly _id: string })[]): Promise<readonly string[]>;
  /** Replaces a document as long as its `v` is still the one given; says whether it was. */
  replace(collection: string, document: Document & { readonly _id: string }, v: number): Promise<boolean>;
  /** Removes documents; says how many there were. */
  remove(collection: string, ids: readonly string[]): Promise<number>;
  index(collection: string, indexes: Readonly<Record<string, readonly string[]>>): Promise<void>;
  close(): Promise<void>;
}

/** A subject as it is kept: bytes as base64, and marks in one list that an index finds. */
interface Kept {
  readonly _id: string;
  readonly tenant: string;
  readonly kind: string;
  readonly id: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly marks: readonly string[];
  /** Grows with each change, so that of two writers at once one begins anew. */
  readonly v: number;
}

const COLLECTION = 'vault';
const FIELDS = ['tenant', 'kind', 'id', 'key', 'fields', 'marks', 'v'];
const [AT_ONCE, ATTEMPTS] = [500, 20];

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytes = (given: string): Uint8Array => Uint8Array.from(Buffer.from(given, 'base64'));
const idOf = ({ tenant, kind, id }: Subject): string => hashId('vault', tenant, kind, id);
const markOf = (lookup: string, mark: Uint8Array): string => `${lookup} ${text(mark)}`;

const changed = <T>(values: Readonly<Record<string, T>>, changes: Readonly<Record<string, T | null>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries({ ...values, ...changes }).flatMap(([name, value]) => (value === null ? [] : [[name, value as T]])));

const encoded = (values: Readonly<Record<string, Uint8Array | null>>): Readonly<Record<string, string | null>> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value && text(value)]));

const withChange = (kept: Kept, { fields, marks }: RecordChange): Kept => {
  const others = kept.marks.filter((one) => !Object.keys(marks).some((lookup) => one.startsWith(`${lookup} `)));
  const added = Object.entries(marks).flatMap(([lookup, mark]) => (mark ? [markOf(lookup, mark)] : []));
  return { ...kept, fields: changed(kept.fields, encoded(fields)), marks: [...others, ...added], v: kept.v + 1 };
};

/**
 * The vault's records in a MongoDB database, which several processes may write. Each subject is one document, so that it changes as a
 * whole; erasing removes the document. What the server's files and its own copies still hold of it opens no more without its key, which
 * went with it, as far as the server overwrites what it has removed.
 */
export const mongoRecords = async (server: VaultServer): Promise<VaultRecords> => {
  // While the server is away, whoever needs the vault waits or fails by itself; indexes are there with the first who can reach it.
  let indexed = false;
  const ready = async (): Promise<void> => {
    if (indexed) return;
    await server.index(COLLECTION, { subject: ['tenant', 'kind', 'id'], marks: ['marks'] });
    indexed = true;
  };
  const keptOf = async (subjects: readonly Subject[]): Promise<ReadonlyMap<string, Kept>> => {
    await ready();
    const ids = [...new Set(subjects.map(idOf))];
    const found = new Map<string, Kept>();
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      for (const one of await server.find(COLLECTION, { _id: { $in: ids.slice(i, i + AT_ONCE) } }, { fields: FIELDS })) found.set(one['_id'] as string, one as unknown as Kept);
    }
    return found;
  };
  const ids = async (filter: Document, limit?: number): Promise<readonly string[]> => {
    await ready();
    return (await server.find(COLLECTION, filter, { fields: ['id'], sort: [['id', 1]], ...(limit !== undefined && { limit }) })).map(({ id }) => id as string);
  };
  const writeOne = async (change: RecordChange): Promise<boolean> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const kept = (await keptOf([change.subject])).get(idOf(change.subject));
      if (kept?.key !== text(change.key)) return false;
      if (await server.replace(COLLECTION, { ...withChange(kept, change) }, kept.v)) return true;
    }
    throw new ProofmarkError('CONCURRENT_CHANGE', 'What is kept about somebody changes faster than it can be written. Try again.');
  };

  return {
    read: async (subjects) => {
      const found = await keptOf(subjects);
      return subjects.map((subject): VaultRecord | undefined => {
        const kept = found.get(idOf(subject));
        return kept && { key: bytes(kept.key), fields: Object.fromEntries(Object.entries(kept.fields).map(([name, value]) => [name, bytes(value)])) };
      });
    },
    claim: async (keys) => {
      await ready();
      const documents = new Map(keys.map(({ subject, key }) => [idOf(subject), { _id: idOf(subject), tenant: subject.tenant, kind: subject.kind, id: subject.id, key: text(key), fields: {}, marks: [], v: 0 } satisfies Kept]));
      const known = await keptOf(keys.map(({ subject }) => subject));
      const missing = [...documents.values()].filter(({ _id }) => !known.has(_id));
      if (missing.length > 0) await server.insertAbsent(COLLECTION, missing);
      const found = missing.length === 0 ? known : await keptOf(keys.map(({ subject }) => subject));
      return keys.map(({ subject, key }) => {
        const kept = found.get(idOf(subject));
        if (!kept) throw new ProofmarkError('CONCURRENT_CHANGE', 'Somebody was erased at this very moment. Try again.');
        return { key: bytes(kept.key), fresh: !known.has(idOf(subject)) && kept.key === text(key) };
      });
    },
    // One after another: a subject changes as a whole, and whoever finds one of them changed begins anew with all.
    write: async (changes) => {
      for (const change of changes) if (!(await writeOne(change))) return false;
      return true;
    },
    marked: (tenant, kind, lookup, mark) => ids({ marks: markOf(lookup, mark), tenant, kind }),
    list: (tenant, kind, after, limit) => ids({ tenant, kind, id: { $gt: after } }, limit),
    erase: async (subjects) => {
      const gone = [...new Set(subjects.map(idOf))];
      let removed = 0;
      for (let i = 0; i < gone.length; i += AT_ONCE) removed += await server.remove(COLLECTION, gone.slice(i, i + AT_ONCE));
      return removed;
    },
    close: () => server.close(),
  };
};
