import { hash } from 'node:crypto';

/** A SHA-256 hash: 32 bytes. */
export type Hash = Uint8Array;

export const HASH_BYTES = 32;

/** SHA-256 of bytes. Asked for as text, since Node takes twice as long to hand out bytes. */
export const sha256 = (bytes: Uint8Array): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

/** The hash of a tree without leaves (RFC 9162 section 2.1.1). */
export const EMPTY_ROOT: Hash = sha256(new Uint8Array(0));

export const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;
const node = new Uint8Array(1 + 2 * HASH_BYTES);
node[0] = NODE_PREFIX;

/** The hash of a node from those of its children (RFC 9162 section 2.1.1). */
export const nodeHash = (left: Hash, right: Hash): Buffer => {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
};

/** The hash of a tree from those of the perfect subtrees that it consists of, the largest first. */
export const rootOf = (peaks: readonly Hash[]): Hash => peaks.length === 0 ? EMPTY_ROOT : peaks.reduceRight((right, left) => nodeHash(left, right));

/** A tree that only grows: of its nodes it holds the tops of the perfect subtrees that it consists of. */
export class Frontier {
  readonly #peaks: { readonly height: number; readonly hash: Hash }[] = [];

  /** The same tree, to go on with apart. */
  clone(): Frontier {
    const other = new Frontier();
    other.#peaks.push(...this.#peaks);
    return other;
  }

  /** Takes in a leaf, or a perfect subtree of 2 to the power of `height` leaves; smaller ones than that must not have come before. */
  push(hash: Hash, height = 0): void {
    for (let top = this.#peaks.at(-1); top?.height === height; top = this.#peaks.at(-1)) {
      hash = nodeHash(top.hash, hash);
      height += 1;
      this.#peaks.pop();
    }
    this.#peaks.push({ height, hash });
  }

  /** Starts anew, without leaves. */
  clear(): void {
    this.#peaks.length = 0;
  }

  /** The tops, the largest first. */
  peaks(): readonly Hash[] {
    return this.#peaks.map(({ hash }) => hash);
  }

  root(): Hash {
    return rootOf(this.peaks());
  }
}

/** Leaves of a tree from `start` up to and without `end`, numbered from 0. */
export interface Leaves {
  readonly start: number;
  readonly end: number;
}

/** Where RFC 9162 divides a tree of `size` > 1 leaves: the largest power of two below it. */
const divide = (size: number): number => {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
};

/** The subtrees whose hashes prove that a leaf is in the tree of `size` leaves (RFC 9162 section 2.1.3.1). */
export const inclusionPath = (index: number, size: number): readonly Leaves[] => {
  const path: Leaves[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + divide(end - start);
    if (index < middle) {
      path.unshift({ start: middle, end });
      end = middle;
    } else {
      path.unshift({ start, end: middle });
      start = middle;
    }
  }
  return path;
};

/** The subtrees whose hashes prove that a tree of `size` leaves begins with the one of `first` leaves, 0 < first < size (RFC 9162 section 2.1.4.1). */
export const consistencyPath = (first: number, size: number): readonly Leaves[] => {
  const path: Leaves[] = [];
  let [start, end] = [0, size];
  while (end !== first) {
    const middle = start + divide(end - start);
    if (first <= middle) {
      path.unshift({ start: middle, end });
      end = middle;
    } else {
      path.unshift({ start, end: middle });
      start = middle;
    }
  }
  return start === 0 ? path : [{ start, end }, ...path];
};

const same = (a: Hash, b: Hash): boolean => Buffer.compare(a, b) === 0;
const half = (n: number): number => Math.floor(n / 2);
const isOdd = (n: number): boolean => n % 2 === 1;

/** True where the path proves that the leaf stands at this place of the tree (RFC 9162 section 2.1.3.2). */
export const isIncluded = (leaf: Hash, index: number, path: readonly Hash[], { size, root }: { readonly size: number; readonly root: Hash }): boolean => {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let [fn, sn, reached] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      reached = nodeHash(sibling, reached);
      while (!isOdd(fn) && fn > 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      reached = nodeHash(reached, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(reached, root);
};

/** True where the path proves that the second tree begins with the first one (RFC 9162 section 2.1.4.2). */
export const isContinued = (first: { readonly size: number; readonly root: Hash }, second: { readonly size: number; readonly root: Hash }, path: readonly Hash[]): boolean => {
  if (first.size === second.size) return path.length === 0 && same(first.root, second.root);
  if (!(first.size > 0 && first.size < second.size)) return false;
  const whole = Number.isInteger(Math.log2(first.size)) ? [first.root, ...path] : path;
  const [start, ...rest] = whole;
  if (path.length === 0 || !start) return false;
  let [fn, sn] = [first.size - 1, second.size - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [before, after] = [start, start];
  for (const sibling of rest) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      while (!isOdd(fn) && fn > 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      after = nodeHash(after, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(before, first.root) && same(after, second.root);
};
