import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testAppend } from '#event-store/contract.js';
import { openEmbedded, openEmbeddedReader } from '#event-store/embedded.js';
import { describeUnless } from '../where-possible.js';

const disk = mkdtempSync(join(tmpdir(), 'proofmark-'));
const able = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (able) spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true });
});

describeUnless(able ? undefined : 'it takes the right to mount a small tmpfs', 'a disk that is full', () => {
  it('refuses appends, serves reads, opens, and goes on by itself when there is room again', async () => {
    const dir = join(disk, 'data');
    const filler = join(disk, 'filler');
    mkdirSync(dir);
    writeFileSync(filler, Buffer.alloc(2_000_000));
    let store = await openEmbedded({ dir });
    let next = 0;
    const appendOne = async (): Promise<string> => {
      const result = await store.append([testAppend(`learner-t.${next % 5}`, 'any', `${next}`)]).catch((thrown: { code: string }) => thrown);
      if ('code' in result) return result.code;
      next++;
      return 'appended';
    };
    const untilFull = async (): Promise<string> => {
      for (;;) {
        const outcome = await appendOne();
        if (outcome !== 'appended') return outcome;
      }
    };
    expect(await untilFull()).toBe('STORE_FULL');
    expect(store.health().writable).toBe(false);
    expect(await store.readAll({ after: 0, limit: 10_000 })).toHaveLength(next);

    await store.close();
    store = await openEmbedded({ dir });
    expect(await store.readAll({ after: 0, limit: 10_000 })).toHaveLength(next);
    const reader = await openEmbeddedReader(dir);
    expect(await reader.head()).toBe(next);
    await reader.close();

    rmSync(filler);
    const before = next;
    expect(await appendOne()).toBe('appended');
    expect(store.health()).toEqual({ writable: true });
    for (let i = 0; i < 50; i++) expect(await appendOne()).toBe('appended');
    expect((await store.readAll({ after: before, limit: 100 })).length).toBe(51);
    await store.close();
  });
});
