import type { Fact } from '#domain/facts.js';
import { criterionKind, type Tracker } from '../criterion.js';
import { number, required, type Reading } from '../shape.js';
import { insertFact, removeFact } from '../sorted-facts.js';
import { fromSteps, type Truth } from '../truth.js';
import { narrowing, NOUNS, plain } from '../words.js';

const members = {
  'at-least': required(number({ min: 0, max: 1000 }), 'the mean that is needed, in percent'),
};
type Settings = Reading<typeof members>;

/**
 * Scores are summed as whole millionths of a percent, so that a sum never depends on the order of its terms and a
 * mean of exactly the needed value is met.
 */
const MILLIONTHS = 1_000_000;

const scoreOf = (fact: Fact): number | undefined => {
  const { score, max } = fact.values;
  return score === undefined || max === undefined ? undefined : Math.round((score * 100 * MILLIONTHS) / max);
};

const meets = (sum: number, terms: number, needed: number): boolean =>
  terms > 0 && sum >= Math.round(needed * MILLIONTHS) * terms;

/** Unweighted mean of the scores, in percent of what could be reached. */
export const mean = criterionKind<Settings>({
  keyword: 'mean',
  summary: 'unweighted mean of the scores, in percent of what could be reached',
  of: ['AssignmentGraded'],
  members,
  thresholds: ['at-least'],
  thresholdOf: (settings) => settings['at-least'],

  measure: ({ settings: { 'at-least': needed } }, facts) => {
    const evidence = facts.filter((fact) => scoreOf(fact) !== undefined);
    let sum = 0;
    for (const fact of evidence) sum += scoreOf(fact) ?? 0;
    const value = evidence.length === 0 ? 0 : sum / evidence.length / MILLIONTHS;
    return { met: meets(sum, evidence.length, needed), value, needed, unit: 'percent', evidence };
  },

  track: () => new MeanTracker(),

  label: ({ selects: [select], settings }, names) => {
    const noun = NOUNS.AssignmentGraded;
    const only = select ? narrowing(select, names) : { en: '', ko: '' };
    const needed = plain(settings['at-least']);
    return { en: `Average of ${noun.many}${only.en} at least ${needed} %`, ko: `${noun.ko}${only.ko} 평균 ${needed}% 이상` };
  },

  missing: (_node, { value, needed, unit, evidence }) => {
    const amount = Math.max(0, Math.round((needed - value) * 100) / 100);
    const text =
      evidence.length === 0
        ? { en: 'No score yet', ko: '아직 점수가 없음' }
        : { en: `The average must rise by ${plain(amount)} points`, ko: `평균이 ${plain(amount)}점 더 올라야 함` };
    return { amount, unit, text };
  },
});

class MeanTracker implements Tracker {
  readonly #facts: Fact[] = [];
  /** Of facts 0 to i. */
  readonly #sums: number[] = [];
  readonly #terms: number[] = [];
  changedAbove = 0;
  changedUpTo = 0;

  insert(fact: Fact): void {
    this.#recount(insertFact(this.#facts, fact), fact.time);
  }

  remove(fact: Fact): void {
    this.#recount(removeFact(this.#facts, fact), fact.time);
  }

  truth({ 'at-least': needed }: Settings): Truth {
    return fromSteps(this.#steps(needed));
  }

  first(): number {
    return this.#facts[0]?.time ?? Infinity;
  }

  last(): number {
    return this.#facts.at(-1)?.time ?? -Infinity;
  }

  *#steps(needed: number): Generator<readonly [number, boolean]> {
    const facts = this.#facts;
    for (let i = 0; i < facts.length; i++) {
      const time = facts[i]?.time ?? 0;
      if (facts[i + 1]?.time === time) continue; // facts of one moment count together
      yield [time, meets(this.#sums[i] ?? 0, this.#terms[i] ?? 0, needed)];
    }
  }

  #meanAt(i: number): number {
    const terms = this.#terms[i] ?? 0;
    return terms === 0 ? -Infinity : (this.#sums[i] ?? 0) / terms / MILLIONTHS;
  }

  /** Facts from a place on have changed. */
  #recount(place: number, moment: number): void {
    let start = place;
    while (start > 0 && this.#facts[start - 1]?.time === moment) start--;
    let low = this.#meanAt(start - 1);
    let high = low;
    const note = (i: number): void => {
      const value = this.#meanAt(i);
      if (value < low) low = value;
      if (value > high) high = value;
    };
    for (let i = start; i < this.#sums.length; i++) note(i);
    const { length } = this.#facts;
    this.#sums.length = Math.min(this.#sums.length, length);
    this.#terms.length = this.#sums.length;
    for (let i = start; i < length; i++) {
      const fact = this.#facts[i];
      const score = fact && scoreOf(fact);
      this.#sums[i] = (this.#sums[i - 1] ?? 0) + (score ?? 0);
      this.#terms[i] = (this.#terms[i - 1] ?? 0) + (score === undefined ? 0 : 1);
      note(i);
    }
    // Thresholds are compared in millionths; be wide by one.
    this.changedAbove = low - 2 / MILLIONTHS;
    this.changedUpTo = high + 2 / MILLIONTHS;
  }
}
