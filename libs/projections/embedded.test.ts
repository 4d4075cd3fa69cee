import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelContract } from './contract.js';
import { openEmbeddedReadModels } from './embedded.js';

const tmpDir = (): string => mkdtempSync(join(tmpdir(), 'read-models-'));

readModelContract('embedded', async () => {
  const dir = tmpDir();
  let store = openEmbeddedReadModels({ dir });
  return {
    store,
    openReader: async () => openEmbeddedReadModels({ dir, readOnly: true }),
    restart: async () => {
      await store.close();
      store = openEmbeddedReadModels({ dir });
      return store;
    },
    discard: async () => {
      await store.close();
      rmSync(dir, { recursive: true });
    },
  };
});

describe('embedded read models', () => {
  let dir: string;
  beforeEach(() => {
    dir = tmpDir();
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('refuse a second writer, and take one again after the first has closed', async () => {
    const first = openEmbeddedReadModels({ dir });
    expect(() => openEmbeddedReadModels({ dir })).toThrow('already being written');
    await first.close();
    await openEmbeddedReadModels({ dir }).close();
  });

  it('refuse to read what was never written', () => {
    expect(() => openEmbeddedReadModels({ dir, readOnly: true })).toThrow('There are no read models yet');
  });

  it('refuse names that are no identifiers', async () => {
    const store = openEmbeddedReadModels({ dir });
    const collections = [{ name: 'x"; drop table generation; --', columns: { id: 'text' as const }, key: ['id'] }];
    await expect(store.register([{ name: 'p', version: 1, collections }])).rejects.toMatchObject({ code: 'USAGE' });
    await store.close();
  });
});
