import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#event-store/sqlite.js';
import { vaultContract } from './contract.js';
import { openEmbeddedVault, openEmbeddedVaultReader } from './embedded.js';
import { secretsOf } from './in-memory.js';
import type { VaultSecrets } from './sealed-vault.js';
import type { Subject } from './vault.js';

const bytesIn = async (dir: string): Promise<Buffer> => Buffer.concat(await Promise.all((await readdir(dir)).map((name) => readFile(join(dir, name)))));

const open = async (secrets: VaultSecrets) => {
  const dir = await mkdtemp(join(tmpdir(), 'proofmark-vault-'));
  let vault = openEmbeddedVault(dir, secrets);
  return {
    dir,
    vault,
    restart: async (other = secrets) => {
      await vault.close();
      return (vault = openEmbeddedVault(dir, other));
    },
    openReader: async () => openEmbeddedVaultReader(dir, secrets),
    bytes: () => bytesIn(dir),
    discard: async () => {
      await vault.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
};

vaultContract('embedded', open);

describe('the embedded vault', () => {
  const subject = (n: number): Subject => ({ tenant: 't', kind: 'learner', id: `learner-${n}-of-many` });
  let under: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => { under = await open(secretsOf('ring')); });
  afterEach(() => under.discard());

  /** What is at rest of a subject: its id and its wrapped key. */
  const tracesOf = (dir: string, { id }: Subject): readonly Buffer[] => {
    const db = openDatabase(join(dir, 'vault.db'), { readOnly: true });
    const [key, number] = db.prepare('select key, number from subject where id = ?').get(id) as [Uint8Array, number];
    const sealed = (db.prepare('select sealed from field where subject = ?').all(number) as [Uint8Array][]).map(([one]) => Buffer.from(one));
    db.close();
    return [Buffer.from(id), Buffer.from(key), ...sealed];
  };

  it('leaves no byte of what is erased in any of its files, wherever it stood', async () => {
    const all = Array.from({ length: 600 }, (_none, i) => subject(i));
    for (let i = 0; i < all.length; i += 50) await under.vault.put(all.slice(i, i + 50).map((one, j) => ({ subject: one, fields: { name: 'n'.repeat(1 + ((i + j) % 400)), email: 'e' } })));
    // Rewritten at other lengths, so that cells move about their pages.
    for (const one of all.filter((_one, i) => i % 3 === 0)) await under.vault.put([{ subject: one, fields: { name: 'x'.repeat(777) } }]);
    const gone = all.filter((_one, i) => i % 7 === 0);
    const traces = gone.flatMap((one) => tracesOf(under.dir, one));
    const kept = tracesOf(under.dir, subject(1));
    expect(traces).toHaveLength(gone.length * 4);
    const before = await bytesIn(under.dir);
    expect(traces.every((trace) => before.includes(trace))).toBe(true);
    expect(await under.vault.erase(gone)).toBe(gone.length);
    const after = await bytesIn(under.dir);
    expect(traces.filter((trace) => after.includes(trace))).toEqual([]);
    expect(kept.every((trace) => after.includes(trace))).toBe(true);
  });

  it('takes one writing process, and readers that cannot write', async () => {
    expect(() => openEmbeddedVault(under.dir, secretsOf('ring'))).toThrow(expect.objectContaining({ code: 'STORE_LOCKED' }) as Error);
    await under.vault.put([{ subject: subject(1), fields: { name: 'n' } }]);
    const reader = await under.openReader();
    await expect(reader.put([{ subject: subject(2), fields: {} }])).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await expect(reader.erase([subject(1)])).rejects.toMatchObject({ code: 'STORE_LOCKED' });
    await reader.close();
    await expect(reader.get(subject(1))).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('says that there is none where there is none', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'proofmark-vault-'));
    expect(() => openEmbeddedVaultReader(dir, secretsOf('ring'))).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error);
    await rm(dir, { recursive: true });
  });
});
