import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { syncDirectory } from '#event-store/replace-file.js';
import type { Checkpoint } from './checkpoint.js';
import { Frontier, rootOf, type Hash } from './merkle.js';
import { CHAIN_START, chainWith, leafOf } from './record.js';
import { BLOCK, BLOCK_BYTES, BLOCK_HEIGHT, blockBytes, BLOCKS_FILE, LEAF_BYTES, LEAVES_FILE, TreeReader, writeLeaf, type KeptLeaf } from './tree-files.js';

/** What the tree comes to. */
export type TreeHead = Pick<Checkpoint, 'size' | 'root' | 'position' | 'chain'>;

const same = (a: Hash, b: Hash): boolean => Buffer.compare(a, b) === 0;

/** Bytes that wait to be appended to a file. */
class Tail {
  #waiting: Buffer[] = [];
  bytes = 0;

  constructor(
    private readonly file: FileHandle,
    private end: number,
  ) {}

  add(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.bytes += bytes.length;
  }

  /** Writes what waits; where that fails, all of it goes on waiting. */
  async write(): Promise<void> {
    const count = this.#waiting.length;
    const bytes = Buffer.concat(this.#waiting);
    for (let done = 0; done < bytes.length; ) done += (await this.file.write(bytes, done, bytes.length - done, this.end + done)).bytesWritten;
    this.#waiting.splice(0, count);
    this.bytes -= bytes.length;
    this.end += bytes.length;
  }
}

/**
 * The kept tree, to go on with. Records are taken in at once and written when it is asked for; a crash at any instruction leaves
 * files from which `open` goes on.
 */
export class TreeWriter {
  readonly #block: Frontier;
  readonly #blocks: Frontier;
  #size: number;
  #position: number;
  #chain: Hash;

  private constructor(
    private readonly files: readonly FileHandle[],
    private readonly leaves: Tail,
    private readonly wholeBlocks: Tail,
    state: TreeState,
  ) {
    this.#block = state.block;
    this.#blocks = state.blocks;
    this.#size = state.size;
    this.#position = state.position;
    this.#chain = state.chain;
  }

  /**
   * Opens the tree of an audit's directory where it was left. Up to the newest checkpoint it has to be the one that was signed;
   * what was torn by a crash after that is cut off.
   * @throws ProofmarkError STORE_CORRUPT where it is not; then nothing was changed.
   */
  static async open(dir: string, newest: Checkpoint | undefined): Promise<TreeWriter> {
    const state = await readState(dir, newest);
    const [leaves, blocks] = [await openToWrite(dir, LEAVES_FILE), await openToWrite(dir, BLOCKS_FILE)];
    await leaves.truncate(state.size * LEAF_BYTES);
    const kept = state.keptBlocks * BLOCK_BYTES;
    await blocks.truncate(kept);
    const waiting = new Tail(blocks, kept);
    for (const block of state.newBlocks) waiting.add(block);
    return new TreeWriter([leaves, blocks], new Tail(leaves, state.size * LEAF_BYTES), waiting, state);
  }

  /** How many records it holds. */
  get size(): number {
    return this.#size;
  }

  /** The log position of the last of them; 0 where there is none. */
  get position(): number {
    return this.#position;
  }

  /** Bytes that are not written yet. */
  get unwritten(): number {
    return this.leaves.bytes + this.wholeBlocks.bytes;
  }

  /** What it comes to now. */
  head(): TreeHead {
    return { size: this.#size, root: rootOf([...this.#blocks.peaks(), ...this.#block.peaks()]), position: this.#position, chain: this.#chain };
  }

  /** Takes in the records that follow: all of them, or none where it throws. */
  append(events: readonly RecordedEvent[]): void {
    const page = Buffer.allocUnsafe(events.length * LEAF_BYTES);
    const records = events.map((event) => ({ position: event.position, leaf: leafOf(event) }));
    for (const [i, { position, leaf }] of records.entries()) {
      this.#position = position;
      this.#chain = chainWith(this.#chain, position, leaf);
      this.#size += 1;
      writeLeaf({ position, leaf, chain: this.#chain }, page, i * LEAF_BYTES);
      const block = intoTree(this.#block, this.#blocks, { leaf, chain: this.#chain }, this.#size);
      if (block) this.wholeBlocks.add(block);
    }
    this.leaves.add(page);
  }

  /** Writes what was taken in; what is not written is lost in a crash, and found in the log again. */
  async write(): Promise<void> {
    await this.leaves.write();
    await this.wholeBlocks.write();
  }

  /** Makes durable what was written. */
  async sync(): Promise<void> {
    for (const file of this.files) await file.datasync();
  }

  async close(): Promise<void> {
    for (const file of this.files) await file.close();
  }
}

const openToWrite = async (dir: string, name: string): Promise<FileHandle> => {
  try {
    return await open(join(dir, name), 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const made = await open(join(dir, name), 'wx+');
  await syncDirectory(dir);
  return made;
};

/** Takes a leaf into the tree, and gives what is to be written of a block that it fills. */
const intoTree = (block: Frontier, blocks: Frontier, { leaf, chain }: Pick<KeptLeaf, 'leaf' | 'chain'>, size: number): Buffer | undefined => {
  block.push(leaf);
  if (size % BLOCK !== 0) return undefined;
  const root = block.root();
  block.clear();
  blocks.push(root, BLOCK_HEIGHT);
  return blockBytes(root, chain);
};

interface TreeState extends Pick<TreeHead, 'size' | 'position' | 'chain'> {
  readonly block: Frontier;
  readonly blocks: Frontier;
  /** So many of `blocks` are taken as they are written. */
  readonly keptBlocks: number;
  /** What is to be written after them. */
  readonly newBlocks: readonly Buffer[];
}

const altered = (dir: string, what: string): ProofmarkError =>
  new ProofmarkError('STORE_CORRUPT', `The kept tree of the audit in ${dir} ${what}. Nothing was changed. Keep the directory as it is, and see what "proofmark audit verify" says.`);

/** Where the tree was left: blocks up to the newest checkpoint as they are written, which its hash proves, the rest leaf by leaf. */
const readState = async (dir: string, newest: Checkpoint | undefined): Promise<TreeState> => {
  const tree = await TreeReader.open(dir);
  try {
    const signed = newest?.size ?? 0;
    if (tree.size < signed) throw altered(dir, `ends after ${tree.size} records, and its newest checkpoint is over ${signed}`);
    const keptBlocks = Math.min(Math.floor(signed / BLOCK), tree.blocks);
    const [block, blocks] = [new Frontier(), new Frontier()];
    for (const root of await tree.blockRoots(0, keptBlocks)) blocks.push(root, BLOCK_HEIGHT);
    let size = keptBlocks * BLOCK;
    let position = await tree.position(size - 1);
    let chain = keptBlocks === 0 ? CHAIN_START : (await tree.block(keptBlocks - 1)).chain;
    const newBlocks: Buffer[] = [];
    const check = (): void => {
      if (!newest || size !== newest.size) return;
      const root = rootOf([...blocks.peaks(), ...block.peaks()]);
      if (!same(root, newest.root) || !same(chain, newest.chain) || position !== newest.position) throw altered(dir, `is not the one of its newest checkpoint, over ${signed} records`);
    };
    check();
    for await (const page of tree.sound(size, chain)) {
      for (const kept of page) {
        ({ position, chain } = kept);
        const whole = intoTree(block, blocks, kept, ++size);
        if (whole) newBlocks.push(whole);
        check();
      }
    }
    if (size < signed) throw altered(dir, `does not agree with itself after ${size} records, and its newest checkpoint is over ${signed}`);
    return { size, position, chain, block, blocks, keptBlocks, newBlocks };
  } finally {
    await tree.close();
  }
};
