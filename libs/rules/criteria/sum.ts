import type { Fact } from '#domain/facts.js';
import { criterionKind } from '../criterion.js';
import { lacking, millionths, ofMillionths } from '../millionths.js';
import { RunningTracker, type Tally } from '../running-tracker.js';
import { LEARNING_TYPES } from '../selector.js';
import { choice, number, optional, required, text, type Reading } from '../shape.js';
import { narrowing, NOUNS, plain, plural, UNITS, type Words } from '../words.js';

const members = {
  'at-least': required(number({ min: 0.000001, max: 1_000_000_000 }), 'the sum that is needed'),
  value: optional(choice(['score', 'max']), 'what to add up: the points reached, or those that could be reached'),
  attribute: optional(text(64), 'what to add up: this attribute of the facts, where it is a number'),
};
type Settings = Reading<typeof members>;

/** What a fact adds, in millionths; undefined where it has no such number. */
const termOf = ({ values }: Fact, { value, attribute }: Settings): number | undefined => {
  const term = value ? values[value] : values.attributes?.[attribute ?? ''];
  return typeof term === 'number' && Number.isFinite(term) ? millionths(term) : undefined;
};

/** The sum of a number that facts carry. */
export const sum = criterionKind<Settings>({
  keyword: 'sum',
  summary: 'the sum of a number that facts carry: of scores, of points that could be reached, or of an attribute',
  of: LEARNING_TYPES,
  members,
  thresholds: ['at-least'],
  thresholdOf: (settings) => settings['at-least'],

  check: ({ value, attribute }, selector) => {
    if ((value === undefined) === (attribute === undefined)) {
      return { key: 'value', message: '"sum" needs either "value" or "attribute"', expected: 'one of the two' };
    }
    if (value !== 'score' || selector?.type === 'AssignmentGraded') return undefined;
    return { key: 'value', message: 'only grades have a score', expected: '"of: grades", or an attribute' };
  },

  measure: ({ settings }, facts) => {
    const needed = millionths(settings['at-least']);
    const evidence = facts.filter((fact) => termOf(fact, settings) !== undefined);
    const total = evidence.reduce((before, fact) => before + (termOf(fact, settings) ?? 0), 0);
    return { met: total >= needed, value: ofMillionths(total), needed: ofMillionths(needed), unit: 'points', evidence };
  },

  track: ({ settings }) => new RunningTracker(settings, start),

  label: ({ selects: [select], settings }, names) => {
    const noun = select ? NOUNS[select.type] : UNITS.count;
    const only = select ? narrowing(select, names) : { en: '', ko: '' };
    const what = whatOf(settings);
    const needed = plain(settings['at-least']);
    return { en: `${what.en} of ${noun.many}${only.en}: ${needed} or more in total`, ko: `${noun.ko}${only.ko}의 ${what.ko} 합계 ${needed} 이상` };
  },

  missing: ({ settings }, { value, needed, unit }) => {
    const amount = lacking(value, needed);
    const more = plain(amount);
    const text = settings.value
      ? { en: `${more} more ${plural(UNITS.points, amount)}`, ko: `${more}점 더 필요` }
      : { en: `${more} more in total of ${whatOf(settings).en}`, ko: `${whatOf(settings).ko} 합계 ${more} 더 필요` };
    return { amount, unit, text };
  },
});

const whatOf = ({ value, attribute = '' }: Settings): Words => {
  if (value === 'score') return { en: 'Points', ko: '점수' };
  if (value === 'max') return { en: 'Points that could be reached', ko: '배점' };
  return { en: `“${attribute}”`, ko: `‘${attribute}’` };
};

const start = (settings: Settings): Tally => new SumTally(settings);

class SumTally implements Tally {
  #sum = 0;

  constructor(private readonly settings: Settings) {}

  add(fact: Fact): number {
    return (this.#sum += termOf(fact, this.settings) ?? 0);
  }
}
