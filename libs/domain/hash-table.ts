/** Entries of a bucket: with its two words as much as a line of the processor's cache. */
const ENTRIES = 6;
/** Of tags, and of bits of its entries' hashes. */
const WORDS = 2;
const BUCKET = WORDS + ENTRIES;
/** So many entries a bucket on average at most: fewer than fit, so that one is found soon that has room. */
const MOST = 5;

/** As many bits as fit six times into a small integer. */
const BITS = 5;
const NO_TAG = 0;
const TAGS = 30;
const REMOVED = 31;

const HASH_BITS = 16;
const HASH = 2 ** HASH_BITS - 1;

/** A hash with what a bucket says of its entry, from 1 to 30, so that others are mostly not looked at: they lie elsewhere in memory. */
export const taggedHash = (hash: number, tag: number): number => hash | (tag << HASH_BITS);

/** A hash that is tagged with a part of itself. */
export const byHash = (hash: number): number => taggedHash(hash, 1 + (hash % TAGS));

type Cells<E> = (E | number | undefined)[];

/**
 * A set of entries that are found by a part of themselves, by a hash of 16 bits (so well up to some 100,000). There are some tables for each learner,
 * and when an event comes their memory is mostly cold. So a table is one array of buckets, each a word of tags, one of
 * bits of what decides about a place, and its entries from the first place on; an entry that does not fit goes to the next
 * bucket. A small table grows by these bits, without a look at its entries; a large one is spared looks at wrong ones.
 */
export abstract class HashTable<E extends object, K> {
  #size = 0;
  /** With those that were removed, whose places stay taken. */
  #taken = 0;
  #cells: Cells<E> = emptyBuckets(1);

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  /** Visits the entries, in no particular order. */
  forEach(visit: (entry: E) => void): void {
    for (const entry of this.#cells) if (typeof entry === 'object') visit(entry);
  }

  /** The tagged hash of an entry's key. */
  protected abstract markOf(entry: E): number;
  protected abstract isOf(entry: E, key: K): boolean;

  /** Visits the entries with one of the tags from `low` to `high`, in no particular order. */
  protected forEachTagged(low: number, high: number, visit: (entry: E) => void): void {
    const cells = this.#cells;
    for (let bucket = 0; bucket < cells.length; bucket += BUCKET) {
      const tags = cells[bucket] as number;
      for (let place = 0; place < ENTRIES; place++) {
        const tag = bitsAt(tags, place);
        if (tag >= low && tag <= high) visit(cells[bucket + WORDS + place] as E);
      }
    }
  }

  /** Where the entry of a key stands; -1 where there is none. `mark` is the key's tagged hash. */
  protected cellOf(key: K, mark: number): number {
    const cells = this.#cells;
    const tag = tagOf(mark);
    const spread = spreadOf(mark);
    const told = toldOf(spread, cells.length);
    for (let bucket = homeOf(spread, cells.length); ; bucket = bucketAfter(bucket, cells.length)) {
      const tags = cells[bucket] as number;
      const tolds = cells[bucket + 1] as number;
      for (let place = 0; place < ENTRIES; place++) {
        const found = bitsAt(tags, place);
        if (found === NO_TAG) return -1;
        if (found !== tag || bitsAt(tolds, place) !== told) continue;
        const cell = bucket + WORDS + place;
        if (this.isOf(cells[cell] as E, key)) return cell;
      }
    }
  }

  /** The entry of a cell that was found. */
  protected at(cell: number): E {
    return this.#cells[cell] as E;
  }

  /** Puts another entry of the same key in the place of one. */
  protected put(cell: number, entry: E): void {
    this.#cells[cell] = entry;
  }

  /** Adds an entry whose key is known not to be there. */
  protected insert(entry: E, mark: number): void {
    if (this.#taken * BUCKET >= this.#cells.length * MOST) this.#rebuild();
    this.#size += 1;
    this.#taken += 1;
    const spread = spreadOf(mark);
    place(this.#cells, homeOf(spread, this.#cells.length), entry, tagOf(mark), toldOf(spread, this.#cells.length));
  }

  /** Removes the entry of a cell that was found. */
  protected remove(cell: number): void {
    const cells = this.#cells;
    const bucket = cell - (cell % BUCKET);
    cells[bucket] = (cells[bucket] as number) | (REMOVED << ((cell - bucket - WORDS) * BITS));
    cells[cell] = undefined;
    this.#size -= 1;
  }

  /** Makes room: twice as much, unless half of what is taken belongs to removed entries. */
  #rebuild(): void {
    const old = this.#cells;
    const buckets = old.length / BUCKET;
    const cells = emptyBuckets<E>(this.#size * 2 > this.#taken ? buckets * 2 : buckets);
    const drop = BITS - bucketBits(cells.length);
    for (let bucket = 0; bucket < old.length; bucket += BUCKET) {
      for (let i = 0; i < ENTRIES; i++) {
        const entry = old[bucket + WORDS + i];
        if (typeof entry !== 'object') continue;
        const tag = bitsAt(old[bucket] as number, i);
        if (isSmall(cells.length)) {
          const told = bitsAt(old[bucket + 1] as number, i);
          place(cells, (told >>> drop) * BUCKET, entry, tag, told);
        } else {
          const spread = spreadOf(this.markOf(entry));
          place(cells, homeOf(spread, cells.length), entry, tag, toldOf(spread, cells.length));
        }
      }
    }
    this.#cells = cells;
    this.#taken = this.#size;
  }
}

const tagOf = (mark: number): number => mark >>> HASH_BITS;

const bitsAt = (word: number, place: number): number => (word >>> (place * BITS)) & (2 ** BITS - 1);

/** The product of a hash with the golden ratio, 32 bits: the first of them say where its entry goes, as many as it takes. */
const spreadOf = (mark: number): number => Math.imul(mark & HASH, 0x9e3779b1) >>> 0;

/** Whether the first bits of a product, as many as a bucket has of each entry, are all it takes to find a place. */
const isSmall = (cells: number): boolean => cells <= BUCKET << BITS;

/** The bits that a bucket has of a product: the first ones; in a large table, where all entries of a bucket share these, later ones. */
const toldOf = (spread: number, cells: number): number => (isSmall(cells) ? spread >>> (32 - BITS) : (spread >>> LATER) & (2 ** BITS - 1));

/** After the bits that find a place among some thousands. */
const LATER = 15;

/** How many bits tell the buckets apart: 2 ** n of them are 8 * 2 ** n cells. */
const bucketBits = (cells: number): number => 28 - Math.clz32(cells);

/** The first cell of the bucket that a product asks for. No shift by 32 bits, which would be none. */
const homeOf = (spread: number, cells: number): number => ((spread >>> 1) >>> (31 - bucketBits(cells))) * BUCKET;

const bucketAfter = (bucket: number, cells: number): number => (bucket + BUCKET === cells ? 0 : bucket + BUCKET);

/** Puts an entry into the first free place from its home on. */
const place = <E>(cells: Cells<E>, home: number, entry: E, tag: number, told: number): void => {
  for (let bucket = home; ; bucket = bucketAfter(bucket, cells.length)) {
    const tags = cells[bucket] as number;
    for (let i = 0; i < ENTRIES; i++) {
      if (bitsAt(tags, i) !== NO_TAG) continue;
      cells[bucket] = tags | (tag << (i * BITS));
      cells[bucket + 1] = (cells[bucket + 1] as number) | (told << (i * BITS));
      cells[bucket + WORDS + i] = entry;
      return;
    }
  }
};

/** `count` is a power of two. */
const emptyBuckets = <E>(count: number): Cells<E> => {
  const cells: Cells<E> = new Array<E | number | undefined>(count * BUCKET);
  for (let bucket = 0; bucket < cells.length; bucket += BUCKET) cells[bucket] = cells[bucket + 1] = 0;
  return cells;
};
