import { createHash } from 'node:crypto';

/** The same visitor does the same again within so long: it counts once. */
export const WINDOW_MS = 30 * 60_000;
/** So many are remembered at most; the oldest are forgotten first. */
const MOST = 50_000;
const DAY = 86_400_000;
const SALT_BYTES = 16;

/**
 * Tells whether somebody has just done the same. It remembers hashes under a secret that lasts a day at most, in memory
 * alone: nobody, we included, can find out later who it was.
 */
export class Visitors {
  #day = -1;
  #salt: Uint8Array = new Uint8Array();
  /** When each was counted, oldest first, epoch milliseconds. */
  readonly #counted = new Map<string, number>();

  constructor(private readonly random: (length: number) => Uint8Array) {}

  /** True the first time within the window; `traits` tell visitors apart, `act` what they do. */
  isNew(traits: readonly string[], act: string, now: number): boolean {
    const key = this.#key(traits, act, now);
    const before = this.#counted.get(key);
    if (before !== undefined && now - before < WINDOW_MS) return false;
    this.#counted.delete(key);
    this.#counted.set(key, now);
    const [oldest] = this.#counted.keys();
    if (this.#counted.size > MOST && oldest !== undefined) this.#counted.delete(oldest);
    return true;
  }
  /** What was counted has come to nothing: the next time is the first one again. */
  forget(traits: readonly string[], act: string, now: number): void {
    this.#counted.delete(this.#key(traits, act, now));
  }

  #key(traits: readonly string[], act: string, now: number): string {
    const day = Math.floor(now / DAY);
    if (day !== this.#day) {
      this.#day = day;
      this.#salt = this.random(SALT_BYTES);
      this.#counted.clear();
    }
    return createHash('sha256').update(this.#salt).update(JSON.stringify([traits, act])).digest('base64');
  }
}
