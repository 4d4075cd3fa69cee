import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import type { Settings, Tracker } from './criterion.js';
import { compareFacts, insertFact, removeFact } from './sorted-facts.js';
import type { Truth } from './truth.js';

/** What facts that count once have in common. */
export type Group = string | number;

/** Up to so many groups it is as fast to look through them as to look one up, and much leaner. */
const FEW = 32;

/** Follows the first fact of each group; thresholds are numbers of groups. */
export class DistinctTracker<S> implements Tracker {
  readonly facts: Fact[] = [];
  /** The first fact of each group, in order, and what each of them has in common with its group. */
  readonly #firsts: Fact[] = [];
  readonly #groups: Group[] = [];
  /** The first fact of each group; undefined while there are few. */
  #firstOf: Map<Group, Fact> | undefined;
  changedAbove = 0;
  changedUpTo = 0;

  constructor(
    /** What two facts must share to count once; undefined for a fact that cannot be placed. */
    private readonly groupOf: (fact: Fact, at: Circumstances) => Group | undefined,
    /** What the first facts of all groups, in order, come to. */
    private readonly truthOf: (settings: S, firsts: readonly Fact[]) => Truth,
  ) {}

  insert(fact: Fact, at: Circumstances): void {
    insertFact(this.facts, fact);
    this.changedAbove = this.changedUpTo = 0;
    const group = this.groupOf(fact, at);
    if (group === undefined) return;
    const former = this.#firstIn(group);
    if (former && compareFacts(former, fact) < 0) return;
    const left = former ? this.#take(former) : this.#firsts.length;
    const joined = this.#put(fact, group);
    // Where another fact is the first of its group, all thresholds between the two places see other times.
    this.changedAbove = Math.min(left, joined);
    this.changedUpTo = Math.max(left, joined) + 1;
  }

  remove(fact: Fact, at: Circumstances): void {
    removeFact(this.facts, fact);
    this.changedAbove = this.changedUpTo = 0;
    const group = this.groupOf(fact, at);
    const former = group === undefined ? undefined : this.#firstIn(group);
    if (group === undefined || !former || compareFacts(former, fact) !== 0) return;
    const left = this.#take(former);
    const next = this.facts.find((other) => this.groupOf(other, at) === group);
    const joined = next ? this.#put(next, group) : this.#firsts.length;
    if (!next) this.#firstOf?.delete(group);
    this.changedAbove = Math.min(left, joined);
    this.changedUpTo = Math.max(left, joined) + 1;
  }

  counts(fact: Fact, at: Circumstances): boolean {
    const group = this.groupOf(fact, at);
    const first = group === undefined ? undefined : this.#firstIn(group);
    return first !== undefined && compareFacts(first, fact) === 0;
  }

  truth(settings: Settings): Truth {
    return this.truthOf(settings as S, this.#firsts);
  }

  #firstIn(group: Group): Fact | undefined {
    if (this.#firsts.length <= FEW) return this.#firsts[this.#groups.indexOf(group)];
    this.#firstOf ??= new Map(this.#firsts.map((fact, i) => [this.#groups[i] ?? '', fact]));
    return this.#firstOf.get(group);
  }

  /** Makes a fact the first of its group and returns its place. */
  #put(fact: Fact, group: Group): number {
    const place = insertFact(this.#firsts, fact);
    if (place === this.#groups.length) this.#groups.push(group);
    else this.#groups.splice(place, 0, group);
    this.#firstOf?.set(group, fact);
    return place;
  }

  /** Takes the first fact of a group away and returns its former place. */
  #take(fact: Fact): number {
    const place = removeFact(this.#firsts, fact);
    this.#groups.splice(place, 1);
    return place;
  }
}
