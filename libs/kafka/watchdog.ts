import type { PartitionId } from './message.js';

/** How far the reading of a partition is. */
export interface Progress extends PartitionId {
  /** The offset of the next message to deal with. */
  readonly position: number;
  /** The offset after its last message. */
  readonly end: number;
  /** True while it is known why nothing moves: a batch is under way, or the partition waits for the store. */
  readonly excused: boolean;
}

/** Watches for partitions that have messages and do not move. */
export interface Watchdog {
  /** Takes note of where all partitions are; answers those that stood still for too long. `at` is in milliseconds and never goes back. */
  observe(at: number, partitions: readonly Progress[]): readonly PartitionId[];
}

interface Seen {
  readonly position: number;
  readonly since: number;
}

/**
 * A watchdog that answers partitions whose position has not moved for `stallMs` though there were messages all the time.
 * A consumer may lose its way without an error (kafkajs does so after some rebalances); nothing else shows that.
 */
export const watchdog = (stallMs: number): Watchdog => {
  let seen = new Map<string, Seen>();
  return {
    observe: (at, partitions) => {
      const next = new Map<string, Seen>();
      const stuck: PartitionId[] = [];
      for (const { topic, partition, position, end, excused } of partitions) {
        if (excused || position >= end) continue;
        const key = `${topic}/${partition}`;
        const before = seen.get(key);
        const since = before?.position === position ? before.since : at;
        next.set(key, { position, since });
        if (at - since >= stallMs) stuck.push({ topic, partition });
      }
      seen = next;
      return stuck;
    },
  };
};
