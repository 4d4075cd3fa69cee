import { messageOf } from '#domain/errors.js';
import type { EventStore } from '#event-store/event-store.js';
import { waitFor } from '#event-store/wait-for.js';
import { backOffMs, unlessAborted } from './back-off.js';
import { badgeMessage } from './badge-message.js';
import { clusterMayRecover, type KafkaProducer } from './client.js';
import { storeMayRecover } from './take-in.js';

/** Up to where in the log everything was published; kept wherever it is durable. */
export interface Checkpoint {
  /** -1 or 0 at first. */
  load(): Promise<number>;
  save(position: number): Promise<void>;
}

/** What publishing awards needs. */
export interface BadgesTopicOptions {
  readonly store: Pick<EventStore, 'subscribe'>;
  /** Opens a producer; asked again after a failure. */
  readonly producer: () => Promise<KafkaProducer>;
  readonly checkpoint: Checkpoint;
  readonly topic: string;
  readonly tenant: string;
  /** The CloudEvents source of the messages: the address of this engine. */
  readonly source: string;
  /** Events that are published before the checkpoint moves: so many may come twice after a crash; 500 where absent. */
  readonly batchSize?: number;
  readonly log?: (level: 'warning' | 'error', message: string) => void;
}

/** How publishing is. */
export interface BadgesTopicState {
  readonly state: 'publishing' | 'waiting' | 'stopped' | 'failed';
  /** Why it waits, or what failed. */
  readonly reason?: string;
  /** Up to where in the log everything is published. */
  readonly position: number;
}

/** The topic of what becomes of awards. */
export interface BadgesTopic {
  /** Settles when publishing is over: resolves after `stop`, rejects with what does not pass by itself. */
  readonly done: Promise<void>;
  status(): BadgesTopicState;
  stop(): Promise<void>;
}

/**
 * Publishes every event of an award, in the order of the log, at least once: the checkpoint moves when all in-sync
 * replicas have what is before it. A crash between the two repeats messages, with the same ids and in the same order;
 * whoever reads them leaves out the ids (or, by award, the log positions) that it knows. So is it with two engines that
 * publish at once, and after a checkpoint was lost: nothing is ever missing.
 */
export const startBadgesTopic = (options: BadgesTopicOptions): BadgesTopic => {
  const { store, producer, checkpoint, topic, tenant, source, batchSize = 500, log = () => undefined } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let status: BadgesTopicState = { state: 'publishing', position: 0 };
  let failures = 0;

  const publish = async (): Promise<void> => {
    const after = await checkpoint.load();
    status = { ...status, position: after };
    const to = await unlessAborted(producer(), signal);
    if (!to) return;
    try {
      for await (const events of store.subscribe({ after, batchSize, categories: ['award'], signal })) {
        const last = events.at(-1);
        if (!last) continue;
        const messages = events.flatMap((event) => badgeMessage(event, tenant, source) ?? []);
        if (messages.length > 0) await to.send(topic, messages);
        await checkpoint.save(last.position);
        failures = 0;
        status = { state: 'publishing', position: last.position };
      }
    } finally {
      await to.close().catch(() => undefined); // a connection that is gone cannot say goodbye
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await publish();
      } catch (error) {
        if (!clusterMayRecover(error) && !storeMayRecover(error)) {
          status = { ...status, state: 'failed', reason: messageOf(error) };
          log('error', `Publishing awards to Kafka has ended: ${messageOf(error)}`);
          throw error;
        }
        status = { ...status, state: 'waiting', reason: messageOf(error) };
        log('warning', `Awards wait to be published: ${messageOf(error)}`);
        await waitFor(backOffMs(failures++), signal);
      }
    }
    status = { state: 'stopped', position: status.position };
  };
  const done = run();
  done.catch(() => undefined); // whoever wants to know awaits it

  return {
    done,
    status: () => status,
    stop: async () => {
      stopping.abort();
      await done.catch(() => undefined); // it is told where it is awaited
    },
  };
};
