import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeOn } from '../../test/engines/describe-on.js';
import { openEmbedded } from '#event-store/embedded.js';
import type { EventStore } from '#event-store/event-store.js';
import { createIntake, type Intake } from '#intake/intake.js';
import { forgetfulVault } from '#vault/in-memory.js';
import { kafkaClient, type KafkaClient, type KafkaOptions } from './client.js';
import type { KafkaMessage, OutMessage } from './message.js';
import { startKafkaSource, type KafkaSource, type KafkaSourceOptions } from './source.js';

const addresses = (process.env['KAFKA_BROKERS'] ?? '').split(',').filter((address) => address !== '');

/** One for all engines, as they have one log. */
const seals = forgetfulVault();

/** `describe` where there is a broker; else it says that there is none. */
export const describeKafka = (name: string, tests: () => void): void => describeOn(['KAFKA_BROKERS'], name, tests);

/** A condition that must come true before long. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 60_000, everyMs = 20): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};

/** A message of a topic and its partition. */
export interface Read extends KafkaMessage {
  readonly partition: number;
}

/** A learning event as a class system sends it. */
export const grade = (learner: string, id: string, more: object = {}): Record<string, unknown> => ({
  id, source: 'lms', type: 'AssignmentGraded', learner, course: 'c', activity: id, time: '2026-02-01', score: 1, max: 1, ...more,
});

/** The message of an event, by its learner's key. */
export const sent = (event: Record<string, unknown>, tenant = 't'): OutMessage => ({ key: `${tenant}:${String(event['learner'])}`, value: JSON.stringify(event) });

/** Everything that a test makes on a cluster and on disk, under names of its own. */
export class ClusterUnderTest {
  readonly client: KafkaClient;
  readonly options: KafkaOptions;
  readonly group = `g-${randomUUID()}`;
  /** What sources said. */
  readonly said: string[] = [];
  private readonly ends: (() => Promise<unknown> | void)[] = [];

  constructor(options: KafkaOptions = { brokers: addresses }) {
    this.options = options;
    this.client = kafkaClient(options);
  }

  /** A topic that nobody else has. */
  async topic(name: string, partitions: number, config?: Readonly<Record<string, string>>): Promise<string> {
    const topic = `${name}-${randomUUID()}`;
    const admin = await this.client.admin();
    await admin.create(topic, partitions, config);
    await admin.close();
    return topic;
  }

  async produce(topic: string, messages: readonly OutMessage[]): Promise<void> {
    const producer = await this.client.producer();
    await producer.send(topic, messages);
    await producer.close();
  }

  /** All that stands in a topic now, in order within each partition. */
  async read(topic: string): Promise<readonly Read[]> {
    const admin = await this.client.admin();
    const ends = (await admin.ends(topic)).filter(({ low, high }) => high > low);
    await admin.close();
    const reached = new Map<number, number>();
    const messages: Read[] = [];
    const consuming = await this.client.consume({
      groupId: `read-${randomUUID()}`, topics: [topic], holdings: { held: [] }, concurrency: 1, maxBytes: 8_000_000, sessionTimeoutMs: 30_000, commits: false,
      onAssigned: () => undefined,
      onPosition: (_topic, partition, next) => void reached.set(partition, next),
      handle: async (batch) => {
        messages.push(...batch.messages.map((message) => ({ ...message, partition: batch.partition })));
        await batch.done(Number(batch.messages.at(-1)?.offset) + 1);
      },
    });
    await until(`${topic} is read`, () => ends.every(({ partition, high }) => (reached.get(partition) ?? 0) >= high));
    await consuming.stop();
    return messages;
  }

  /** How many messages of the topics the group has not committed. */
  async lag(...topics: readonly string[]): Promise<number> {
    const admin = await this.client.admin();
    let lag = 0;
    for (const topic of topics) {
      const committed = await admin.committed(this.group, topic);
      for (const { partition, low, high } of await admin.ends(topic)) lag += high - Math.max(low, committed.get(partition) ?? 0);
    }
    await admin.close();
    return lag;
  }

  async store(): Promise<EventStore> {
    const dir = mkdtempSync(join(tmpdir(), 'kafka-test-'));
    const store = await openEmbedded({ dir });
    this.ends.push(async () => {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    });
    return store;
  }

  intake(store: EventStore): Intake {
    return createIntake({ store, seals, tenant: 't', now: Date.now, newId: randomUUID });
  }

  source(intake: Pick<Intake, 'submit'>, topics: KafkaSourceOptions['topics'], more: Partial<KafkaSourceOptions> = {}): KafkaSource {
    const source = startKafkaSource({
      kafka: this.options, topics, groupId: this.group, tenant: 't', intake, sessionTimeoutMs: 6_000, watchMs: 500,
      log: (level, message) => void this.said.push(`${level}: ${message}`), ...more,
    });
    this.ends.push(() => source.stop());
    return source;
  }

  /** Ends everything, last things first. */
  async end(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end();
  }
}
