import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { Catalogue } from './catalogue.js';
import { heldAfter, periodsOf, readAward } from './held-badge.js';

/** A tenant's recorded history up to a log position: courses and rules at once, learners one by one. */
export interface History {
  readonly tenant: string;
  readonly position: number;
  readonly catalogue: Catalogue;
  /** What holds about a learner, and which of some badges the learner held, as recorded. */
  readonly factsOf: (learner: string, badges: readonly string[]) => Promise<readonly Fact[]>;
}

/** Opens the history of a tenant. */
export const openHistory = async (store: EventStore, tenant: string, position: number): Promise<History> => {
  const catalogue = new Catalogue();
  await catalogue.load(store, position);

  const heldOf = async (learner: string, badge: string, facts: readonly Fact[]): Promise<readonly Fact[]> => {
    const rule = catalogue.newest(tenant, badge)?.rule;
    const held: Fact[] = [];
    for (const period of periodsOf(catalogue, tenant, badge, facts)) {
      let fact: Fact | undefined;
      for (const event of await readAward(store, awardId(tenant, learner, badge, period), position)) {
        fact = heldAfter(event, fact, rule?.course ?? '', rule?.design.level);
      }
      if (fact) held.push(fact);
    }
    return held;
  };

  return {
    tenant,
    position,
    catalogue,
    factsOf: async (learner, badges) => {
      const book = emptyFactBook();
      for (const recorded of await store.readStream(learnerStream(tenant, learner))) {
        if (recorded.position > position) break;
        applyEvent(book, readLogEvent(recorded.type, recorded.schema, recorded.json) as LearningEvent);
      }
      const facts = [...currentFacts(book)];
      const held: Fact[] = [];
      for (const badge of badges) held.push(...(await heldOf(learner, badge, facts)));
      return [...facts, ...held];
    },
  };
};
