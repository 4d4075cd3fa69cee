import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type CriterionNode, type Tracker } from '../criterion.js';
import { dependsOnEnrolment, LEARNING_TYPES, selects, type Selector } from '../selector.js';
import { selectorShape } from '../selector-shape.js';
import { duration, flag, list, optional, required, type Reading } from '../shape.js';
import { compareFacts, insertFact, removeFact } from '../sorted-facts.js';
import { from, type Truth } from '../truth.js';
import { narrowing, NOUNS, plural, span, UNITS, type Words } from '../words.js';

const SPAN = duration({ min: '1 hour', max: '520 weeks' });

const members = {
  steps: required(list(selectorShape(LEARNING_TYPES), { min: 2, max: 10 }), 'what has to happen, in this order'),
  within: optional(SPAN, 'no more time than this between one step and the next'),
  'whole-within': optional(SPAN, 'no more time than this from the first step to the last'),
  strict: optional(flag, 'nothing else of the kinds that the steps name comes between two steps'),
};
type Settings = Reading<typeof members>;

/** Steps 1 to so many, in their order. */
interface Chain {
  readonly started: number;
  readonly last: Fact;
  readonly before: Chain | undefined;
}

const factsOf = (chain: Chain | undefined): readonly Fact[] => (chain ? [...factsOf(chain.before), chain.last] : []);

/** Whether a fact can be the step after a chain that began and ended at such moments. */
const inTime = (settings: Settings, started: number, ended: number, time: number): boolean =>
  time - ended <= (settings.within ?? Infinity) && time - started <= (settings['whole-within'] ?? Infinity);

/**
 * Things that happen in an order: each step by another fact, later or at the same moment with a higher id.
 * Of all chains of a length that end with a fact, the one whose steps are the latest leaves most time; and where it
 * comes too late for `within` or `whole-within`, so do the others.
 */
export const sequence = criterionKind<Settings>({
  keyword: 'sequence',
  summary: 'steps that are taken in a given order',
  of: [],
  members,

  selects: ({ steps, strict }) => {
    const types = [...new Set(steps.map(({ type }) => type))];
    return strict ? types.map((type): Selector => ({ type })) : steps;
  },
  // Where the leaf looks at all facts of some types, its selectors do not tell what its steps depend on.
  depends: ({ steps }) => (steps.some(dependsOnEnrolment) ? ['learner'] : []),

  measure: ({ settings }, facts, at) => {
    const { steps, strict } = settings;
    /** By the number of its steps: the latest chain that could go on, and the first one that there was. */
    let open: (Chain | undefined)[] = [];
    const firsts: Chain[] = [];
    for (const fact of facts) {
      const next = strict ? [] : [...open];
      steps.forEach((step, i) => {
        const before = open[i];
        if (!selects(step, fact, at) || (i > 0 && !(before && inTime(settings, before.started, before.last.time, fact.time)))) return;
        const chain: Chain = { started: before?.started ?? fact.time, last: fact, before };
        next[i + 1] = chain;
        firsts[i + 1] ??= chain;
      });
      open = next;
    }
    const value = Math.max(0, firsts.length - 1);
    return { met: value === steps.length, value, needed: steps.length, unit: 'steps', evidence: factsOf(firsts.at(-1)) };
  },

  track: (node) => new SequenceTracker(node),

  label: ({ settings }, names) => {
    const steps = settings.steps.map((step): Words => {
      const only = narrowing(step, names);
      return { en: `${NOUNS[step.type].one}${only.en}`, ko: `${NOUNS[step.type].ko}${only.ko}` };
    });
    const gap = settings.within === undefined ? undefined : span(settings.within);
    const whole = settings['whole-within'] === undefined ? undefined : span(settings['whole-within']);
    const en = [
      `In this order: ${steps.map((step) => step.en).join(', then ')}`,
      ...(gap ? [`each within ${gap.en} of the one before`] : []),
      ...(whole ? [`all within ${whole.en}`] : []),
      ...(settings.strict ? ['with nothing else in between'] : []),
    ];
    const ko = [
      `순서대로: ${steps.map((step) => step.ko).join(' → ')}`,
      ...(gap ? [`각 단계는 이전 단계 후 ${gap.ko} 이내`] : []),
      ...(whole ? [`전체 ${whole.ko} 이내`] : []),
      ...(settings.strict ? ['사이에 다른 기록 없이'] : []),
    ];
    return { en: en.join('; '), ko: ko.join('; ') };
  },

  missing: ({ settings: { steps } }, { value, needed, unit }, names) => {
    const amount = Math.max(0, needed - value);
    const next = steps[value];
    const only = next ? narrowing(next, names) : { en: '', ko: '' };
    const step = next && { en: `${NOUNS[next.type].one}${only.en}`, ko: `${NOUNS[next.type].ko}${only.ko}` };
    const text = {
      en: `${amount} more ${plural(UNITS.steps, amount)}${step ? `; next: ${step.en}` : ''}`,
      ko: `${amount}${UNITS.steps.ko} 더 필요${step ? `; 다음: ${step.ko}` : ''}`,
    };
    return { amount, unit, text };
  },
});

class SequenceTracker implements Tracker {
  readonly facts: Fact[] = [];
  /** Which steps each fact can be, a bit for each. */
  readonly #steps: number[] = [];
  /** When the latest chain of so many steps began and ended; NaN where there is none that could go on. */
  readonly #started: number[];
  readonly #ended: number[];
  /** The first fact with which a chain was complete: what comes after it changes nothing. */
  #last: Fact | undefined;
  changedAbove = -Infinity;
  changedUpTo = Infinity;

  constructor(private readonly node: CriterionNode<Settings>) {
    const length = node.settings.steps.length + 1;
    this.#started = new Array<number>(length).fill(NaN);
    this.#ended = new Array<number>(length).fill(NaN);
  }

  insert(fact: Fact, at: Circumstances): void {
    const place = insertFact(this.facts, fact);
    let mask = 0;
    this.node.settings.steps.forEach((step, i) => {
      if (selects(step, fact, at)) mask |= 1 << i;
    });
    if (place === this.facts.length - 1) this.#steps.push(mask);
    else this.#steps.splice(place, 0, mask);
    this.#changed(fact, place === this.facts.length - 1);
  }

  remove(fact: Fact): void {
    this.#steps.splice(removeFact(this.facts, fact), 1);
    this.#changed(fact, false);
  }

  truth(): Truth {
    return from(this.#last?.time ?? Infinity);
  }

  #changed(fact: Fact, appended: boolean): void {
    const before = this.#last;
    this.changedUpTo = -Infinity;
    if (before && compareFacts(fact, before) > 0) return;
    if (appended) {
      this.#take(this.facts.length - 1);
    } else {
      this.#last = undefined;
      this.#started.fill(NaN);
      this.#ended.fill(NaN);
      for (let place = 0; place < this.facts.length && !this.#last; place++) this.#take(place);
    }
    if (this.#last?.time !== before?.time) this.changedUpTo = Infinity;
  }

  /** Goes on with the fact at a place; longer chains first, since a fact is one step of a chain. */
  #take(place: number): void {
    const { settings } = this.node;
    const fact = this.facts[place];
    const mask = this.#steps[place] ?? 0;
    const started = this.#started;
    const ended = this.#ended;
    if (!fact) return;
    for (let step = settings.steps.length; step > 0; step--) {
      const start = step === 1 ? fact.time : (started[step - 1] ?? NaN);
      const fits = (mask & (1 << (step - 1))) !== 0 && (step === 1 || inTime(settings, start, ended[step - 1] ?? NaN, fact.time));
      if (fits) {
        started[step] = start;
        ended[step] = fact.time;
        if (step === settings.steps.length) this.#last = fact;
      } else if (settings.strict) {
        started[step] = ended[step] = NaN;
      }
    }
  }
}
