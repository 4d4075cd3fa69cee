import { randomUUID } from 'node:crypto';
import kafkajs from 'kafkajs';
import { openEmbedded } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Delivery } from '#intake/delivery.js';
import { createIntake } from '#intake/intake.js';
import { forgetfulVault } from '#vault/in-memory.js';
import { kafkaClient } from '#kafka/client.js';
import type { OutMessage } from '#kafka/message.js';
import { startKafkaSource, type KafkaSource } from '#kafka/source.js';
import { ForgetfulLog } from '../forgetful-log.js';
import { medianOf, percentile, type Figure } from '../report.js';
import type { WorkDirectory } from '../work-directory.js';

export interface KafkaBenchOptions {
  /** host:port */
  readonly brokers: readonly string[];
  readonly work: WorkDirectory;
  readonly rounds: number;
  readonly messages: number;
  /** Of the latency: how many messages a second, and for how long. */
  readonly perSecond: number;
  readonly seconds: number;
  readonly say: (text: string) => void;
}

const TENANT = 'bench';
const PARTITIONS = 12;
const LEARNERS = 5_000;
/** Messages of one produce call, as a busy edge collects them. */
const PRODUCED_AT_ONCE = 1_000;
/** What the source does, for the bare consumer as well. */
const CONCURRENCY = 4;
const MAX_BYTES = 8 * 1024 * 1024;
const PATIENCE_MS = 300_000;

const messageAt = (i: number): OutMessage => {
  const learner = `learner-${(i * 7_919) % LEARNERS}`;
  return {
    key: `${TENANT}:${learner}`,
    value: JSON.stringify({
      id: `event-${i}`, source: 'lms', type: 'AssignmentGraded', learner, course: 'sql-basics', activity: `assignment-${i % 12}`, occurrence: String(i),
      time: '2026-09-14T10:20:00+09:00', score: i % 101, max: 100,
    }),
  };
};

const rate = (count: number, ms: number): number => Math.round((count / ms) * 1_000);

const within = async <T>(what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${PATIENCE_MS} ms.`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Counts what comes and tells when it is all there; time runs from the first message. */
class Count {
  readonly done: Promise<number>;
  private first = 0;
  private seen = 0;
  private finish: (ms: number) => void = () => undefined;

  constructor(private readonly wanted: number) {
    this.done = new Promise((resolve) => (this.finish = resolve));
  }

  begin(): void {
    if (this.first === 0) this.first = performance.now();
  }

  add(count: number): void {
    this.seen += count;
    if (this.seen >= this.wanted) this.finish(performance.now() - this.first);
  }
}

/** The library alone: fetches, decodes, commits, and looks at nothing. */
export const consumeBare = async (brokers: readonly string[], topic: string, wanted: number): Promise<number> => {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.ERROR });
  const consumer = kafka.consumer({ groupId: `bare-${randomUUID()}`, maxBytes: MAX_BYTES, maxWaitTimeInMs: 500 });
  const count = new Count(wanted);
  consumer.on(consumer.events.GROUP_JOIN, () => count.begin());
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: CONCURRENCY,
    eachBatch: async (payload) => {
      payload.resolveOffset(payload.batch.lastOffset());
      await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
      count.add(payload.batch.messages.length);
    },
  });
  const ms = await within('The bare consumer', count.done);
  await consumer.disconnect();
  return rate(wanted, ms);
};

/** Resolves when the group has agreed on who reads what. */
const joined = (source: KafkaSource): Promise<void> =>
  within('Joining', (async () => {
    while (source.status().learning.rebalances === 0) await new Promise((resolve) => setImmediate(resolve));
  })());

/** Through the source and intake into a store. */
const consumeOurs = async (brokers: readonly string[], topic: string, deadLetters: string, wanted: number, store: EventStore): Promise<number> => {
  const intake = createIntake({ store, seals: forgetfulVault(), tenant: TENANT, now: Date.now, newId: randomUUID });
  const count = new Count(wanted);
  const source = startKafkaSource({
    kafka: { brokers }, topics: { learning: [topic], deadLetters }, groupId: `bench-${randomUUID()}`, tenant: TENANT,
    concurrency: CONCURRENCY, maxBytes: MAX_BYTES,
    intake: {
      submit: async (deliveries: readonly Delivery[]) => {
        const receipts = await intake.submit(deliveries);
        count.add(receipts.length);
        return receipts;
      },
    },
  });
  await joined(source);
  count.begin();
  const ms = await within('The source', Promise.race([count.done, source.done.then(() => Promise.reject(new Error('The source ended.')))]));
  await source.stop();
  await store.close();
  if (intake.account.recorded !== wanted) throw new Error(`Of ${wanted} messages ${JSON.stringify(intake.account)} became.`);
  return rate(wanted, ms);
};

/** The library alone, as we set it. */
const produceBare = async (brokers: readonly string[], topic: string, total: number): Promise<number> => {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.ERROR });
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, maxInFlightRequests: 1 });
  await producer.connect();
  const from = performance.now();
  for (let i = 0; i < total; i += PRODUCED_AT_ONCE) {
    const messages = Array.from({ length: Math.min(PRODUCED_AT_ONCE, total - i) }, (_, j) => messageAt(i + j)) as kafkajs.Message[];
    await producer.send({ topic, acks: -1, messages });
  }
  const reached = rate(total, performance.now() - from);
  await producer.disconnect();
  return reached;
};

const produceOurs = async (brokers: readonly string[], topic: string, total: number): Promise<number> => {
  const producer = await kafkaClient({ brokers }).producer();
  const from = performance.now();
  for (let i = 0; i < total; i += PRODUCED_AT_ONCE) {
    await producer.send(topic, Array.from({ length: Math.min(PRODUCED_AT_ONCE, total - i) }, (_, j) => messageAt(i + j)));
  }
  const reached = rate(total, performance.now() - from);
  await producer.close();
  return reached;
};

/** From the call that produces a message to its receipt, which says that it is durable; milliseconds. */
const latencies = async (brokers: readonly string[], topic: string, deadLetters: string, store: EventStore, perSecond: number, seconds: number): Promise<readonly number[]> => {
  const intake = createIntake({ store, seals: forgetfulVault(), tenant: TENANT, now: Date.now, newId: randomUUID });
  const producedAt = new Map<string, number>();
  const taken: number[] = [];
  const total = perSecond * seconds;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const source = startKafkaSource({
    kafka: { brokers }, topics: { learning: [topic], deadLetters }, groupId: `bench-${randomUUID()}`, tenant: TENANT, concurrency: CONCURRENCY,
    intake: {
      submit: async (deliveries: readonly Delivery[]) => {
        const receipts = await intake.submit(deliveries);
        const now = performance.now();
        for (const { mapped } of deliveries) if (mapped.ok) taken.push(now - (producedAt.get(mapped.events[0]?.id ?? '') ?? now));
        if (taken.length >= total) finish();
        return receipts;
      },
    },
  });
  await joined(source);
  const producer = await kafkaClient({ brokers }).producer();
  const start = performance.now();
  const tick = 10;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - start) * perSecond) / 1_000) + 1);
    const messages: OutMessage[] = [];
    for (; sent < due; sent++) {
      producedAt.set(`event-${sent}`, performance.now());
      messages.push(messageAt(sent));
    }
    await producer.send(topic, messages);
    await new Promise((resolve) => setTimeout(resolve, tick));
  }
  await within('The last receipt', finished);
  await producer.close();
  await source.stop();
  await store.close();
  // The first second compiles code and fills caches.
  return taken.slice(perSecond);
};

/** Kafka in, against the client library doing only its bare job on the same topic in the same run; Kafka out likewise; latency. */
export const kafkaFigures = async ({ brokers, work, rounds, messages, perSecond, seconds, say }: KafkaBenchOptions): Promise<readonly Figure[]> => {
  const admin = await kafkaClient({ brokers }).admin();
  const topic = async (name: string): Promise<string> => {
    const full = `bench-${name}-${randomUUID()}`;
    await admin.create(full, PARTITIONS);
    return full;
  };
  const results = { bare: [] as number[], atOnce: [] as number[], embedded: [] as number[], produceBare: [] as number[], produce: [] as number[], p50: [] as number[], p99: [] as number[] };
  const deadLetters = await topic('dead-letters');
  for (let round = 1; round <= rounds; round++) {
    say(`Kafka: round ${round} of ${rounds}`);
    const from = await topic('events');
    results.produceBare.push(await produceBare(brokers, await topic('bare'), messages));
    results.produce.push(await produceOurs(brokers, from, messages));
    results.bare.push(await consumeBare(brokers, from, messages));
    results.atOnce.push(await consumeOurs(brokers, from, deadLetters, messages, new ForgetfulLog()));
    results.embedded.push(await work.fresh(async (dir) => consumeOurs(brokers, from, deadLetters, messages, await openEmbedded({ dir }))));
    const slow = await topic('latency');
    const taken = await work.fresh(async (dir) => latencies(brokers, slow, deadLetters, await openEmbedded({ dir }), perSecond, seconds));
    results.p50.push(percentile(taken, 0.5));
    results.p99.push(percentile(taken, 0.99));
  }
  await admin.close();
  const share = (of: readonly number[], whole: readonly number[]): readonly number[] => [medianOf(of) / medianOf(whole)];
  return [
    { name: 'consume, kafkajs alone', unit: 'messages/s', values: results.bare },
    { name: 'consume, our source, store answers at once', unit: 'messages/s', values: results.atOnce },
    { name: 'consume, our source, embedded store', unit: 'messages/s', values: results.embedded },
    { name: '  share of kafkajs alone, store answers at once', unit: '', values: share(results.atOnce, results.bare) },
    { name: '  share of kafkajs alone, embedded store', unit: '', values: share(results.embedded, results.bare) },
    { name: 'produce, kafkajs alone', unit: 'messages/s', values: results.produceBare },
    { name: 'produce, ours', unit: 'messages/s', values: results.produce },
    { name: '  share of kafkajs alone', unit: '', values: share(results.produce, results.produceBare), goal: { least: 0.5 } },
    { name: `produce to receipt at ${perSecond} a second, p50`, unit: 'ms', values: results.p50 },
    { name: `produce to receipt at ${perSecond} a second, p99`, unit: 'ms', values: results.p99 },
  ];
};
