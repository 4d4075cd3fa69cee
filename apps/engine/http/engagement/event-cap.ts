/** So many events of one credential count in an hour. More people than that may look at it; more is what a program does that poses as many. */
export const MOST_AN_HOUR = 1_000;
const HOUR = 3_600_000;

/** Bounds what strangers can write into the log about one credential, whoever they say that they are. */
export class EventCap {
  #hour = -1;
  readonly #counts = new Map<string, number>();

  /** True where no more of this credential counts for now. */
  isReached(code: string, now: number): boolean {
    return this.#of(code, now) >= MOST_AN_HOUR;
  }

  /** One more has counted. */
  count(code: string, now: number): void {
    this.#counts.set(code, this.#of(code, now) + 1);
  }

  #of(code: string, now: number): number {
    const hour = Math.floor(now / HOUR);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#counts.clear();
    }
    return this.#counts.get(code) ?? 0;
  }
}
