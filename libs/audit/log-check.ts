import type { EventStore } from '#event-store/event-store.js';
import { leafOf } from './record.js';
import type { TreeReader } from './tree-files.js';

/** So many of the newest records are looked at, and so many others. */
const [NEWEST, OTHERS] = [256, 64];
const RANDOM_BYTES = 6;

/**
 * Whether the log is still the one that the tree was made from: it is at least as long, and the newest records and others picked
 * at random are the same. Says what is not, or 'none'; "proofmark audit verify" looks at everything.
 */
export const disagreement = async (tree: TreeReader, log: Pick<EventStore, 'readAll' | 'head'>, random: (length: number) => Uint8Array): Promise<string> => {
  if (tree.size === 0) return 'none';
  const [last, head] = [await tree.position(tree.size - 1), await log.head()];
  if (head < last) return `the log ends at position ${head}, and records up to position ${last} were in it`;
  const differs = async (start: number, count: number): Promise<string | undefined> => {
    const events = await log.readAll({ after: await tree.position(start - 1), limit: count });
    for (let i = 0; i < count; i++) {
      const event = events[i];
      const position = await tree.position(start + i);
      const leaf = await tree.leaf(start + i);
      if (!event || event.position !== position || !leaf || Buffer.compare(leafOf(event), leaf) !== 0) return `the record at position ${position} is not the one that was recorded`;
    }
    return undefined;
  };
  const newest = Math.min(NEWEST, tree.size);
  const found = await differs(tree.size - newest, newest);
  const picked = Buffer.from(random(OTHERS * RANDOM_BYTES));
  for (let i = 0; i < OTHERS && found === undefined; i++) {
    const other = await differs(picked.readUIntBE(i * RANDOM_BYTES, RANDOM_BYTES) % tree.size, 1);
    if (other !== undefined) return other;
  }
  return found ?? 'none';
};
