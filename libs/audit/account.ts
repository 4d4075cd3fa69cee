import type { Checkpoint } from './checkpoint.js';
import { Frontier, type Hash } from './merkle.js';
import { CHAIN_START, chainWith } from './record.js';
import type { KeptLeaf, TreeReader } from './tree-files.js';

/** Tree and chain over records that are taken in one after another. */
export class Account {
  size = 0;

  constructor(
    private readonly tree = new Frontier(),
    private chain: Hash = CHAIN_START,
    private position = 0,
  ) {}

  take({ position, leaf }: Pick<KeptLeaf, 'position' | 'leaf'>): void {
    this.tree.push(leaf);
    this.chain = chainWith(this.chain, position, leaf);
    this.position = position;
    this.size += 1;
  }

  /** The same so far, to go on with apart. */
  clone(): Account {
    const other = new Account(this.tree.clone(), this.chain, this.position);
    other.size = this.size;
    return other;
  }

  agreesWith({ root, chain, position }: Pick<Checkpoint, 'root' | 'chain' | 'position'>): boolean {
    return position === this.position && Buffer.compare(chain, this.chain) === 0 && Buffer.compare(root, this.tree.root()) === 0;
  }
}

/** The kept tree, leaf by leaf, as far as it agrees with itself. */
export class KeptLeaves {
  readonly #pages: AsyncGenerator<readonly KeptLeaf[], void, undefined>;
  #page: readonly KeptLeaf[] = [];
  #next = 0;
  /** How many were passed. */
  passed = 0;

  constructor(tree: TreeReader) {
    this.#pages = tree.sound(0);
  }

  /** The next one, as long as it is in the page at hand. */
  get atHand(): KeptLeaf | undefined {
    return this.#page[this.#next];
  }

  /** The next one; undefined after the last. */
  async peek(): Promise<KeptLeaf | undefined> {
    if (this.#next < this.#page.length) return this.#page[this.#next];
    const { value } = await this.#pages.next();
    this.#page = value ?? [];
    this.#next = 0;
    return this.#page[0];
  }

  pass(): void {
    this.#next += 1;
    this.passed += 1;
  }
}
