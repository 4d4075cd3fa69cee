import { randomUUID } from 'node:crypto';
import { messageOf } from '#domain/errors.js';
import type { Delivery } from '#intake/delivery.js';
import type { Intake } from '#intake/intake.js';
import { waitFor } from '#event-store/wait-for.js';
import { backOffMs, unlessAborted } from './back-off.js';
import { clusterMayRecover, kafkaClient, type KafkaClient, type KafkaOptions } from './client.js';
import { deadLetterTopic, type DeadLetterTopic } from './dead-letter-topic.js';
import { contentOf, deliveryOf, type KeyRule } from './delivery.js';
import type { KafkaMessage, PartitionBatch } from './message.js';
import { Reader, type ReaderState } from './reader.js';
import { claimOf, signedPartsOf, UNSIGNED, type Judgement } from './signature.js';
import type { Signers } from './signers.js';
import { findTopics, type FoundTopics, type SourceTopics } from './topics.js';

/** What a Kafka source needs. */
export interface KafkaSourceOptions {
  readonly kafka: KafkaOptions;
  readonly topics: SourceTopics;
  /** Engines of one group share the partitions. */
  readonly groupId: string;
  readonly tenant: string;
  readonly intake: Pick<Intake, 'submit'>;
  /** Tells who signed messages, and whether all must be signed. Absent: no key is known, so that only what is not signed is taken. */
  readonly signatures?: { readonly required: boolean; readonly signers: Signers };
  readonly log?: (level: 'warning' | 'error', message: string) => void;
  /** Partitions whose messages are taken in at once; 4 where absent. */
  readonly concurrency?: number;
  /** Bytes that are fetched from a broker before all of them are dealt with; 8 MiB where absent. */
  readonly maxBytes?: number;
  /** After how long without a sign of life the group takes a member's partitions; 30,000 where absent. */
  readonly sessionTimeoutMs?: number;
  /** 60,000 where absent. */
  readonly stallMs?: number;
  /** How often lag is looked at; 10,000 where absent. */
  readonly watchMs?: number;
}

/** How a source is: reading learning events, and where there is a course topic, reading that. */
export interface KafkaSourceState {
  readonly learning: ReaderState;
  readonly course?: ReaderState & { readonly caughtUp: boolean };
}

/** Kafka topics that go to intake. */
export interface KafkaSource {
  /** Resolves when everything is recorded that stood in the course topic at the start, and learning events are read; rejects like `done`. */
  readonly ready: Promise<void>;
  /** Settles when reading is over: resolves after `stop`, rejects with what does not pass by itself; then the process should end. */
  readonly done: Promise<void>;
  status(): KafkaSourceState;
  /** Finishes what is under way, commits it and leaves the group. */
  stop(): Promise<void>;
}

const NOT_YET: ReaderState = { state: 'connecting', assigned: {}, lag: 0, rebalances: 0, restarts: 0, bytesUnderWay: 0, mostBytesUnderWay: 0 };

/**
 * Starts to take in what stands in Kafka. Learning events are shared among the engines of a group by partition; the
 * course topic is read whole by each, before any learning event, so that nobody is judged by half of what a course
 * offers. Offsets are committed only for messages that are durably recorded, known, or kept as dead letters: a crash
 * anywhere makes some come again, as duplicates, and none is lost.
 */
export const startKafkaSource = (options: KafkaSourceOptions): KafkaSource => {
  const { topics, log = () => undefined } = options;
  const client = kafkaClient({ ...options.kafka, log });
  const stopping = new AbortController();
  let course: Reader | undefined;
  let caughtUp = false;
  let learning: Reader | undefined;
  let letters: DeadLetterTopic | undefined;
  let connecting: ReaderState = NOT_YET;

  const started = async (): Promise<readonly Reader[]> => {
    const found = await search(client, topics, stopping.signal, (reason) => (connecting = { ...NOT_YET, reason }));
    if (!found) return [];
    if (topics.course !== undefined) {
      course = courseReader(client, options, topics.course);
      await Promise.race([course.reached(found.courseEnds), course.done]);
      if (stopping.signal.aborted) return [course];
      caughtUp = true;
    }
    letters = deadLetterTopic(client, topics.deadLetters, found.deadLetterPartitions);
    learning = learningReader(client, options, letters);
    return course ? [course, learning] : [learning];
  };
  const begun = started();
  const run = async (): Promise<void> => {
    try {
      const readers = await begun;
      await Promise.all(readers.map((reader) => reader.done));
    } catch (error) {
      log('error', `Reading from Kafka has ended: ${messageOf(error)}`);
      throw error;
    } finally {
      stopping.abort();
      await Promise.allSettled([course?.stop(), learning?.stop()]);
      await letters?.close();
    }
  };
  const done = run();
  const ready = begun.then(() => undefined);
  for (const promise of [done, ready]) promise.catch(() => undefined); // whoever wants to know awaits them

  return {
    ready,
    done,
    status: () => ({
      learning: learning?.status() ?? (stopping.signal.aborted ? { ...connecting, state: 'stopped' } : connecting),
      ...(course && { course: { ...course.status(), caughtUp } }),
    }),
    stop: async () => {
      stopping.abort();
      await Promise.all([course?.stop(), learning?.stop()]);
      await done.catch(() => undefined); // it is told where it is awaited
    },
  };
};

/** Looks for the topics until the cluster answers; nothing where it is to stop before. */
const search = async (
  client: KafkaClient, topics: SourceTopics, signal: AbortSignal, waits: (reason: string) => void,
): Promise<FoundTopics | undefined> => {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await unlessAborted(findTopics(client, topics), signal);
    } catch (error) {
      if (!clusterMayRecover(error)) throw error;
      waits(messageOf(error));
      await waitFor(backOffMs(attempt), signal);
    }
  }
  return undefined;
};

const limitsOf = ({ concurrency = 4, maxBytes = 8 * 1024 * 1024, sessionTimeoutMs = 30_000, stallMs = 60_000, watchMs = 10_000, log }: KafkaSourceOptions) => ({
  concurrency, maxBytes, sessionTimeoutMs, stallMs, watchMs, log: log ?? (() => undefined),
});

const NO_KEYS: NonNullable<KafkaSourceOptions['signatures']> = { required: false, signers: { judge: async () => ({ doubt: { reason: 'bad-signature', detail: 'no API keys are known here' } }) } };

/** Makes deliveries. Where a message says that it is signed that takes a moment; no other one waits for anything. */
const deliverer = ({ tenant, signatures: { required, signers } = NO_KEYS }: KafkaSourceOptions, rule: KeyRule) => (message: KafkaMessage, batch: PartitionBatch): Delivery | Promise<Delivery> => {
  const content = contentOf(message);
  const judged = (judgement?: Judgement): Delivery => deliveryOf(message, batch, { tenant, rule }, content, judgement);
  const claim = claimOf(message.headers);
  if (claim.by === 'nobody') return judged(required ? UNSIGNED : undefined);
  const signed = signedPartsOf(message, content.mapped, tenant);
  return signed ? signers.judge(claim, signed, batch).then(judged) : judged();
};

const learningReader = (client: KafkaClient, options: KafkaSourceOptions, letters: DeadLetterTopic): Reader => {
  const { topics, groupId, intake } = options;
  return new Reader({
    ...limitsOf(options),
    client, groupId,
    topics: topics.learning,
    commits: true,
    deliver: deliverer(options, 'learner'),
    submit: (deliveries) => intake.submit(deliveries),
    keepLetters: (batch, messages, receipts) => letters.keep(batch, messages, receipts),
  });
};

/**
 * Each engine reads the course topic in a group of its own, without offsets. A tombstone says nothing to intake: it lets
 * the topic forget an event that is in the log. What cannot be recorded is kept in the log's dead letters alone, since
 * every engine meets it at every start.
 */
const courseReader = (client: KafkaClient, options: KafkaSourceOptions, topic: string): Reader => {
  const { groupId, intake } = options;
  const deliver = deliverer(options, 'tenant');
  return new Reader({
    ...limitsOf(options),
    client,
    groupId: `${groupId}-courses-${randomUUID()}`,
    topics: [topic],
    commits: false,
    deliver: (message, batch) => (message.value === null ? undefined : deliver(message, batch)),
    submit: (deliveries) => intake.submit(deliveries),
    keepLetters: async () => undefined,
  });
};
