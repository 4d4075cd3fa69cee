import { ProofmarkError } from '#domain/errors.js';
import { contentMark, lookupMark, newDataKey, openWith, sealWith, tenantKeys, unwrapKey, wrapKey, type DataKey, type TenantKeys } from './envelope.js';
import type { VaultRecord, VaultRecords } from './vault-records.js';
import type { Change, Entry, Fields, Sealing, Subject, Vault } from './vault.js';

/** Where the tenants' secrets come from: a key ring that has one named for the vault. */
export interface VaultSecrets {
  /** HMAC-SHA-256 of a text under the secret. */
  mac(secret: 'vault', text: string): Promise<Uint8Array>;
}

const MAX_ATTEMPTS = 10;
const utf8 = new TextDecoder();

/** The vault on records that an adapter keeps. */
export const vaultOn = (records: VaultRecords, secrets: VaultSecrets): Vault => {
  const tenants = new Map<string, Promise<TenantKeys>>();
  const keysOf = (tenant: string): Promise<TenantKeys> => {
    let keys = tenants.get(tenant);
    if (!keys) {
      keys = secrets.mac('vault', JSON.stringify(['tenant', tenant])).then(tenantKeys);
      tenants.set(tenant, keys);
      keys.catch(() => tenants.delete(tenant)); // the next one asks again
    }
    return keys;
  };

  /** A key for each of the subjects; those that have none get one. */
  const dataKeys = async (subjects: readonly Subject[]) => {
    const made = await Promise.all(subjects.map(async (subject) => ({ subject, key: wrapKey(await keysOf(subject.tenant), subject, newDataKey()) })));
    const kept = await records.claim(made);
    return Promise.all(kept.map(async ({ key: wrapped, fresh }, i) => {
      const subject = subjects[i] as Subject;
      return { wrapped, fresh, dataKey: unwrapKey(await keysOf(subject.tenant), subject, wrapped) };
    }));
  };
  const fieldsOf = async (subject: Subject, { key, fields }: VaultRecord): Promise<Fields | undefined> => {
    const dataKey = unwrapKey(await keysOf(subject.tenant), subject, key);
    const opened = Object.entries(fields).flatMap(([name, sealed]) => {
      const content = openWith(dataKey, subject, name, sealed);
      return content ? [[name, utf8.decode(content)] as const] : [];
    });
    return opened.length === 0 ? undefined : Object.fromEntries(opened);
  };
  const sealedFields = (dataKey: DataKey, subject: Subject, fields: Change): Readonly<Record<string, Uint8Array | null>> =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value === null ? null : sealWith(dataKey, subject, name, Buffer.from(value))]));
  const marksOf = async ({ tenant, kind }: Subject, lookups: Change): Promise<Readonly<Record<string, Uint8Array | null>>> => {
    const keys = await keysOf(tenant);
    return Object.fromEntries(Object.entries(lookups).map(([name, value]) => [name, value === null ? null : lookupMark(keys, kind, name, value)]));
  };
  const getMany = async (subjects: readonly Subject[]): Promise<readonly (Fields | undefined)[]> => {
    const found = await records.read(subjects);
    return Promise.all(found.map(async (record, i) => record && fieldsOf(subjects[i] as Subject, record)));
  };

  return {
    put: async (entries: readonly Entry[]) => {
      if (entries.length === 0) return;
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const keys = await dataKeys(entries.map(({ subject }) => subject));
        const changes = await Promise.all(entries.map(async ({ subject, fields, lookups = {} }, i) => {
          const { wrapped, dataKey } = keys[i] as (typeof keys)[number];
          return { subject, key: wrapped, fields: sealedFields(dataKey, subject, fields), marks: await marksOf(subject, lookups) };
        }));
        if (await records.write(changes)) return;
      }
      throw new ProofmarkError('CONCURRENT_CHANGE', 'What is kept about somebody changes faster than it can be written. Try again.');
    },
    get: async (subject) => (await getMany([subject]))[0],
    getMany,
    findBy: async (tenant, kind, lookup, value) => records.marked(tenant, kind, lookup, lookupMark(await keysOf(tenant), kind, lookup, value)),
    list: (tenant, kind, { after = '', limit }) => records.list(tenant, kind, after, limit),
    erase: (subjects) => records.erase(subjects),
    mark: async (tenant, what, content) => contentMark(await keysOf(tenant), what, content),
    seal: async (items: readonly Sealing[]) => {
      if (items.length === 0) return [];
      const keys = await dataKeys(items.map(({ subject }) => subject));
      return items.map(({ subject, field, content }, i) => {
        const { dataKey, fresh } = keys[i] as (typeof keys)[number];
        return { sealed: sealWith(dataKey, subject, field, content), fresh };
      });
    },
    open: async (subject, field, sealed) => {
      const [record] = await records.read([subject]);
      return record && openWith(unwrapKey(await keysOf(subject.tenant), subject, record.key), subject, field, sealed);
    },
    close: () => records.close(),
  };
};
