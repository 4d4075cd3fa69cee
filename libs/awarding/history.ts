import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { Catalogue } from './catalogue.js';
import { heldBadges, publishedBadge } from './held-badge.js';

/** A tenant's recorded history up to a log position: courses and rules at once, learners one by one. */
export interface History {
  readonly tenant: string;
  readonly position: number;
  readonly catalogue: Catalogue;
  /** What holds about a learner, and which of some badges the learner held, as recorded. */
  readonly factsOf: (learner: string, badges: readonly string[]) => Promise<readonly Fact[]>;
}

/** The events of a learner's stream up to a log position. */
export const readLearner = async (store: EventStore, tenant: string, learner: string, upTo: number): Promise<readonly LearningEvent[]> =>
  (await store.readStream(learnerStream(tenant, learner)))
    .filter(({ position }) => position <= upTo)
    .map(({ type, schema, json }) => readLogEvent(type, schema, json) as LearningEvent);

/** What holds after some events of a learner. */
export const factsIn = (events: readonly LearningEvent[]): readonly Fact[] => {
  const book = emptyFactBook();
  for (const event of events) applyEvent(book, event);
  return currentFacts(book);
};

/** Opens the history of a tenant. */
export const openHistory = async (store: EventStore, tenant: string, position: number): Promise<History> => {
  const catalogue = new Catalogue();
  await catalogue.load(store, position);

  return {
    tenant,
    position,
    catalogue,
    factsOf: async (learner, badges) => {
      const events = await readLearner(store, tenant, learner, position);
      const held = await heldBadges(store, { tenant, learner, upTo: position }, badges.map((badge) => publishedBadge(catalogue, tenant, badge)), events);
      return [...factsIn(events), ...held.values()];
    },
  };
};
