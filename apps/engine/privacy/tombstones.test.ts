import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepTombstone, readTombstones, tombstonesIn } from './tombstones.js';

let dir: string;
beforeEach(async () => { dir = await mkdtemp(join(tmpdir(), 'proofmark-tombstones-')); });
afterEach(() => rm(dir, { recursive: true, force: true }));
const ada = { tenant: 't', learner: 'ada', at: 1 };

describe('tombstones', () => {
  it('are kept once each, a line for each learner', async () => {
    const file = tombstonesIn(dir);
    for (const one of [ada, { ...ada, learner: 'bob' }, { ...ada, at: 2 }, { ...ada, tenant: 'other' }]) await keepTombstone(file, one);
    expect(await readTombstones(file)).toEqual([ada, { ...ada, learner: 'bob' }, { ...ada, tenant: 'other' }]);
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(4);
  });

  it('say where a learner asked for it, and nothing where somebody else did', async () => {
    const file = tombstonesIn(dir);
    for (const one of [ada, { ...ada, learner: 'bob', byName: false as const }]) await keepTombstone(file, one);
    expect(await readTombstones(file)).toEqual([ada, { ...ada, learner: 'bob', byName: false }]);
    await writeFile(file, `${JSON.stringify({ ...ada, byName: 'yes' })}\n`);
    await expect(readTombstones(file)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('go on after a line that was cut', async () => {
    const file = tombstonesIn(dir);
    await writeFile(file, `${JSON.stringify(ada)}\n{"tenant":"t","lear`);
    expect(await readTombstones(file)).toEqual([ada]);
    await keepTombstone(file, { ...ada, learner: 'bob' });
    expect(await readTombstones(file)).toEqual([ada, { ...ada, learner: 'bob' }]);
  });

  it('are nothing else: a file of another kind erases nobody', async () => {
    const file = tombstonesIn(dir);
    await writeFile(file, `${JSON.stringify(ada)}\n{"learner":"bob"}\n`);
    await expect(readTombstones(file)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('Line 2') as string });
    await expect(readTombstones(join(dir, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await readTombstones(join(dir, 'none'), true)).toEqual([]);
  });
});
