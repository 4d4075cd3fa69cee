import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import type { Tracker } from './criterion.js';
import { millionths, NOTHING, ofMillionths } from './millionths.js';
import { insertFact, removeFact } from './sorted-facts.js';
import { whereReached, type Truth } from './truth.js';

/** A number that facts come to, taken in one after the other in order of event time. */
export interface Tally {
  /**
   * Takes in the next fact; returns what all facts up to it come to, in millionths, or NOTHING. The first `before` of
   * `facts` are those before it: there is no need to keep what they tell.
   */
  add(fact: Fact, at: Circumstances, facts: readonly Fact[], before: number): number;
}

type Threshold = Readonly<Record<'at-least', number>>;

/**
 * Follows a number that has to reach `at-least`. A fact that is the latest costs one addition, any other one a new
 * count from the first fact on.
 */
export class RunningTracker<S extends Threshold> implements Tracker {
  readonly facts: Fact[] = [];
  /** What facts 0 to i come to. */
  readonly #values: number[] = [];
  #tally: Tally;
  changedAbove = 0;
  changedUpTo = 0;

  constructor(
    private readonly settings: S,
    private readonly start: (settings: S) => Tally,
  ) {
    this.#tally = start(settings);
  }

  insert(fact: Fact, at: Circumstances): void {
    const place = insertFact(this.facts, fact);
    if (place < this.#values.length) return this.#recount(place, at);
    const before = this.#values.at(-1) ?? NOTHING;
    const after = this.#tally.add(fact, at, this.facts, place);
    this.#values.push(after);
    this.#changed(Math.min(before, after), Math.max(before, after));
  }

  remove(fact: Fact, at: Circumstances): void {
    this.#recount(removeFact(this.facts, fact), at);
  }

  truth({ 'at-least': needed }: Threshold): Truth {
    const [facts, values] = [this.facts, this.#values];
    return whereReached(facts.length, (i) => facts[i]?.time ?? 0, (i) => values[i] ?? NOTHING, millionths(needed));
  }

  /** Facts from a place on have changed. */
  #recount(place: number, at: Circumstances): void {
    let low = this.#values[place - 1] ?? NOTHING;
    let high = low;
    const note = (value: number): void => {
      if (value < low) low = value;
      if (value > high) high = value;
    };
    for (let i = place; i < this.#values.length; i++) note(this.#values[i] ?? NOTHING);
    this.#values.length = 0;
    this.#tally = this.start(this.settings);
    for (const fact of this.facts) {
      const value = this.#tally.add(fact, at, this.facts, this.#values.length);
      if (this.#values.push(value) > place) note(value);
    }
    this.#changed(low, high);
  }

  /** Thresholds are compared in millionths; be wide by one. */
  #changed(low: number, high: number): void {
    this.changedAbove = low === high ? Infinity : ofMillionths(low - 1);
    this.changedUpTo = ofMillionths(high + 1);
  }
}
