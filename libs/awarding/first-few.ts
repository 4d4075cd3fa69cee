/** Keeps the first few of a stream by an order, in memory that does not grow with the stream. */
export class FirstFew<T> {
  #kept: T[] = [];

  constructor(
    private readonly limit: number,
    private readonly compare: (a: T, b: T) => number,
  ) {}

  add(one: T): void {
    this.#kept.push(one);
    if (this.#kept.length >= 2 * this.limit + 100) this.#cut();
  }

  /** The first few, in their order. */
  list(): readonly T[] {
    this.#cut();
    return this.#kept;
  }

  #cut(): void {
    this.#kept = this.#kept.sort(this.compare).slice(0, this.limit);
  }
}

/** Order of texts by code unit: the same wherever it runs. */
export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
