import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type CriterionNode, type Depends, type Tracker } from '../criterion.js';
import { gradebookAt, gradebookSteps } from '../gradebook.js';
import { attemptPercent, missingMarks, type Attempt } from '../grades.js';
import { handIns, LATE, LATE_DEPENDS, lateWords, minds } from '../lateness.js';
import { lacking, meanOf, millionths, NOTHING, ofMillionths, percentOf } from '../millionths.js';
import { RecountingTracker } from '../recounting-tracker.js';
import { RunningTracker, type Tally } from '../running-tracker.js';
import { choice, integer, number, optional, required, type Reading } from '../shape.js';
import { compareFacts } from '../sorted-facts.js';
import { narrowing, NOUNS, plain, type Names, type Words } from '../words.js';

const members = {
  'at-least': required(number({ min: 0, max: 1000 }), 'the mean that is needed, in percent'),
  attempt: optional(choice(['latest', 'best', 'first', 'each']), 'which of several graded attempts of one activity counts; latest where absent'),
  weights: optional(choice(['equal', 'course']), 'course: weighted as the course publishes its assignments; equal where absent'),
  best: optional(integer({ min: 1, max: 1000 }), 'only so many best grades count'),
  'drop-lowest': optional(integer({ min: 1, max: 1000 }), 'so many lowest grades do not count; nothing counts before there are more'),
  missing: optional(choice(['leave-out', 'zero']), 'zero: published assignments without a grade count 0 from their due date on; leave-out where absent'),
  late: optional(LATE, 'what work handed in after its due date counts: as it is (count), nothing (zero), or less for each day; count where absent'),
};
type Settings = Reading<typeof members>;

/** The mean is that of grades taken one by one: neither rank nor weight nor time matters. */
const isPlain = ({ weights, best, 'drop-lowest': dropped, missing, late }: Settings): boolean =>
  weights !== 'course' && best === undefined && dropped === undefined && missing !== 'zero' && !minds(late);

/** Mean of the grades, in percent of what could be reached, as a gradebook counts them. */
export const mean = criterionKind<Settings>({
  keyword: 'mean',
  summary: 'mean of the grades, in percent of what could be reached, as a gradebook counts them',
  of: ['AssignmentGraded'],
  members,
  thresholds: ['at-least'],
  thresholdOf: (settings) => settings['at-least'],

  check: ({ best, 'drop-lowest': dropped }) =>
    best !== undefined && dropped !== undefined
      ? { key: 'drop-lowest', message: '"mean" has both "best" and "drop-lowest"', expected: 'one of the two' }
      : undefined,

  selects: ({ late }, selector) => (selector ? [selector, ...(minds(late) ? [handIns(selector)] : [])] : []),

  depends: ({ weights, missing, late }) => [
    ...(weights === 'course' ? (['offers'] as const) : []),
    ...(minds(late) ? LATE_DEPENDS : []),
    ...(missing === 'zero' ? (['offers', 'learner', 'clock'] as const) : []),
  ] satisfies Depends[],

  measure: (node, facts, at, now) => {
    const needed = millionths(node.settings['at-least']);
    const { marks, mean: found } = gradebookAt(node, facts, at, now);
    const evidence = marks.flatMap(({ fact, missing }) => (missing ? [] : [fact])).sort(compareFacts);
    const value = ofMillionths(found === NOTHING ? 0 : found);
    return { met: found >= needed, value, needed: ofMillionths(needed), unit: 'percent', evidence };
  },

  moments: ({ selects: [selector], settings }, _facts, at) =>
    settings.missing === 'zero' && selector ? missingMarks(selector, at).map(({ fact }) => fact.time) : [],

  track: (node): Tracker =>
    isPlain(node.settings) ? new RunningTracker(node.settings, startPlain) : new RecountingTracker(node, gradebookSteps),

  label: (node, names) => {
    const { en, ko } = averageWords(node, names);
    const needed = plain(node.settings['at-least']);
    return { en: `Average of ${en}${manner(node.settings).length > 0 ? ',' : ''} at least ${needed} %`, ko: `${ko} ${needed}% 이상` };
  },

  measured: (node, names) => {
    const { en, ko } = averageWords(node, names);
    return { en: `mean of ${en}`, ko };
  },

  missing: (_node, { value, needed, unit, evidence }) => {
    const amount = lacking(value, needed);
    const text =
      evidence.length === 0
        ? { en: 'No score yet', ko: '아직 점수가 없음' }
        : { en: `The average must rise by ${plain(amount)} points`, ko: `평균이 ${plain(amount)}점 더 올라야 함` };
    return { amount, unit, text };
  },
});

const ATTEMPTS: Readonly<Record<Exclude<Attempt, 'latest'>, Words>> = {
  best: { en: 'the best attempt of each', ko: '각 과제의 최고 점수' },
  first: { en: 'the first attempt of each', ko: '각 과제의 첫 시도' },
  each: { en: 'every attempt', ko: '모든 시도' },
};

/** How the mean is made where it is not the plain one. */
const manner = ({ attempt, weights, best, 'drop-lowest': dropped, missing, late }: Settings): readonly Words[] => {
  const lateness = lateWords(late);
  return [
    ...(attempt && attempt !== 'latest' ? [ATTEMPTS[attempt]] : []),
    ...(weights === 'course' ? [{ en: 'weighted as in the course', ko: '과정의 가중치 적용' }] : []),
    ...(best === undefined ? [] : [{ en: `only the best ${best}`, ko: `상위 ${best}개만` }]),
    ...(dropped === undefined ? [] : [{ en: `without the lowest ${dropped}`, ko: `하위 ${dropped}개 제외` }]),
    ...(missing === 'zero' ? [{ en: 'missing work counting 0', ko: '미채점 과제는 0점' }] : []),
    ...(lateness ? [lateness] : []),
  ];
};

/** Of what the average is made, and how. */
const averageWords = ({ selects: [select], settings }: CriterionNode<Settings>, names: Names): Words => {
  const noun = NOUNS.AssignmentGraded;
  const only = select ? narrowing(select, names) : { en: '', ko: '' };
  const how = manner(settings);
  const en = how.map((words) => `, ${words.en}`).join('');
  const ko = how.length === 0 ? '' : ` [${how.map((words) => words.ko).join(', ')}]`;
  return { en: `${noun.many}${only.en}${en}`, ko: `${noun.ko}${only.ko} 평균${ko}` };
};

const startPlain = ({ attempt = 'latest' }: Settings): Tally => new MeanTally(attempt);

/** Up to so many facts it is as fast to look through them as to keep what counts of each activity, and much leaner. */
const FEW = 16;

class MeanTally implements Tally {
  #sum = 0;
  #terms = 0;
  /** What counts of each activity so far; undefined while there are few facts, or where each attempt counts. */
  #counted: Map<string, number> | undefined;

  constructor(private readonly attempt: Attempt) {}

  add(fact: Fact, _at: Circumstances, facts: readonly Fact[], before: number): number {
    const percent = percentOf(fact);
    if (percent !== undefined) {
      const former = this.#formerOf(fact.activity, facts, before);
      const counts = this.#instead(former, percent);
      this.#sum += counts - (former ?? 0);
      if (former === undefined) this.#terms++;
      if (fact.activity !== undefined) this.#counted?.set(fact.activity, counts);
    }
    return meanOf(this.#sum, this.#terms);
  }

  #instead(former: number | undefined, percent: number): number {
    return former === undefined || this.attempt === 'each' ? percent : attemptPercent(this.attempt, former, percent);
  }

  /** What counts of an activity so far. */
  #formerOf(activity: string | undefined, facts: readonly Fact[], before: number): number | undefined {
    if (activity === undefined || this.attempt === 'each') return undefined;
    if (before >= FEW) return (this.#counted ??= this.#countedOf(facts, before)).get(activity);
    let counts: number | undefined;
    for (let i = 0; i < before; i++) {
      const fact = facts[i];
      const percent = fact?.activity === activity ? percentOf(fact) : undefined;
      if (percent !== undefined) counts = this.#instead(counts, percent);
    }
    return counts;
  }

  #countedOf(facts: readonly Fact[], before: number): Map<string, number> {
    const counted = new Map<string, number>();
    for (const fact of facts.slice(0, before)) {
      const percent = percentOf(fact);
      if (percent === undefined || fact.activity === undefined) continue;
      counted.set(fact.activity, this.#instead(counted.get(fact.activity), percent));
    }
    return counted;
  }
}
