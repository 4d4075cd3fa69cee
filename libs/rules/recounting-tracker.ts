import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import type { CriterionNode, Tracker } from './criterion.js';
import { millionths, NOTHING } from './millionths.js';
import { insertFact, removeFact } from './sorted-facts.js';
import { whereReached, type Truth } from './truth.js';

/** A number from each of some moments on, which ascend; of several numbers at one moment the last one counts. */
export interface Steps {
  readonly times: readonly number[];
  /** In millionths, or NOTHING. */
  readonly values: readonly number[];
}

/** What all facts come to, from the first one on and into the future. */
export type Recount<S> = (node: CriterionNode<S>, facts: readonly Fact[], at: Circumstances) => Steps;

type Threshold = Readonly<Record<'at-least', number>>;

/**
 * Follows a number that has to reach `at-least` and that rests on more than facts taken in one by one. It is counted
 * anew, once for all thresholds, when somebody asks after facts or what the course offers have changed.
 */
export class RecountingTracker<S extends Threshold> implements Tracker {
  readonly facts: Fact[] = [];
  /** Undefined after a change. */
  #steps: Steps | undefined;
  #offers: readonly Fact[] | undefined;
  #closedAt: number | undefined;
  readonly changedAbove = -Infinity;
  readonly changedUpTo = Infinity;

  constructor(
    private readonly node: CriterionNode<S>,
    private readonly recount: Recount<S>,
  ) {}

  insert(fact: Fact): void {
    insertFact(this.facts, fact);
    this.#steps = undefined;
  }

  remove(fact: Fact): void {
    removeFact(this.facts, fact);
    this.#steps = undefined;
  }

  truth({ 'at-least': needed }: Threshold, at: Circumstances): Truth {
    const { times, values } = this.#stepsIn(at);
    return whereReached(times.length, (i) => times[i] ?? 0, (i) => values[i] ?? NOTHING, millionths(needed));
  }

  #stepsIn(at: Circumstances): Steps {
    const { offers, closedAt } = at.course;
    if (!this.#steps || this.#offers !== offers || this.#closedAt !== closedAt) {
      this.#steps = this.recount(this.node, this.facts, at);
      this.#offers = offers;
      this.#closedAt = closedAt;
    }
    return this.#steps;
  }
}
