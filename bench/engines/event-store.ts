import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, streamNameFilter } from '@eventstore/db-client';
import type { EventStore, NewEvent } from '#event-store/event-store.js';
import { openEventStoreDB } from '#event-store/eventstoredb.js';
import { type Figure, percentile } from '../report.js';

export interface EventStoreBenchOptions {
  readonly uri: string;
  /** Events that each measurement appends and reads. */
  readonly events: number;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

export interface Appended {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

/** One who does the job: the adapter, or the bare client. */
export interface Contender {
  /** Appends to streams that do not exist yet. */
  append(appends: readonly Appended[]): Promise<void>;
  /** Reads so many events of a category after a position by a subscription. */
  follow(category: string, after: number, count: number): Promise<void>;
}

/** Appends under way at a time: as many senders that each wait for their answer, or calls of this many streams. */
export const AHEAD = 64;
const EVENTS_PER_STREAM = 5;
const LATENCIES = 500;

const newEvent = (i: number): NewEvent => ({
  id: randomUUID(),
  type: 'AttendanceMarked',
  schema: 1,
  json: JSON.stringify({
    tenant: 'open', course: 'AAA-2013J', learner: `l${i}`, source: 'lms', id: `e-${i}`, version: 1,
    time: 1_700_000_000_000 + i, activity: `assignment-${i % 12}`, score: i % 100, of: 100, attempt: 1, detail: 'x'.repeat(60),
  }),
});
const appendsOf = (category: string, count: number, eventsEach: number): Appended[] =>
  Array.from({ length: Math.ceil(count / eventsEach) }, (_, k) => ({
    stream: `${category}-open.l${k}`,
    events: Array.from({ length: eventsEach }, (_, i) => newEvent(k * eventsEach + i)),
  }));

const viaAdapter = (store: EventStore): Contender => ({
  append: async (appends) => {
    const results = await store.append(appends.map(({ stream, events }) => ({ stream, expected: 'no-stream', events })));
    if (results.some(({ outcome }) => outcome !== 'appended')) throw new Error('an append was refused');
  },
  follow: async (category, after, count) => {
    const enough = new AbortController();
    let read = 0;
    for await (const batch of store.subscribe({ after, categories: [category], signal: enough.signal })) {
      read += batch.length;
      if (read >= count) enough.abort();
    }
  },
});

/** What an application does with the client and nothing else; it parses what it reads, as the client does. */
export const viaClient = (client: EventStoreDBClient): Contender => ({
  append: async (appends) => {
    await Promise.all(
      appends.map(({ stream, events }) =>
        client.appendToStream(
          stream,
          events.map(({ id, type, schema, json }) => jsonEvent({ id, type, data: JSON.parse(json) as Record<string, string>, metadata: { schema } })),
          { expectedRevision: 'no_stream' },
        ),
      ),
    );
  },
  follow: async (category, after, count) => {
    const subscription = client.subscribeToAll({
      fromPosition: { commit: BigInt(after), prepare: BigInt(after) },
      filter: streamNameFilter({ prefixes: [`${category}-`], maxSearchWindow: 2_000 }),
    });
    let read = 0;
    for await (const { event } of subscription) if (event && ++read >= count) break;
  },
});

const timed = async (work: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

interface Measured {
  readonly single: number;
  readonly batched: number;
  readonly followed: number;
  readonly latencies: readonly number[];
}

const measure = async (store: EventStore, contender: Contender, events: number): Promise<Measured> => {
  const rate = (milliseconds: number): number => (events * 1000) / milliseconds;
  const name = (): string => `bench${randomUUID().replaceAll('-', '')}`;

  const singles = appendsOf(name(), events, 1);
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let append = singles[next++]; append; append = singles[next++]) await contender.append([append]);
  };
  const single = rate(await timed(async () => void (await Promise.all(Array.from({ length: AHEAD }, sender)))));

  const category = name();
  const start = await store.head();
  const many = appendsOf(category, events, EVENTS_PER_STREAM);
  const batched = rate(
    await timed(async () => {
      for (let k = 0; k < many.length; k += AHEAD) await contender.append(many.slice(k, k + AHEAD));
    }),
  );
  const followed = rate(await timed(() => contender.follow(category, start, many.length * EVENTS_PER_STREAM)));

  const latencies: number[] = [];
  for (const append of appendsOf(name(), LATENCIES, 1)) latencies.push(await timed(() => contender.append([append])));
  return { single, batched, followed, latencies };
};

/** Appending and following through the adapter, beside the bare client doing only that against the same server. */
export const eventStoreFigures = async ({ uri, events, rounds, say }: EventStoreBenchOptions): Promise<readonly Figure[]> => {
  const store = await openEventStoreDB({ uri });
  const client = EventStoreDBClient.connectionString(uri);
  const runs: { readonly adapter: Measured; readonly bare: Measured }[] = [];
  try {
    // Compiled code and open connections first.
    for (const contender of [viaClient(client), viaAdapter(store)]) await measure(store, contender, Math.min(events, 2_000));
    for (let round = 0; round < rounds; round++) {
      const bare = await measure(store, viaClient(client), events);
      const adapter = await measure(store, viaAdapter(store), events);
      runs.push({ bare, adapter });
      say(`  event store: round ${round + 1} of ${rounds}`);
    }
  } finally {
    await store.close();
    await client.dispose();
    (await client['getChannel']()).close();
  }
  const rates = (name: string, pick: (measured: Measured) => number): Figure[] => [
    { name, unit: 'events/s', values: runs.map(({ adapter }) => pick(adapter)) },
    { name: '  the bare client', unit: 'events/s', values: runs.map(({ bare }) => pick(bare)) },
    { name: '  ratio', unit: '', values: runs.map(({ adapter, bare }) => pick(adapter) / pick(bare)), goal: { least: 0.5 } },
  ];
  const latency = (share: number): Figure[] => [
    { name: `EventStoreDB: one append, p${share * 100}`, unit: 'ms', values: runs.map(({ adapter }) => percentile(adapter.latencies, share)) },
    { name: '  the bare client', unit: 'ms', values: runs.map(({ bare }) => percentile(bare.latencies, share)) },
  ];
  return [
    ...rates(`EventStoreDB: appends of one event, ${AHEAD} under way`, ({ single }) => single),
    ...rates(`EventStoreDB: appends of ${EVENTS_PER_STREAM} events, ${AHEAD} a call`, ({ batched }) => batched),
    ...rates('EventStoreDB: a subscription', ({ followed }) => followed),
    ...latency(0.5),
    ...latency(0.99),
  ];
};
