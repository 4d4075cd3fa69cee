/** Lets a few pieces of work run at once and a few more wait; others are turned away. */
export class FewAtOnce {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  /** Runs it now, or when its turn comes; undefined where too many wait already. */
  async run<T>(work: () => Promise<T>): Promise<{ readonly done: T } | undefined> {
    if (this.#running >= this.atOnce) {
      if (this.#waiting.length >= this.mostWaiting) return undefined;
      await new Promise<void>((go) => this.#waiting.push(go));
    } else this.#running += 1;
    try {
      return { done: await work() };
    } finally {
      const next = this.#waiting.shift();
      // Its place goes on to the next one.
      if (next) next();
      else this.#running -= 1;
    }
  }
}
