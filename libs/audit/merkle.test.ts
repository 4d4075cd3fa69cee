import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { consistencyPath, EMPTY_ROOT, Frontier, inclusionPath, isContinued, isIncluded, rootOf, type Hash, type Leaves } from './merkle.js';

/* The reference: RFC 9162 section 2.1, word for word, on whole lists. */

const sha = (...parts: readonly Uint8Array[]): Hash => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafHash = (data: Uint8Array): Hash => sha(Buffer.of(0), data);
const k = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);
const mth = (leaves: readonly Hash[]): Hash => {
  const [only] = leaves;
  if (!only) return sha();
  if (leaves.length === 1) return only;
  const middle = k(leaves.length);
  return sha(Buffer.of(1), mth(leaves.slice(0, middle)), mth(leaves.slice(middle)));
};
const path = (m: number, leaves: readonly Hash[]): readonly Hash[] => {
  if (leaves.length === 1) return [];
  const middle = k(leaves.length);
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return m < middle ? [...path(m, left), mth(right)] : [...path(m - middle, right), mth(left)];
};
const subproof = (m: number, leaves: readonly Hash[], whole: boolean): readonly Hash[] => {
  if (m === leaves.length) return whole ? [] : [mth(leaves)];
  const middle = k(leaves.length);
  const [left, right] = [leaves.slice(0, middle), leaves.slice(middle)];
  return m <= middle ? [...subproof(m, left, whole), mth(right)] : [...subproof(m - middle, right, false), mth(left)];
};

const hex = (hash: Hash): string => Buffer.from(hash).toString('hex');
const grown = (leaves: readonly Hash[]): Hash => {
  const tree = new Frontier();
  for (const leaf of leaves) tree.push(leaf);
  return tree.root();
};
const hashesOf = (leaves: readonly Hash[], subtrees: readonly Leaves[]): readonly Hash[] => subtrees.map(({ start, end }) => grown(leaves.slice(start, end)));
const leavesOf = (count: number): readonly Hash[] => Array.from({ length: count }, (_none, i) => leafHash(Buffer.from(`record ${i}`)));
const flipped = (hash: Hash, bit: number): Hash => {
  const other = Uint8Array.from(hash);
  other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return other;
};
const altered = (hashes: readonly Hash[], which: number, bit: number): readonly Hash[] => hashes.map((hash, i) => (i === which ? flipped(hash, bit) : hash));
const bits = fc.nat({ max: 255 });
/** A tree's size, and a number below it. */
const sizes = fc.integer({ min: 1, max: 300 }).chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 })));

describe('the tree', () => {
  // The test vectors of Certificate Transparency's implementations for RFC 6962, whose tree RFC 9162 took over.
  const DATA = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((data) => Buffer.from(data, 'hex'));
  const ROOTS = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];

  it('has the hashes of the published test vectors', () => {
    expect(ROOTS.map((_root, size) => hex(grown(DATA.slice(0, size).map(leafHash))))).toEqual(ROOTS);
    expect(hex(EMPTY_ROOT)).toBe(ROOTS[0]);
  });

  it('has the paths of the published test vectors', () => {
    const leaves = DATA.map(leafHash);
    expect(hashesOf(leaves, inclusionPath(5, 8)).map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(hashesOf(leaves, consistencyPath(6, 8)).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('is that of the reference, at any size, whether it grows by leaves or by perfect subtrees', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), fc.integer({ min: 0, max: 6 }), (size, height) => {
        const leaves = leavesOf(size);
        expect(hex(grown(leaves))).toBe(hex(mth(leaves)));
        const tree = new Frontier();
        const block = 2 ** height;
        const whole = size - (size % block);
        for (let start = 0; start < whole; start += block) tree.push(mth(leaves.slice(start, start + block)), height);
        for (const leaf of leaves.slice(whole)) tree.push(leaf);
        expect(hex(rootOf(tree.peaks()))).toBe(hex(mth(leaves)));
      }),
    );
  });

  it('goes on apart from its clone', () => {
    const tree = new Frontier();
    for (const leaf of leavesOf(5)) tree.push(leaf);
    const other = tree.clone();
    other.push(leafHash(Buffer.from('other')));
    expect(hex(tree.root())).toBe(hex(mth(leavesOf(5))));
  });
});

describe('a proof that a leaf is in the tree', () => {
  it('is that of the reference, and holds', () => {
    fc.assert(
      fc.property(sizes, ([size, index]) => {
        const leaves = leavesOf(size);
        const proof = hashesOf(leaves, inclusionPath(index, size));
        expect(proof.map(hex)).toEqual(path(index, leaves).map(hex));
        expect(isIncluded(leaves[index] as Hash, index, proof, { size, root: mth(leaves) })).toBe(true);
      }),
    );
  });

  it('holds for no other leaf, place, path or tree', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), bits, ([size, index], which, bit) => {
        const leaves = leavesOf(size);
        const leaf = leaves[index] as Hash;
        const proof = path(index, leaves);
        const root = mth(leaves);
        expect(isIncluded(flipped(leaf, bit), index, proof, { size, root })).toBe(false);
        expect(isIncluded(leaf, index, proof, { size, root: flipped(root, bit) })).toBe(false);
        expect(isIncluded(leaf, index, [...proof, leaf], { size, root })).toBe(false);
        if (size > 1) {
          expect(isIncluded(leaf, (index + 1) % size, proof, { size, root })).toBe(false);
          expect(isIncluded(leaf, index, altered(proof, which % proof.length, bit), { size, root })).toBe(false);
          expect(isIncluded(leaf, index, proof.slice(1), { size, root })).toBe(false);
        }
        for (const wrong of [-1, size, 0.5, NaN]) expect(isIncluded(leaf, wrong, proof, { size, root })).toBe(false);
      }),
    );
  });
});

describe('a proof that a tree begins with another', () => {
  it('is that of the reference, and holds', () => {
    fc.assert(
      fc.property(sizes, ([size, less]) => {
        const leaves = leavesOf(size);
        const first = less + 1;
        const proof = first === size ? [] : hashesOf(leaves, consistencyPath(first, size));
        expect(proof.map(hex)).toEqual(subproof(first, leaves, true).map(hex));
        expect(isContinued({ size: first, root: mth(leaves.slice(0, first)) }, { size, root: mth(leaves) }, proof)).toBe(true);
      }),
    );
  });

  it('holds for no other tree, size or path', () => {
    fc.assert(
      fc.property(sizes.filter(([size, less]) => less + 1 < size), fc.nat(), bits, ([size, less], which, bit) => {
        const leaves = leavesOf(size);
        const [first, second] = [{ size: less + 1, root: mth(leaves.slice(0, less + 1)) }, { size, root: mth(leaves) }];
        const proof = subproof(first.size, leaves, true);
        expect(isContinued({ ...first, root: flipped(first.root, bit) }, second, proof)).toBe(false);
        expect(isContinued(first, { ...second, root: flipped(second.root, bit) }, proof)).toBe(false);
        expect(isContinued(first, second, altered(proof, which % proof.length, bit))).toBe(false);
        expect(isContinued(first, second, [...proof, second.root])).toBe(false);
        expect(isContinued(first, second, proof.slice(1))).toBe(false);
        expect(isContinued(first, { ...second, size: first.size }, proof)).toBe(false);
        expect(isContinued({ ...first, size: 0 }, second, proof)).toBe(false);
      }),
    );
  });
});
