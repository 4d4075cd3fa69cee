import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import type { CriterionNode, Settings, Tracker } from './criterion.js';
import { insertFact, removeFact } from './sorted-facts.js';
import type { Truth } from './truth.js';

/**
 * A tracker that holds nothing but the facts: for criteria that offers and the clock can change as well, so that any
 * fact may flip them and only the truth as a whole is worth computing.
 */
export abstract class TimedTracker<S = Settings> implements Tracker {
  readonly facts: Fact[] = [];

  constructor(protected readonly node: CriterionNode<S>) {}

  get changedAbove(): number {
    return -Infinity;
  }

  get changedUpTo(): number {
    return Infinity;
  }

  insert(fact: Fact): void {
    insertFact(this.facts, fact);
  }

  remove(fact: Fact): void {
    removeFact(this.facts, fact);
  }

  abstract truth(settings: Settings, at: Circumstances): Truth;
}
