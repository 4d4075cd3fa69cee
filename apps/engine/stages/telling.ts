import type { EventStore } from '#event-store/event-store.js';
import { startBadgesTopic, type BadgesTopicOptions, type BadgesTopicState } from '#kafka/badges-topic.js';
import { kafkaClient, type KafkaOptions } from '#kafka/client.js';
import type { Checkpoints } from './checkpoints.js';
import type { Running } from './running.js';

/** Where it is noted how far awards were told. */
export const BADGES_TOPIC = 'badges-topic';

/** With what awards are told to Kafka. */
export interface TellingOptions extends Pick<BadgesTopicOptions, 'topic' | 'tenant' | 'source'> {
  readonly store: EventStore;
  readonly checkpoints: Checkpoints;
  readonly kafka: KafkaOptions;
  readonly log: NonNullable<BadgesTopicOptions['log']>;
  /** Told once, when it has ended though nobody stopped it. */
  readonly onFailure: (error: unknown) => void;
}

/** Awards, being told. */
export interface Telling extends Running {
  status(): BadgesTopicState;
}

/** Tells what becomes of awards to a topic, from where it was left. */
export const startTelling = ({ checkpoints, kafka, onFailure, log, ...options }: TellingOptions): Telling => {
  const client = kafkaClient({ ...kafka, log });
  const topic = startBadgesTopic({
    ...options,
    log,
    producer: () => client.producer(),
    checkpoint: { load: () => checkpoints.least([BADGES_TOPIC]), save: (position) => checkpoints.move([BADGES_TOPIC], position) },
  });
  topic.done.catch(onFailure);
  return { status: () => topic.status(), stop: () => topic.stop() };
};
