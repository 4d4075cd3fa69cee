/** Lets what is done with one thing happen one after another, in the order in which it was asked for; with other things meanwhile. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Does something with a thing once everything that was asked for before is over, however it ended. */
  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const over = result.then(() => undefined, () => undefined);
    this.#last.set(key, over);
    void over.then(() => this.#last.get(key) === over && this.#last.delete(key));
    return result;
  }

  /** True while something is being done with a thing, or waits for it. */
  isTaken(key: string): boolean {
    return this.#last.has(key);
  }

  /** Waits until everything that was asked for is over. */
  async over(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}
