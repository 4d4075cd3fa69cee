import { DEAD_LETTER_REASONS } from '#domain/dead-letter.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Delivery, Receipt } from '#intake/delivery.js';
import type { Intake } from '#intake/intake.js';
import type { ClusterUnderTest } from '#kafka/cluster-under-test.js';
import { grade, sent } from '#kafka/cluster-under-test.js';
import { headerText, type OutMessage } from '#kafka/message.js';

/** What a class system sends: events of some learners, 1 % of it poison, some of it again, some of it late. */
export const traffic = (from: number, count: number): readonly OutMessage[] => {
  const messages: OutMessage[] = [];
  for (let i = from; i < from + count; i++) {
    const learner = `l${(i * 31) % 211}`;
    if (i % 100 === 50) messages.push({ key: `t:${learner}`, value: i % 200 === 50 ? `{"id":"poison-${i}"` : JSON.stringify(grade(learner, `poison-${i}`, { score: -i })) });
    else messages.push(sent(grade(learner, `e${i}`)));
    const earlier = i - 40;
    if (i % 33 === 0 && earlier > 0 && earlier % 100 !== 50) messages.push(sent(grade(`l${(earlier * 31) % 211}`, `e${earlier}`)));
  }
  // Neighbours change places: nothing that a source sends is in order for sure.
  for (let i = 7; i + 1 < messages.length; i += 13) [messages[i], messages[i + 1]] = [messages[i + 1] as OutMessage, messages[i] as OutMessage];
  return messages;
};

/** Intakes over one store, and which messages they gave receipts for. */
export class Takers {
  readonly intakes: Intake[] = [];
  /** By place in Kafka, what became of a message at last. */
  readonly receipts = new Map<string, Receipt['outcome']>();

  constructor(
    private readonly cluster: ClusterUnderTest,
    private readonly store: EventStore,
  ) {}

  open(): Pick<Intake, 'submit'> {
    const intake = this.cluster.intake(this.store);
    this.intakes.push(intake);
    return {
      submit: async (deliveries: readonly Delivery[]) => {
        const receipts = await intake.submit(deliveries);
        deliveries.forEach(({ origin }, i) => this.receipts.set(origin, receipts[i]?.outcome ?? 'recorded'));
        return receipts;
      },
    };
  }
}

interface Standing {
  /** The places of all messages of the topic, as origins name them. */
  readonly places: readonly string[];
  /** How many different events there are. */
  readonly distinct: number;
}

/**
 * The account at the end, worked out from what stands in the topics and in the log, not from what anybody counted: every
 * message of the topic was recorded, is a duplicate or a dead letter; nothing is missing, nothing is there twice.
 */
export const checkTopics = async (cluster: ClusterUnderTest, topic: string, deadLetters: string, store: EventStore): Promise<Standing> => {
  const messages = await cluster.read(topic);
  const poison = messages.filter(({ value }) => String(value).includes('poison-'));
  const ids = messages.filter((message) => !poison.includes(message)).map(({ value }) => (JSON.parse(String(value)) as { id: string }).id);

  const logged = (await store.readAll({ after: 0, limit: 10_000_000, categories: ['learner'] })).map(({ json }) => (JSON.parse(json) as { id: string }).id);
  expect([...logged].sort()).toEqual([...new Set(ids)].sort());

  const letters = await cluster.read(deadLetters);
  const placeOf = (headers: (typeof letters)[number]['headers']): string => `${headerText(headers, 'proofmark-source-partition')}/${headerText(headers, 'proofmark-source-offset')}`;
  expect([...new Set(letters.map(({ headers }) => placeOf(headers)))].sort()).toEqual(poison.map(({ partition, offset }) => `${partition}/${offset}`).sort());
  for (const { headers, value } of letters) {
    expect(DEAD_LETTER_REASONS).toContain(headerText(headers, 'proofmark-reason'));
    expect(String(value)).toContain('poison-');
  }
  // In order: what of a partition comes for the first time comes after all that was before it.
  const seen = new Map<number, Set<number>>();
  for (const { partition, headers } of letters) {
    const offset = Number(headerText(headers, 'proofmark-source-offset'));
    const before = seen.get(partition) ?? new Set();
    seen.set(partition, before);
    if (!before.has(offset)) expect(offset).toBeGreaterThan(Math.max(-1, ...before));
    before.add(offset);
  }
  expect(await cluster.lag(topic)).toBe(0);
  return { places: messages.map(({ partition, offset }) => `kafka:${topic}/${partition}/${offset}`), distinct: new Set(ids).size };
};

/** The same, and what the intakes counted of it; also how many deliveries came again. */
export const checkAccount = async (cluster: ClusterUnderTest, topic: string, deadLetters: string, store: EventStore, takers: Takers): Promise<{ readonly messages: number; readonly again: number }> => {
  const { places, distinct } = await checkTopics(cluster, topic, deadLetters, store);
  expect(places.filter((place) => !takers.receipts.has(place))).toEqual([]);
  expect(takers.receipts.size).toBe(places.length);
  const sum = (of: 'sent' | 'recorded' | 'duplicates' | 'deadLettered'): number => takers.intakes.reduce((total, { account }) => total + account[of], 0);
  expect(sum('sent')).toBe(sum('recorded') + sum('duplicates') + sum('deadLettered'));
  expect(sum('recorded')).toBe(distinct);
  expect(sum('sent')).toBeGreaterThanOrEqual(places.length);
  return { messages: places.length, again: sum('sent') - places.length };
};
