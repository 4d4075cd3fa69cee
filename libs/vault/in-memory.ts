import { createHmac } from 'node:crypto';
import { vaultOn, type VaultSecrets } from './sealed-vault.js';
import type { VaultRecord, VaultRecords } from './vault-records.js';
import type { Subject, Vault } from './vault.js';

interface Kept extends VaultRecord {
  readonly subject: Subject;
  readonly marks: Readonly<Record<string, Uint8Array>>;
}

const keyOf = ({ tenant, kind, id }: Subject): string => JSON.stringify([tenant, kind, id]);
const without = (values: Readonly<Record<string, Uint8Array | null>>): Readonly<Record<string, Uint8Array>> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value ? [[name, value]] : [])));

/** A key ring of one secret, for tests and benchmarks. */
export const secretsOf = (secret: string): VaultSecrets => ({ mac: async (name, text) => createHmac('sha256', `${secret} ${name}`).update(text).digest() });

/** A stand-in for where a vault's records are, for tests and benchmarks: nothing is durable. */
export class InMemoryRecords implements VaultRecords {
  readonly kept = new Map<string, Kept>();
  /** Calls that kept a key: each would be a commit. */
  commits = 0;

  async read(subjects: readonly Subject[]) {
    return subjects.map((subject) => this.kept.get(keyOf(subject)));
  }

  async claim(keys: Parameters<VaultRecords['claim']>[0]) {
    let fresh = 0;
    const claimed = keys.map(({ subject, key }) => {
      const known = this.kept.get(keyOf(subject));
      if (known) return { key: known.key, fresh: false };
      fresh++;
      this.kept.set(keyOf(subject), { subject, key, fields: {}, marks: {} });
      return { key, fresh: true };
    });
    if (fresh > 0) this.commits++;
    return claimed;
  }

  async write(changes: Parameters<VaultRecords['write']>[0]) {
    if (changes.some(({ subject, key }) => this.kept.get(keyOf(subject))?.key !== key)) return false;
    for (const { subject, key, fields, marks } of changes) {
      const known = this.kept.get(keyOf(subject));
      this.kept.set(keyOf(subject), { subject, key, fields: without({ ...known?.fields, ...fields }), marks: without({ ...known?.marks, ...marks }) });
    }
    return true;
  }

  async marked(tenant: string, kind: string, lookup: string, mark: Uint8Array) {
    return this.#ids(({ subject, marks }) => subject.tenant === tenant && subject.kind === kind && Buffer.compare(marks[lookup] ?? new Uint8Array(), mark) === 0);
  }

  async list(tenant: string, kind: string, after: string, limit: number) {
    return this.#ids(({ subject }) => subject.tenant === tenant && subject.kind === kind && subject.id > after).slice(0, limit);
  }

  async erase(subjects: readonly Subject[]) {
    return subjects.filter((subject) => this.kept.delete(keyOf(subject))).length;
  }

  async close() {
    // what is kept ends with this object
  }

  #ids(where: (kept: Kept) => boolean): string[] {
    return [...this.kept.values()].filter(where).map(({ subject }) => subject.id).sort();
  }
}

/** A vault that forgets everything when its program ends. */
export const forgetfulVault = (records: VaultRecords = new InMemoryRecords()): Vault => vaultOn(records, secretsOf('forgetful'));
