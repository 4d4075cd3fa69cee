import type { Fact } from '#domain/facts.js';
import { compareFacts } from './selector.js';

/** Facts in order of event time, then id. Adding the latest, the usual case, costs nothing extra. */
export class SortedFacts {
  readonly items: Fact[];

  /** Given facts are in order already. A list that begins with its first fact takes a tenth of one that is pushed to. */
  constructor(...facts: Fact[]) {
    this.items = facts;
  }

  /** Adds a fact and returns its place. */
  insert(fact: Fact): number {
    const last = this.items.at(-1);
    const place = last === undefined || compareFacts(last, fact) < 0 ? this.items.length : this.#place(fact);
    if (place === this.items.length) this.items.push(fact);
    else this.items.splice(place, 0, fact);
    return place;
  }

  /** Removes a fact that was added and returns its former place. */
  remove(fact: Fact): number {
    const place = this.#place(fact);
    this.items.splice(place, 1);
    return place;
  }

  /** Event time of the earliest fact; Infinity where there is none. */
  first(): number {
    return this.items[0]?.time ?? Infinity;
  }

  #place(fact: Fact): number {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.items[middle];
      if (item && compareFacts(item, fact) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
