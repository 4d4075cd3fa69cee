/** So many that are counted are remembered: beyond that the one that was seen longest ago starts afresh, so that memory stays bounded. */
const MOST_KEYS = 50_000;

interface Bucket {
  /** What is left of the burst at `at`. */
  level: number;
  at: number;
}

/**
 * Counts requests by who makes them (token bucket): so many a second in the long run, and bursts of some seconds' worth at once.
 */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();
  readonly #burst: number;

  constructor(
    private readonly perSecond: number,
    burstSeconds = 10,
  ) {
    this.#burst = Math.max(1, perSecond * burstSeconds);
  }

  /** Seconds until this one may make another request; 0 for now. @param now epoch milliseconds */
  wait(key: string, now: number): number {
    const level = this.#levelOf(this.#buckets.get(key), now);
    return level >= 1 ? 0 : (1 - level) / this.perSecond;
  }

  /** Counts a request, and says as `wait` whether it is one too many, which costs nothing. */
  take(key: string, now: number): number {
    const seconds = this.wait(key, now);
    if (seconds > 0) return seconds;
    const level = this.#levelOf(this.#buckets.get(key), now) - 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { level, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST_KEYS && oldest !== undefined) this.#buckets.delete(oldest);
    return 0;
  }

  #levelOf(bucket: Bucket | undefined, now: number): number {
    // A clock that was set back gives nobody more.
    return bucket ? Math.min(this.#burst, bucket.level + (Math.max(0, now - bucket.at) / 1_000) * this.perSecond) : this.#burst;
  }
}
