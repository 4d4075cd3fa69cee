import type { Fact } from '#domain/facts.js';
import { criterionKind, type Tracker } from '../criterion.js';
import { LEARNING_TYPES } from '../selector.js';
import type { Reading } from '../shape.js';
import { firstTime, insertFact, removeFact } from '../sorted-facts.js';
import { until, type Truth } from '../truth.js';
import { narrowing, NOUNS, plural, UNITS } from '../words.js';

const members = {};

/** Not one such fact. */
export const none = criterionKind<Reading<typeof members>>({
  keyword: 'none',
  summary: 'not one such fact',
  of: LEARNING_TYPES,
  members,

  measure: (_node, facts) => ({ met: facts.length === 0, value: facts.length, needed: 0, unit: 'count', evidence: facts }),

  track: () => new NoneTracker(),

  label: ({ selects: [select] }, names) => {
    const noun = select ? NOUNS[select.type] : UNITS.count;
    const only = select ? narrowing(select, names) : { en: '', ko: '' };
    return { en: `No ${noun.one}${only.en}`, ko: `${noun.ko}${only.ko} 없음` };
  },

  missing: ({ selects: [select] }, { value, unit }) => {
    const noun = select ? NOUNS[select.type] : UNITS.count;
    const text = { en: `Not possible while ${value} ${plural(noun, value)} on record`, ko: `${noun.ko} ${value}건이 기록되어 있어 충족할 수 없음` };
    return { amount: value, unit, text, impossible: true };
  },
});

class NoneTracker implements Tracker {
  readonly facts: Fact[] = [];
  changedAbove = -Infinity;
  changedUpTo = Infinity;

  insert(fact: Fact): void {
    this.#changed(insertFact(this.facts, fact));
  }

  remove(fact: Fact): void {
    this.#changed(removeFact(this.facts, fact));
  }

  truth(): Truth {
    return until(firstTime(this.facts));
  }

  /** Only another first fact changes anything. */
  #changed(place: number): void {
    this.changedUpTo = place === 0 ? Infinity : -Infinity;
  }
}
