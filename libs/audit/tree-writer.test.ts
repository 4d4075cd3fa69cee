import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkpointOf, headOf, records } from './audit-under-test.js';
import { inclusionPath, isIncluded, type Hash } from './merkle.js';
import { BLOCK_BYTES, BLOCKS_FILE, LEAF_BYTES, LEAVES_FILE, TreeReader } from './tree-files.js';
import { TreeWriter } from './tree-writer.js';

const filesOf = (dir: string): string => [LEAVES_FILE, BLOCKS_FILE].map((name) => readFileSync(join(dir, name), 'hex')).join(' ');

const root = mkdtempSync(join(tmpdir(), 'proofmark-tree-'));
afterAll(() => rmSync(root, { recursive: true }));
let dirs = 0;
const newDir = (): string => {
  const dir = join(root, `${++dirs}`);
  mkdirSync(dir);
  return dir;
};

/** Writes records to a tree in batches, with a new opening before each. */
const write = async (dir: string, events: ReturnType<typeof records>, ...batches: readonly number[]): Promise<void> => {
  let from = 0;
  for (const count of batches) {
    const tree = await TreeWriter.open(dir, undefined);
    expect(tree.size).toBe(from);
    tree.append(events.slice(from, from + count));
    await tree.write();
    await tree.close();
    from += count;
  }
};

describe('the kept tree', () => {
  it('goes on where it was left, whatever was taken in at once', async () => {
    const batch = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(255, 256, 257, 512));
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 3 }), async (batches, apart) => {
        const dir = newDir();
        const events = records(batches.reduce((sum, count) => sum + count, 0), apart);
        await write(dir, events, ...batches);
        for (const newest of [undefined, checkpointOf(events), checkpointOf(events.slice(0, batches[0]))]) {
          const tree = await TreeWriter.open(dir, newest);
          expect(tree.head()).toEqual(headOf(events));
          await tree.close();
        }
        rmSync(dir, { recursive: true });
      }),
      { numRuns: 12 },
    );
  });

  it('gives the hash of any part, with and without the hashes of blocks, and finds a record by its position', async () => {
    const dir = newDir();
    const events = records(900, 3);
    await write(dir, events, 900);
    const parts = [{ start: 0, end: 900 }, { start: 0, end: 512 }, { start: 256, end: 257 }, { start: 512, end: 900 }, { start: 768, end: 896 }, { start: 899, end: 900 }];
    for (const without of [false, true]) {
      if (without) rmSync(join(dir, BLOCKS_FILE));
      const tree = await TreeReader.open(dir);
      for (const part of parts) expect(await tree.hashOf(part)).toEqual(headOf(events.slice(part.start, part.end)).root);
      const proof: Hash[] = [];
      for (const part of inclusionPath(700, 900)) proof.push(await tree.hashOf(part));
      expect(isIncluded((await tree.leaf(700)) as Hash, 700, proof, headOf(events))).toBe(true);
      expect(await Promise.all([3, 2100, 2700, 0, 4, 2703].map((position) => tree.indexOf(position)))).toEqual([0, 699, 899, undefined, undefined, undefined]);
      await tree.close();
    }
  });
});

describe('a tree that a crash has torn', () => {
  const events = records(600);
  const SIGNED = 500;
  const signed = checkpointOf(events.slice(0, SIGNED));
  const end = headOf(events);
  let whole: string;
  beforeAll(async () => {
    whole = newDir();
    await write(whole, events, 600);
  });
  const torn = (name: string, damage: (bytes: Buffer) => Buffer): string => {
    const dir = newDir();
    cpSync(whole, dir, { recursive: true });
    writeFileSync(join(dir, name), damage(readFileSync(join(dir, name))));
    return dir;
  };
  /** Opens it, takes in what is missing of the log, and looks at what it came to, now and when it is opened again. */
  const resumes = async (dir: string): Promise<number> => {
    const tree = await TreeWriter.open(dir, signed);
    const found = tree.size;
    tree.append(events.slice(found));
    expect(tree.head()).toEqual(end);
    await tree.write();
    await tree.close();
    expect(filesOf(dir)).toBe(filesOf(whole));
    rmSync(dir, { recursive: true });
    return found;
  };
  const LAST = 2;
  const cuts = Array.from({ length: LAST * LEAF_BYTES }, (_none, i) => (600 - LAST) * LEAF_BYTES + i);

  it('goes on from the last whole record, wherever the file ends', async () => {
    for (const at of cuts) expect(await resumes(torn(LEAVES_FILE, (bytes) => bytes.subarray(0, at)))).toBe(Math.floor(at / LEAF_BYTES));
  });

  it('goes on from the last whole record, wherever what was not synced begins', async () => {
    // The hash of a record may happen to end with zeros; then more of it is whole than was cut.
    for (const at of cuts) expect(await resumes(torn(LEAVES_FILE, (bytes) => Buffer.from(bytes).fill(0, at)))).toBe(Math.floor(at / LEAF_BYTES));
  });

  it('goes on from before a page that was not synced, though what comes after it was', async () => {
    const [from, to] = [520 * LEAF_BYTES + 20, 540 * LEAF_BYTES];
    expect(await resumes(torn(LEAVES_FILE, (bytes) => Buffer.from(bytes).fill(0, from, to)))).toBe(520);
  });

  it('works out the hashes of blocks that are torn', async () => {
    for (let at = 0; at < 2 * BLOCK_BYTES; at++) await resumes(torn(BLOCKS_FILE, (bytes) => bytes.subarray(0, at)));
    for (let at = BLOCK_BYTES; at < 2 * BLOCK_BYTES; at++) {
      const dir = newDir();
      cpSync(whole, dir, { recursive: true });
      writeFileSync(join(dir, BLOCKS_FILE), Buffer.from(readFileSync(join(dir, BLOCKS_FILE))).fill(0, at));
      const tree = await TreeWriter.open(dir, checkpointOf(events.slice(0, 300))); // the second block is not signed yet
      expect(tree.head()).toEqual(end);
      await tree.close();
      rmSync(dir, { recursive: true });
    }
  });

  it('is found again where no crash can have torn it: below its newest checkpoint', async () => {
    const flip = (at: number) => (bytes: Buffer): Buffer => {
      const other = Buffer.from(bytes);
      other[at] = (other[at] ?? 0) ^ 1;
      return other;
    };
    const cases = [
      ...Array.from({ length: LEAF_BYTES }, (_none, i) => [LEAVES_FILE, flip((SIGNED - 1) * LEAF_BYTES + i)] as const),
      ...Array.from({ length: 32 }, (_none, i) => [BLOCKS_FILE, flip(i)] as const),
      [LEAVES_FILE, (bytes: Buffer) => bytes.subarray(0, SIGNED * LEAF_BYTES - 1)] as const,
    ];
    for (const [name, damage] of cases) {
      const dir = torn(name, damage);
      const before = filesOf(dir);
      await expect(TreeWriter.open(dir, signed)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
      expect(filesOf(dir)).toBe(before);
      rmSync(dir, { recursive: true });
    }
  });

  it('gives its sound part to who reads it', async () => {
    const dir = torn(LEAVES_FILE, (bytes) => bytes);
    truncateSync(join(dir, LEAVES_FILE), 599 * LEAF_BYTES + 47);
    const tree = await TreeReader.open(dir);
    let count = 0;
    for await (const page of tree.sound(0)) count += page.length;
    expect([tree.size, count]).toEqual([599, 599]);
    await tree.close();
  });
});
