import { ProofmarkError } from '#domain/errors.js';
import type { MongoServer } from '#projections/mongodb-server.js';
import { vaultOn, type VaultSecrets } from './sealed-vault.js';
import type { VaultRecord, VaultRecords } from './vault-records.js';
import type { Subject, SubjectKind, Vault } from './vault.js';

const COLLECTION = 'vault';
const INDEXES = { by_subject: ['tenant', 'kind', 'id'], by_email: ['marks.email'], by_login: ['marks.login'] };

const idOf = ({ tenant, kind, id }: Subject): string => JSON.stringify([tenant, kind, id]);
const written = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const read = (text: unknown): Uint8Array => Buffer.from(text as string, 'base64');

const recordOf = (document: Readonly<Record<string, unknown>>): VaultRecord => ({
  key: read(document['key']),
  fields: Object.fromEntries(Object.entries((document['fields'] ?? {})).map(([name, sealed]) => [name, read(sealed)])),
});

/** One document a subject, so that each is written whole. */
const recordsOn = (server: MongoServer): VaultRecords => {
  let indexed: Promise<void> | undefined;
  const ready = (): Promise<void> => {
    indexed ??= server.index(COLLECTION, INDEXES);
    indexed.catch(() => (indexed = undefined)); // the next call tries again
    return indexed;
  };
  const documents = async (ids: readonly string[]): Promise<ReadonlyMap<string, VaultRecord>> => {
    const found = ids.length === 0 ? [] : await server.find(COLLECTION, { _id: { $in: ids } }, { fields: ['key', 'fields'] });
    return new Map(found.map((document) => [document['_id'] as string, recordOf(document)]));
  };
  const idsWhere = async (filter: Readonly<Record<string, unknown>>, limit?: number): Promise<readonly string[]> =>
    (await server.find(COLLECTION, filter, { fields: ['id'], sort: [['id', 1]], ...(limit !== undefined && { limit }) })).map(({ id }) => id as string);

  return {
    read: async (subjects) => {
      const found = await documents(subjects.map(idOf));
      return subjects.map((subject) => found.get(idOf(subject)));
    },
    claim: async (keys) => {
      await ready();
      const wanted = new Map(keys.map(({ subject, key }) => [idOf(subject), { ...subject, _id: idOf(subject), key: written(key) }]));
      const there = new Set((await documents([...wanted.keys()])).keys());
      const missing = [...wanted.values()].filter(({ _id }) => !there.has(_id));
      if (missing.length > 0) for (const id of await server.insertAbsent(COLLECTION, missing)) there.add(id);
      const kept = await documents([...wanted.keys()]);
      return keys.map(({ subject }) => {
        const record = kept.get(idOf(subject));
        // What was sealed with a key that is not kept could never be opened.
        if (!record) throw new ProofmarkError('CONCURRENT_CHANGE', 'Somebody is erased at this very moment. Try again.');
        return { key: record.key, fresh: !there.has(idOf(subject)) };
      });
    },
    write: async (changes) => {
      for (const { subject, key, fields, marks } of changes) {
        const named = [...Object.entries(fields).map(([name, value]) => [`fields.${name}`, value] as const), ...Object.entries(marks).map(([name, value]) => [`marks.${name}`, value] as const)];
        const set = Object.fromEntries(named.flatMap(([name, value]) => (value ? [[name, written(value)]] : [])));
        const unset = named.flatMap(([name, value]) => (value ? [] : [name]));
        if (!(await server.change(COLLECTION, { _id: idOf(subject), key: written(key) }, set, unset))) return false;
      }
      return true;
    },
    marked: (tenant, kind: SubjectKind, lookup, mark) => idsWhere({ tenant, kind, [`marks.${lookup}`]: written(mark) }),
    list: (tenant, kind, after, limit) => idsWhere({ tenant, kind, id: { $gt: after } }, limit),
    erase: (subjects) => (subjects.length === 0 ? Promise.resolve(0) : server.remove(COLLECTION, subjects.map(idOf))),
    close: () => server.close(),
  };
};

/**
 * The vault in the collection `vault` of a MongoDB database, which several programs may write at once. What is erased is gone
 * from the collection; MongoDB's own journal and oplog, and its backups, hold older bytes until they are overwritten, sealed
 * like all others.
 */
export const mongoVault = (server: MongoServer, secrets: VaultSecrets): Vault => vaultOn(recordsOn(server), secrets);
