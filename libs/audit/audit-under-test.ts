import type { RecordedEvent } from '#event-store/event-store.js';
import { hashUuid } from '#domain/ids.js';
import type { Checkpoint } from './checkpoint.js';
import { Frontier } from './merkle.js';
import { CHAIN_START, chainWith, leafOf } from './record.js';
import type { TreeHead } from './tree-writer.js';

/** TEST SUPPORT: records as a log has them; positions have gaps where `apart` is more than 1. */
export const records = (count: number, apart = 1): readonly RecordedEvent[] =>
  Array.from({ length: count }, (_none, i) => ({
    position: (i + 1) * apart,
    stream: `learner-school.l${i % 7}`,
    revision: Math.floor(i / 7),
    id: hashUuid(`record ${i}`),
    type: 'Enrolled',
    schema: 1,
    recordedAt: 1_790_000_000_000 + i,
    json: JSON.stringify({ course: 'sql', text: `é 漢字 ${i}` }),
  }));

/** TEST SUPPORT: what the tree over records comes to, worked out from them alone. */
export const headOf = (events: readonly RecordedEvent[]): TreeHead => {
  const tree = new Frontier();
  let chain = CHAIN_START;
  for (const event of events) {
    tree.push(leafOf(event));
    chain = chainWith(chain, event.position, leafOf(event));
  }
  return { size: events.length, root: tree.root(), position: events.at(-1)?.position ?? 0, chain };
};

/** TEST SUPPORT: a checkpoint over records, unsigned. */
export const checkpointOf = (events: readonly RecordedEvent[]): Checkpoint => ({ origin: 'school.example/log-1', time: 1_790_000_000_000, ...headOf(events) });
