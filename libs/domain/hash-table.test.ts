import fc from 'fast-check';
import { byHash, HashTable, taggedHash } from './hash-table.js';

interface Entry {
  readonly key: number;
  readonly hash: number;
}

/** Entries by a number; several numbers share a hash. */
class Table extends HashTable<Entry, number> {
  constructor(private readonly marked: (hash: number) => number) {
    super();
  }

  has(key: number, hash: number): boolean {
    return this.cellOf(key, this.marked(hash)) >= 0;
  }

  add(entry: Entry): void {
    this.insert(entry, this.markOf(entry));
  }

  delete({ key, hash }: Entry): void {
    this.remove(this.cellOf(key, this.marked(hash)));
  }

  tagged(low: number, high: number): readonly number[] {
    const keys: number[] = [];
    this.forEachTagged(low, high, ({ key }) => keys.push(key));
    return keys.sort((a, b) => a - b);
  }

  protected markOf({ hash }: Entry): number {
    return this.marked(hash);
  }

  protected isOf(entry: Entry, key: number): boolean {
    return entry.key === key;
  }
}

const keysOf = (table: Table): readonly number[] => {
  const keys: number[] = [];
  table.forEach(({ key }) => keys.push(key));
  return keys.sort((a, b) => a - b);
};

/** Many hashes, a few that many share, and only the lowest bits. */
const HASHES = [(key: number) => (key * 40_503) & 0xffff, (key: number) => (key % 7) * 9_001, (key: number) => key & 0xff];
const MARKS = [byHash, (hash: number) => taggedHash(hash, 1 + (hash % 3))];

describe('a table of entries', () => {
  // Small tables know where their entries go, large ones (above 160 or so) ask them.
  it('has what was added and not removed, however large it grows and however often entries go', () => {
    const steps = fc.array(fc.record({ add: fc.integer({ min: 0, max: 400 }), remove: fc.integer({ min: 0, max: 300 }) }), { maxLength: 5 });
    fc.assert(
      fc.property(steps, fc.constantFrom(...HASHES), fc.constantFrom(...MARKS), fc.nat(), (made, hashOf, marked, seed) => {
        const table = new Table(marked);
        const expected = new Map<number, Entry>();
        let next = 0;
        for (const { add, remove } of made) {
          for (let i = 0; i < add; i++) {
            const entry = { key: next, hash: hashOf(next) };
            expected.set(next++, entry);
            table.add(entry);
          }
          const there = [...expected.values()];
          for (let i = 0; i < Math.min(remove, there.length); i++) {
            const entry = there[(seed + i * 31) % there.length];
            if (entry && expected.delete(entry.key)) table.delete(entry);
          }
          expect(table.size).toBe(expected.size);
          expect(keysOf(table)).toEqual([...expected.keys()].sort((a, b) => a - b));
          for (let key = 0; key < next; key++) expect(table.has(key, hashOf(key))).toBe(expected.has(key));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('visits the entries of some tags, at every size', () => {
    const table = new Table((hash) => taggedHash(hash, 1 + (hash % 30)));
    for (let key = 0; key < 1000; key++) {
      table.add({ key, hash: key });
      if (key % 97 !== 0) continue;
      const expected = Array.from({ length: key + 1 }, (_, one) => one).filter((one) => one % 30 === 3 || one % 30 === 4);
      expect(table.tagged(4, 5)).toEqual(expected);
    }
  });
});
