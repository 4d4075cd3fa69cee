import type { ConnectionOptions } from 'node:tls';
// Loaded whole: it is a CommonJS package whose names Node cannot tell before it runs.
import kafkajs from 'kafkajs';
import type { Assigner, Consumer, EachBatchPayload, IHeaders, ITopicMetadata, KafkaConfig, Message, SASLOptions } from 'kafkajs';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { assign, type Member } from './assigner.js';
import { waitFor } from '#event-store/wait-for.js';
import type { HeaderPart, Headers, OutMessage, PartitionBatch } from './message.js';

/** How to reach a Kafka cluster. */
export interface KafkaOptions {
  /** Addresses (`host:port`) of some of its brokers. */
  readonly brokers: readonly string[];
  readonly clientId?: string;
  /** True for TLS with the system's authorities, or what Node's TLS takes (`ca`, `cert`, `key`, …). */
  readonly tls?: boolean | ConnectionOptions;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /** Told what the client library says of itself, warnings and errors only; silent where absent. */
  readonly log?: (level: 'warning' | 'error', message: string) => void;
}

/** What a group member remembers between its connections: the partitions whose learners it knows, those first that it has longest. */
export interface Holdings {
  held: readonly number[];
}

/** What to consume, and what is told of it. */
export interface ConsumeOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly holdings: Holdings;
  /** Batches of different partitions that are handled at once. */
  readonly concurrency: number;
  /** At most so many bytes are fetched from a broker before all of them are dealt with. */
  readonly maxBytes: number;
  readonly sessionTimeoutMs: number;
  /** False for a reader that always starts at the beginning: no offset is committed. */
  readonly commits: boolean;
  readonly onAssigned: (partitions: ReadonlyMap<string, readonly number[]>) => void;
  /** Told that everything before the offset is dealt with, messages that are not shown (as of transactions) included. */
  readonly onPosition: (topic: string, partition: number, nextOffset: number) => void;
  /** Must not reject. */
  readonly handle: (batch: PartitionBatch) => Promise<void>;
}

/** Why a consumer ended by itself. */
export interface Crash {
  readonly error: Error;
  /** True where a new consumer may do better; false for what stays wrong, like a refused password. */
  readonly restartable: boolean;
}

/** A member of a consumer group. */
export interface Consuming {
  /** Resolves when the member has ended by itself. */
  readonly crashed: Promise<Crash>;
  /** Commits what is done and could not be committed then. */
  flush(): Promise<void>;
  /** Finishes the batches under way as far as they have begun, and leaves the group. */
  stop(): Promise<void>;
}

/** A producer; one message of a key after the other. */
export interface KafkaProducer {
  /**
   * Produces in the order given and resolves when all in-sync replicas have everything; where it rejects, any part of it
   * may be there. A message that the broker refuses for its size is sent as `shorten` makes it, where that is given.
   */
  send(topic: string, messages: readonly OutMessage[], shorten?: (message: OutMessage) => OutMessage): Promise<void>;
  close(): Promise<void>;
}

/** The first and the next offset of a partition. */
export interface Ends {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

/** Questions about topics. */
export interface KafkaAdmin {
  /** By topic, how many partitions it has; topics that do not exist are missing. */
  partitions(topics: readonly string[]): Promise<ReadonlyMap<string, number>>;
  ends(topic: string): Promise<readonly Ends[]>;
  /** The offsets that a group has committed; partitions without one are missing. */
  committed(groupId: string, topic: string): Promise<ReadonlyMap<number, number>>;
  /** Creates a topic and waits until all its partitions have leaders. */
  create(topic: string, partitions: number, config?: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** A cluster. */
export interface KafkaClient {
  consume(options: ConsumeOptions): Promise<Consuming>;
  producer(): Promise<KafkaProducer>;
  admin(): Promise<KafkaAdmin>;
}

/** Under NODE_ENV=test the library would use other values by itself. */
const RETRY = { initialRetryTime: 200, retries: 5, maxRetryTime: 5_000, multiplier: 2, factor: 0.2 } as const;
/** How long a fetch waits for messages: bounds how late a rebalance is noticed and a stop answered. */
const FETCH_WAIT_MS = 500;
/** A produce request is one record batch a partition, and brokers refuse batches of more than 1 MiB where not told otherwise. */
const REQUEST_BYTES = 512 * 1024;
const ASSIGNER = 'proofmark-co-partitioned';

const configOf = ({ brokers, clientId = 'proofmark', tls, sasl, log }: KafkaOptions): KafkaConfig => ({
  brokers: [...brokers],
  clientId,
  connectionTimeout: 5_000,
  retry: RETRY,
  ...(tls !== undefined && { ssl: tls }),
  ...(sasl && { sasl: { ...sasl } as SASLOptions }),
  logLevel: kafkajs.logLevel.WARN,
  // What the library calls an error it mostly tries again; what ends it is told as such.
  logCreator: () => ({ log: { message, error } }) => {
    const text = typeof error === 'string' ? `${message}: ${error}` : message;
    if (!/the group is rebalancing/i.test(text)) log?.('warning', text); // as each member does at each change of the group
  },
});

const rootOf = (error: unknown): Error => {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? rootOf(cause) : error instanceof Error ? error : new Error(messageOf(error));
};

const typeOf = (error: unknown): string | undefined => {
  const root = rootOf(error);
  return 'type' in root && typeof root.type === 'string' ? root.type : undefined;
};

/** True where trying again may help: the error is not of a kind that stays. */
export const isRetriable = (error: unknown): boolean => {
  const root = rootOf(error);
  if (root.name === 'TypeError' || root.name === 'RangeError') return false;
  return !('retriable' in root) || root.retriable !== false;
};

/** True for a failure of the cluster that may pass, as while a broker starts again. */
export const clusterMayRecover = (error: unknown): boolean => rootOf(error).name.startsWith('KafkaJS') && isRetriable(error);

/** True for a produce request that the broker refused for its size. */
const isTooLarge = (error: unknown): boolean => {
  const type = typeOf(error);
  return type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE';
};

/** True where the topic does not exist (yet). */
const isUnknownTopic = (error: unknown): boolean => typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION';

/** The group protocol of our own assigner: members say what they had, and their leader shares the partitions out. */
const coPartitioned = (holdings: Holdings) => ({ cluster }: Parameters<typeof kafkajs.PartitionAssigners.roundRobin>[0]): Assigner => ({
  name: ASSIGNER,
  version: 1,
  protocol: ({ topics }) => ({
    name: ASSIGNER,
    metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.from(JSON.stringify(holdings.held)) }),
  }),
  assign: async ({ members }) => {
    const joined = members.map(({ memberId, memberMetadata }) => memberOf(memberId, memberMetadata));
    const topics = [...new Set(joined.flatMap((member) => member.topics))];
    const partitions = new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length]));
    return [...assign(joined, partitions)].map(([memberId, assignment]) => ({
      memberId,
      memberAssignment: kafkajs.AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment: Object.fromEntries([...assignment].map(([topic, numbers]) => [topic, [...numbers]])),
        userData: Buffer.alloc(0),
      }),
    }));
  },
});

const memberOf = (id: string, metadata: Buffer): Member => {
  const decoded = kafkajs.AssignerProtocol.MemberMetadata.decode(metadata);
  return { id, topics: decoded?.topics ?? [], held: heldIn(decoded?.userData) };
};

/** Another program in the group may say anything there; it then held nothing. */
const heldIn = (userData: Buffer | undefined): readonly number[] => {
  try {
    const held: unknown = JSON.parse(userData?.toString('utf8') ?? '[]');
    return Array.isArray(held) ? held.filter((number) => typeof number === 'number') : [];
  } catch {
    return [];
  }
};

/** One connection's membership: which generation of the group it is in, and what waits to be committed. */
class Membership {
  /** Grows with each assignment. Older batches may belong to another member now. */
  generation = 0;
  flush: () => Promise<void> = async () => undefined;

  batchOf(payload: EachBatchPayload, { commits, onPosition }: ConsumeOptions): PartitionBatch {
    const { batch } = payload;
    const { generation } = this;
    let refused = false;
    const mine = (): boolean => generation === this.generation;
    const commit = async (): Promise<void> => {
      if (mine()) await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
    };
    if (commits) this.flush = commit;
    const note = (): void => {
      refused = true; // the library's own next heartbeat fails as well, and sees to it that the member joins again
    };
    return {
      topic: batch.topic,
      partition: batch.partition,
      messages: batch.messages,
      current: () => !refused && mine() && payload.isRunning() && !payload.isStale(),
      heartbeat: () => payload.heartbeat().catch(note),
      done: async (nextOffset) => {
        if (!mine()) return;
        payload.resolveOffset(String(nextOffset - 1));
        const last = batch.messages.at(-1)?.offset;
        // After the last message may come marks of transactions, which are not shown.
        onPosition(batch.topic, batch.partition, String(nextOffset - 1) === last ? Number(batch.lastOffset()) + 1 : nextOffset);
        if (commits) await commit().catch(note);
      },
      pause: () => payload.pause(),
    };
  }
}

const consumeFrom = async (kafka: kafkajs.Kafka, options: ConsumeOptions): Promise<Consuming> => {
  const { groupId, topics, holdings, concurrency, maxBytes, sessionTimeoutMs, onAssigned, onPosition, handle } = options;
  const consumer: Consumer = kafka.consumer({
    groupId,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: Math.max(500, Math.floor(sessionTimeoutMs / 10)),
    maxBytes,
    maxBytesPerPartition: Math.min(maxBytes, 1024 * 1024),
    minBytes: 1,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    allowAutoTopicCreation: false,
    partitionAssigners: [coPartitioned(holdings)],
    // The library would start itself anew without telling what it lost; whoever consumes decides that.
    retry: { ...RETRY, restartOnFailure: async () => false },
  });
  const membership = new Membership();
  consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
    membership.generation++;
    const assigned = new Map(Object.entries(memberAssignment));
    const numbers = new Set([...assigned.values()].flat());
    // What is held longest stands first: it is what a smaller share keeps.
    holdings.held = [...new Set([...holdings.held.filter((number) => numbers.has(number)), ...numbers])];
    onAssigned(assigned);
  });
  const crashed = new Promise<Crash>((resolve) => {
    consumer.on(consumer.events.CRASH, ({ payload: { error } }) => resolve({ error, restartable: isRetriable(error) }));
  });
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset, batchSize } }) => {
    // A batch that is shown is reported as it is dealt with; in this one nothing was to show.
    if (batchSize === 0) onPosition(topic, partition, Number(lastOffset) + 1);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: concurrency,
      eachBatch: (payload) => handle(membership.batchOf(payload, options)),
    });
  } catch (error) {
    await consumer.disconnect().catch(() => undefined); // why it did not start is what matters
    throw error;
  }
  return {
    crashed,
    flush: () => membership.flush(),
    stop: async () => {
      await consumer.disconnect();
      membership.generation++;
    },
  };
};

const bytesOf = (part: Uint8Array | string | null): number => (part === null ? 0 : typeof part === 'string' ? Buffer.byteLength(part) : part.length);

const sizeOf = ({ key, value, headers = {} }: OutMessage): number => {
  let size = 64 + bytesOf(key) + bytesOf(value);
  for (const [name, header] of Object.entries(headers)) {
    for (const part of Array.isArray(header) ? (header as readonly HeaderPart[]) : [header as HeaderPart | undefined]) size += 8 + name.length + bytesOf(part ?? null);
  }
  return size;
};

function* requestsOf(messages: readonly OutMessage[]): Generator<readonly OutMessage[]> {
  let request: OutMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    if (request.length > 0 && bytes + size > REQUEST_BYTES) {
      yield request;
      [request, bytes] = [[], 0];
    }
    request.push(message);
    bytes += size;
  }
  if (request.length > 0) yield request;
}

/** The library takes bytes as Buffer only. */
const asBuffer = (part: Uint8Array | string): Buffer | string =>
  typeof part === 'string' || Buffer.isBuffer(part) ? part : Buffer.from(part.buffer, part.byteOffset, part.length);

/** The library has no way to send a header without a value. */
const asHeader = (part: HeaderPart): Buffer | string => (part === null ? '' : asBuffer(part));

const headersOf = (headers: Headers): IHeaders => {
  const result: IHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    result[name] = Array.isArray(value) ? (value as readonly HeaderPart[]).map(asHeader) : asHeader(value as HeaderPart);
  }
  return result;
};

const messageTo = ({ key, value, headers, partition }: OutMessage): Message => ({
  key: key === null ? null : asBuffer(key),
  value: value === null ? null : asBuffer(value),
  ...(headers && { headers: headersOf(headers) }),
  ...(partition !== undefined && { partition }),
});

const produceTo = async (kafka: kafkajs.Kafka): Promise<KafkaProducer> => {
  /*
   * Not the library's idempotent mode: it forgets its sequence numbers with the process, so that it does not help where
   * repetition comes from (a crash between producing and noting that), and after some broker errors it cannot go on
   * without being made anew. Every message of ours carries an id by which whoever reads it knows a repetition.
   */
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    retry: RETRY,
  });
  await producer.connect();
  const request = async (topic: string, messages: readonly OutMessage[]): Promise<void> => {
    await producer.send({ topic, acks: -1, messages: messages.map(messageTo) });
  };
  return {
    send: async (topic, messages, shorten) => {
      for (const part of requestsOf(messages)) {
        try {
          await request(topic, part);
        } catch (error) {
          if (!shorten || !isTooLarge(error)) throw error;
          for (const message of part) await request(topic, [message]).catch((why: unknown) => (isTooLarge(why) ? request(topic, [shorten(message)]) : Promise.reject(why as Error)));
        }
      }
    },
    close: () => producer.disconnect(),
  };
};

const administer = async (kafka: kafkajs.Kafka): Promise<KafkaAdmin> => {
  const admin = kafka.admin({ retry: RETRY });
  await admin.connect();
  const metadataOf = async (topic: string): Promise<readonly ITopicMetadata[]> => {
    try {
      return (await admin.fetchTopicMetadata({ topics: [topic] })).topics;
    } catch (error) {
      if (isUnknownTopic(error)) return [];
      throw error;
    }
  };
  const countOf = async (topic: string) => (await metadataOf(topic)).map(({ name, partitions }) => [name, partitions.length] as const);
  const isLed = async (topic: string, partitions: number): Promise<boolean> =>
    (await metadataOf(topic)).some((found) => found.partitions.filter(({ leader }) => leader >= 0).length === partitions);
  return {
    partitions: async (topics) => new Map((await Promise.all(topics.map(countOf))).flat()),
    ends: async (topic) =>
      (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) })),
    committed: async (groupId, topic) => {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      return new Map((found?.partitions ?? []).filter(({ offset }) => Number(offset) >= 0).map(({ partition, offset }) => [partition, Number(offset)]));
    },
    create: async (topic, partitions, config = {}) => {
      const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
      // Not by the library's own waiting, which fails where a broker has not yet heard of the topic.
      await admin.createTopics({ waitForLeaders: false, topics: [{ topic, numPartitions: partitions, configEntries }] });
      for (let attempt = 0; !(await isLed(topic, partitions)); attempt++) {
        if (attempt > 100) throw new ProofmarkError('NOT_CAUGHT_UP', `The topic ${topic} was created, but its partitions have no leaders.`);
        await waitFor(100, new AbortController().signal);
      }
    },
    close: () => admin.disconnect(),
  };
};

/** A cluster, by the one client library that is used for it; nothing is connected before something is asked of it. */
export const kafkaClient = (options: KafkaOptions): KafkaClient => {
  const kafka = new kafkajs.Kafka(configOf(options));
  return { consume: (what) => consumeFrom(kafka, what), producer: () => produceTo(kafka), admin: () => administer(kafka) };
};
