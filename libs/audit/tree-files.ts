import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Frontier, HASH_BYTES, rootOf, type Hash, type Leaves } from './merkle.js';
import { CHAIN_START, chainWith, readInt64, writeInt64 } from './record.js';

/*
 * The kept tree: two files that are only appended to.
 *
 *   leaves   48 bytes a record: its position, its leaf hash, the first 8 bytes of the end of the chain with it
 *   blocks   64 bytes for every 256 records: the hash of the subtree over them, the end of the chain with the last of them
 *
 * `blocks` follows from `leaves` and saves reading all of it: the hash of any part of the tree takes at most 510 leaves and the
 * blocks between. The 8 bytes of the chain tell what was written whole from what was torn by a crash.
 */

/** Where the leaves are, in the directory of the audit. */
export const LEAVES_FILE = 'leaves';
/** Where the hashes of whole blocks are. */
export const BLOCKS_FILE = 'blocks';

const CHECK_BYTES = 8;
/** What a record takes in `leaves`. */
export const LEAF_BYTES = 8 + HASH_BYTES + CHECK_BYTES;
/** What 256 records take in `blocks`. */
export const BLOCK_BYTES = 2 * HASH_BYTES;
/** The height of a subtree over a block. */
export const BLOCK_HEIGHT = 8;
export const BLOCK = 2 ** BLOCK_HEIGHT;

const PAGE = 16 * BLOCK;

/** A record as the tree keeps it. */
export interface KeptLeaf {
  readonly position: number;
  readonly leaf: Hash;
  /** The end of the chain with it. */
  readonly chain: Hash;
}

/** Writes a leaf to its place in a page of `leaves`. */
export const writeLeaf = ({ position, leaf, chain }: KeptLeaf, page: Buffer, at: number): void => {
  page.set(leaf, writeInt64(position, page, at));
  page.set(chain.subarray(0, CHECK_BYTES), at + 8 + HASH_BYTES);
};

/** What is written for a whole block. */
export const blockBytes = (root: Hash, chain: Hash): Buffer => Buffer.concat([root, chain]);

const readAt = async (file: FileHandle, at: number, length: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
};

const openIfThere = async (path: string): Promise<FileHandle | undefined> => {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

const sizeOf = async (file: FileHandle | undefined): Promise<number> => (await file?.stat())?.size ?? 0;

/** The kept tree, to read; whoever writes it may go on meanwhile. What is in it is not believed before it was held against a checkpoint. */
export class TreeReader {
  private constructor(
    private readonly leaves: FileHandle | undefined,
    private readonly wholeBlocks: FileHandle | undefined,
    /** How many records there are, as of the opening. */
    readonly size: number,
    /** For how many blocks there is a hash. */
    readonly blocks: number,
  ) {}

  /** Opens the tree of an audit's directory; an empty one where there is none. */
  static async open(dir: string): Promise<TreeReader> {
    const leaves = await openIfThere(join(dir, LEAVES_FILE));
    const blocks = await openIfThere(join(dir, BLOCKS_FILE));
    const size = Math.floor((await sizeOf(leaves)) / LEAF_BYTES);
    return new TreeReader(leaves, blocks, size, Math.min(Math.floor(size / BLOCK), Math.floor((await sizeOf(blocks)) / BLOCK_BYTES)));
  }

  async close(): Promise<void> {
    await this.leaves?.close();
    await this.wholeBlocks?.close();
  }

  /** The hash of the subtree over a block, and the end of the chain with its last record. */
  async block(index: number): Promise<{ readonly root: Hash; readonly chain: Hash }> {
    const bytes = this.wholeBlocks ? await readAt(this.wholeBlocks, index * BLOCK_BYTES, BLOCK_BYTES) : Buffer.alloc(0);
    return { root: bytes.subarray(0, HASH_BYTES), chain: bytes.subarray(HASH_BYTES) };
  }

  /** The hashes of the subtrees over the first blocks. */
  async blockRoots(start: number, end: number): Promise<readonly Hash[]> {
    const bytes = this.wholeBlocks && end > start ? await readAt(this.wholeBlocks, start * BLOCK_BYTES, (end - start) * BLOCK_BYTES) : Buffer.alloc(0);
    return Array.from({ length: Math.floor(bytes.length / BLOCK_BYTES) }, (_none, i) => bytes.subarray(i * BLOCK_BYTES, i * BLOCK_BYTES + HASH_BYTES));
  }

  /** Position, leaf hash and bytes of the chain of each of these records. */
  async #page({ start, end }: Leaves): Promise<readonly { readonly position: number; readonly leaf: Hash; readonly check: Buffer }[]> {
    const bytes = this.leaves && end > start ? await readAt(this.leaves, start * LEAF_BYTES, (end - start) * LEAF_BYTES) : Buffer.alloc(0);
    return Array.from({ length: Math.floor(bytes.length / LEAF_BYTES) }, (_none, i) => {
      const entry = bytes.subarray(i * LEAF_BYTES, (i + 1) * LEAF_BYTES);
      return { position: readInt64(entry, 0), leaf: entry.subarray(8, 8 + HASH_BYTES), check: entry.subarray(8 + HASH_BYTES) };
    });
  }

  /** The log position of a record; 0 for the one before the first. */
  async position(index: number): Promise<number> {
    const [entry] = index < 0 ? [] : await this.#page({ start: index, end: index + 1 });
    return entry?.position ?? 0;
  }

  /** The leaf hash of a record. */
  async leaf(index: number): Promise<Hash | undefined> {
    return (await this.#page({ start: index, end: index + 1 }))[0]?.leaf;
  }

  /** Which record has this position; undefined where none has. */
  async indexOf(position: number): Promise<number | undefined> {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.position(middle)) < position) low = middle + 1;
      else high = middle;
    }
    return low < this.size && (await this.position(low)) === position ? low : undefined;
  }

  /** Records from a place on, page by page, as long as each agrees with the chain and stands after the one before. */
  async *sound(start: number, chain: Hash = CHAIN_START): AsyncGenerator<readonly KeptLeaf[], void, undefined> {
    let last = await this.position(start - 1);
    for (let from = start; from < this.size; from += PAGE) {
      const found: KeptLeaf[] = [];
      const wanted = Math.min(this.size - from, PAGE);
      for (const { position, leaf, check } of await this.#page({ start: from, end: from + wanted })) {
        chain = chainWith(chain, position, leaf);
        if (position <= last || Buffer.compare(chain.subarray(0, CHECK_BYTES), check) !== 0) break;
        found.push({ position, leaf, chain });
        last = position;
      }
      if (found.length > 0) yield found;
      if (found.length < wanted) return;
    }
  }

  /** The hash of the tree over some records, which start where RFC 9162 divides a tree. */
  async hashOf({ start, end }: Leaves): Promise<Hash> {
    const tree = new Frontier();
    const whole = start % BLOCK === 0 ? Math.min(Math.floor(end / BLOCK), this.blocks) * BLOCK : start;
    for (const root of await this.blockRoots(start / BLOCK, whole / BLOCK)) tree.push(root, BLOCK_HEIGHT);
    for (let from = Math.max(start, whole); from < end; from += PAGE) {
      for (const { leaf } of await this.#page({ start: from, end: Math.min(end, from + PAGE) })) tree.push(leaf);
    }
    return rootOf(tree.peaks());
  }
}
