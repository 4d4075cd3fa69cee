import { vaultContract } from './contract.js';
import { InMemoryRecords } from './in-memory.js';
import { vaultOn } from './sealed-vault.js';

vaultContract('in memory', async (secrets) => {
  const records = new InMemoryRecords();
  return {
    vault: vaultOn(records, secrets),
    restart: async (other = secrets) => vaultOn(records, other),
    openReader: async () => vaultOn(records, secrets),
    bytes: async () => Buffer.concat([...records.kept.values()].flatMap(({ subject, key, fields, marks }) => [Buffer.from(subject.id), key, ...Object.values(fields), ...Object.values(marks)])),
    discard: async () => undefined,
  };
});
