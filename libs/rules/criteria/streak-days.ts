import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import type { CriterionNode, Tracker } from '../criterion.js';
import { CALENDAR_WEEKS, DAYS, WEEKDAYS, type DayUnits } from '../day-units.js';
import { firstIndex } from '../first-index.js';
import { insertFact, removeFact } from '../sorted-facts.js';
import { from, type Truth } from '../truth.js';
import type { Active, StreakSettings } from './streak.js';

const unitsOf = (settings: StreakSettings): DayUnits =>
  settings.per === 'week' ? CALENDAR_WEEKS : settings['weekdays-only'] ? WEEKDAYS : DAYS;

/** The day or week of a fact; undefined for one on a day that does not count. */
const placeOf = (fact: Fact, settings: StreakSettings, { course, learner }: Circumstances): number | undefined => {
  const zone = settings.zone === 'learner' ? (learner.zone ?? course.zone) : course.zone;
  return unitsOf(settings).of(zone.dayOf(fact.time));
};

/** The days or weeks with a fact, in order. */
export const activeDays = (settings: StreakSettings, facts: readonly Fact[], at: Circumstances): readonly Active[] => {
  const firsts = new Map<number, Fact>();
  for (const fact of facts) {
    const place = placeOf(fact, settings, at);
    if (place !== undefined && !firsts.has(place)) firsts.set(place, fact);
  }
  return [...firsts].map(([place, fact]) => ({ place, fact })).sort((a, b) => a.place - b.place);
};

/** Follows the longest streak of days or weeks. */
export class DayStreakTracker implements Tracker {
  readonly facts: Fact[] = [];
  /** The days or weeks that have a fact, in order; the time of the first fact of each; the longest streak up to each. */
  readonly #places: number[] = [];
  readonly #times: number[] = [];
  readonly #longest: number[] = [];
  changedAbove = 0;
  changedUpTo = 0;

  constructor(private readonly node: CriterionNode<StreakSettings>) {}

  insert(fact: Fact, at: Circumstances): void {
    const i = insertFact(this.facts, fact);
    const place = this.#firstOf(i, fact, at);
    if (place === undefined) return;
    const index = this.#indexOf(place);
    const known = this.#places[index] === place;
    this.#places.splice(index, known ? 1 : 0, place);
    this.#times.splice(index, known ? 1 : 0, fact.time);
    this.#recount(index);
  }

  remove(fact: Fact, at: Circumstances): void {
    const i = removeFact(this.facts, fact);
    const place = this.#firstOf(i, fact, at);
    if (place === undefined) return;
    const index = this.#indexOf(place);
    const next = this.facts.slice(i, i + 1).find((other) => placeOf(other, this.node.settings, at) === place);
    if (next) this.#times[index] = next.time;
    else {
      this.#places.splice(index, 1);
      this.#times.splice(index, 1);
    }
    this.#recount(index);
  }

  truth({ 'at-least': needed }: StreakSettings): Truth {
    return from(this.#times[firstIndex(this.#longest.length, (i) => (this.#longest[i] ?? 0) >= needed)] ?? Infinity);
  }

  /** The day or week of a fact that is the first of it, and so changes something; those of one follow each other. */
  #firstOf(i: number, fact: Fact, at: Circumstances): number | undefined {
    this.changedAbove = this.changedUpTo = 0;
    const place = placeOf(fact, this.node.settings, at);
    const before = this.facts[i - 1];
    return before && placeOf(before, this.node.settings, at) === place ? undefined : place;
  }

  #indexOf(place: number): number {
    const last = this.#places.at(-1);
    if (last === undefined || last < place) return this.#places.length;
    return firstIndex(this.#places.length, (i) => (this.#places[i] ?? 0) >= place);
  }

  /** Days or weeks from an index on have changed. */
  #recount(index: number): void {
    const places = this.#places;
    const { gaps = 0 } = this.node.settings;
    /** How many are missed before the one of an index, seen from some fixed one. */
    const missedBefore = (i: number): number => (places[i] ?? 0) - i;
    const former = this.#longest.at(-1) ?? 0;
    this.changedAbove = this.#longest[index - 1] ?? 0;
    this.#longest.length = Math.min(this.#longest.length, places.length);
    let begin = firstIndex(index, (i) => missedBefore(index) - missedBefore(i) <= gaps);
    for (let i = index; i < places.length; i++) {
      while (missedBefore(i) - missedBefore(begin) > gaps) begin++;
      this.#longest[i] = Math.max(this.#longest[i - 1] ?? 0, i - begin + 1);
    }
    this.changedUpTo = Math.max(former, this.#longest.at(-1) ?? 0);
  }
}
