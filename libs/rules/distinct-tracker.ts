import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import type { Settings, Tracker } from './criterion.js';
import { insertFact, removeFact } from './sorted-facts.js';
import type { Truth } from './truth.js';

/** What facts that count once have in common. */
export type Group = string | number;

/** Follows the first fact of each group; thresholds are numbers of groups. */
export class DistinctTracker<S> implements Tracker {
  readonly #facts: Fact[] = [];
  /** The facts of each group, in order. A group of one is the fact itself: most are. */
  readonly #groups = new Map<Group, Fact | Fact[]>();
  /** The first fact of each group, in order. */
  readonly #firsts: Fact[] = [];
  changedAbove = 0;
  changedUpTo = 0;

  constructor(
    /** What two facts must share to count once; undefined for a fact that cannot be placed. */
    private readonly groupOf: (fact: Fact, at: Circumstances) => Group | undefined,
    /** What the first facts of all groups, in order, come to. */
    private readonly truthOf: (settings: S, firsts: readonly Fact[]) => Truth,
  ) {}

  insert(fact: Fact, at: Circumstances): void {
    insertFact(this.#facts, fact);
    const key = this.groupOf(fact, at);
    this.#nothingChanged();
    if (key === undefined) return;
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, fact);
      this.#addFirst(fact);
      return;
    }
    const facts = Array.isArray(group) ? group : [group];
    if (facts !== group) this.#groups.set(key, facts);
    const former = facts[0];
    if (insertFact(facts, fact) > 0) return;
    if (former) this.#moveFirst(former, fact);
  }

  remove(fact: Fact, at: Circumstances): void {
    removeFact(this.#facts, fact);
    this.#nothingChanged();
    const key = this.groupOf(fact, at);
    const group = key === undefined ? undefined : this.#groups.get(key);
    if (key === undefined || group === undefined) return;
    if (Array.isArray(group)) {
      if (removeFact(group, fact) > 0) return;
      const next = group[0];
      if (next) return this.#moveFirst(fact, next);
    }
    this.#groups.delete(key);
    this.changedUpTo = this.#firsts.length;
    this.changedAbove = removeFact(this.#firsts, fact);
  }

  truth(settings: Settings): Truth {
    return this.truthOf(settings as S, this.#firsts);
  }

  first(): number {
    return this.#facts[0]?.time ?? Infinity;
  }

  last(): number {
    return this.#facts.at(-1)?.time ?? -Infinity;
  }

  #nothingChanged(): void {
    this.changedAbove = this.changedUpTo = 0;
  }

  #addFirst(fact: Fact): void {
    this.changedAbove = insertFact(this.#firsts, fact);
    this.changedUpTo = this.#firsts.length;
  }

  /** Another fact is the first of its group: all thresholds between the two places see other times. */
  #moveFirst(former: Fact, next: Fact): void {
    const left = removeFact(this.#firsts, former);
    const joined = insertFact(this.#firsts, next);
    this.changedAbove = Math.min(left, joined);
    this.changedUpTo = Math.max(left, joined) + 1;
  }
}
