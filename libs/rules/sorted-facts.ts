import type { Fact } from '#domain/facts.js';
import { firstIndex } from './first-index.js';

/** Order of event time, then id: the same for every order of arrival. */
export const compareFacts = (a: Fact, b: Fact): number => a.time - b.time || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The place of the first fact that is not before this one; the list's length where all are. */
const placeOf = (facts: readonly Fact[], fact: Fact): number => {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = facts[middle];
    if (item && compareFacts(item, fact) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Adds a fact to a list in order of event time, then id, and returns its place. The latest, the usual case, costs nothing extra. */
export const insertFact = (facts: Fact[], fact: Fact): number => {
  const last = facts.at(-1);
  if (last === undefined || compareFacts(last, fact) < 0) return facts.push(fact) - 1;
  const place = placeOf(facts, fact);
  facts.splice(place, 0, fact);
  return place;
};

/** Removes a fact that was added and returns its former place. */
export const removeFact = (facts: Fact[], fact: Fact): number => {
  const place = placeOf(facts, fact);
  facts.splice(place, 1);
  return place;
};

/** The event time of the first of sorted facts; Infinity where there is none. */
export const firstTime = (facts: readonly Fact[]): number => facts[0]?.time ?? Infinity;

/** The event time of the last of sorted facts; -Infinity where there is none. */
export const lastTime = (facts: readonly Fact[]): number => facts.at(-1)?.time ?? -Infinity;

/** Of sorted facts those up to a moment. */
export const factsUpTo = (facts: readonly Fact[], time: number): readonly Fact[] =>
  lastTime(facts) <= time ? facts : facts.slice(0, firstIndex(facts.length, (i) => (facts[i]?.time ?? Infinity) > time));
