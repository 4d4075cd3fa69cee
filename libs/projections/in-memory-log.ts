import { randomUUID } from 'node:crypto';
import { schemaVersion, writeLogEvent, type LogEvent } from '#domain/log-event.js';
import { categoryOf } from '#domain/streams.js';
import type { EventStore, NewEvent, ReadAllOptions, RecordedEvent, SubscribeOptions } from '#event-store/event-store.js';

/** TEST SUPPORT, not an adapter: a log that lives in an array, for tests and benchmarks of projections. */
export interface InMemoryLog extends EventStore {
  /** Appends one event without a guard; its position. */
  readonly record: (stream: string, event: LogEvent) => number;
  /** As above, for what the domain would never write. */
  readonly recordRaw: (stream: string, event: Omit<NewEvent, 'id'>) => number;
}

/** TEST SUPPORT: an empty log; `gap` lets positions grow by more than one, as some stores do. */
export const inMemoryLog = (gap = 1): InMemoryLog => {
  const log: RecordedEvent[] = [];
  const streams = new Map<string, RecordedEvent[]>();
  const sleepers = new Set<() => void>();

  const wanted = ({ after, limit, categories }: ReadAllOptions): readonly RecordedEvent[] => {
    const start = Math.max(0, Math.floor(after / gap));
    if (!categories) return log.slice(start, start + limit);
    const found = log.slice(start).filter(({ stream }) => categories.includes(categoryOf(stream)));
    return found.slice(0, limit);
  };
  const recordRaw: InMemoryLog['recordRaw'] = (stream, event) => {
    const before = streams.get(stream) ?? [];
    streams.set(stream, before);
    const position = (log.length + 1) * gap;
    const recorded = { ...event, id: randomUUID(), stream, revision: before.length, position, recordedAt: 1_700_000_000_000 + position };
    before.push(recorded);
    log.push(recorded);
    for (const wake of sleepers) wake();
    return position;
  };

  async function* subscribe(options: SubscribeOptions): AsyncGenerator<readonly RecordedEvent[]> {
    const { signal, batchSize = 1000, categories } = options;
    let { after } = options;
    while (!signal.aborted) {
      const batch = wanted({ after, limit: batchSize, ...(categories && { categories }) });
      const last = batch.at(-1);
      if (last) {
        after = last.position;
        yield batch;
        continue;
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          sleepers.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        sleepers.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }

  return {
    record: (stream, event) =>
      recordRaw(stream, { type: event.type, schema: schemaVersion(event.type), json: writeLogEvent(event) }),
    recordRaw,
    append: async (appends) =>
      appends.map(({ stream, events }) => {
        const position = Math.max(...events.map((event) => recordRaw(stream, event)));
        return { outcome: 'appended', revision: (streams.get(stream)?.length ?? 0) - 1, position };
      }),
    readStream: async (stream, { from = 0, limit = Infinity } = {}) =>
      (streams.get(stream) ?? []).slice(from).slice(0, limit),
    readAll: async (options) => wanted(options),
    subscribe,
    head: async () => log.at(-1)?.position ?? 0,
    health: () => ({ writable: true }),
    close: async () => undefined,
  };
};
