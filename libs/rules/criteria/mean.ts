import type { Fact } from '#domain/facts.js';
import { criterionKind, type Depends, type Tracker } from '../criterion.js';
import { attemptOf, gradebookAt, gradebookSteps } from '../gradebook.js';
import { attemptPercent, missingMarks, type Attempt } from '../grades.js';
import { handIns, LATE, LATE_DEPENDS, lateWords, minds } from '../lateness.js';
import { lacking, meanOf, millionths, NOTHING, ofMillionths, percentOf } from '../millionths.js';
import { RecountingTracker } from '../recounting-tracker.js';
import { RunningTracker, type Tally } from '../running-tracker.js';
import { choice, integer, number, optional, required, type Reading } from '../shape.js';
import { compareFacts } from '../sorted-facts.js';
import { narrowing, NOUNS, plain, type Words } from '../words.js';

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

  label: ({ selects: [select], settings }, names) => {
    const noun = NOUNS.AssignmentGraded;
    const only = select ? narrowing(select, names) : { en: '', ko: '' };
    const needed = plain(settings['at-least']);
    const how = manner(settings);
    const en = how.map((words) => `, ${words.en}`).join('');
    const ko = how.length === 0 ? '' : ` [${how.map((words) => words.ko).join(', ')}]`;
    return { en: `Average of ${noun.many}${only.en}${en}${en && ','} at least ${needed} %`, ko: `${noun.ko}${only.ko} 평균${ko} ${needed}% 이상` };
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
    ...(weights === 'course' ? [{ en: 'weighted as in the course', ko: '강의의 가중치 적용' }] : []),
    ...(best === undefined ? [] : [{ en: `only the best ${best}`, ko: `상위 ${best}개만` }]),
    ...(dropped === undefined ? [] : [{ en: `without the lowest ${dropped}`, ko: `하위 ${dropped}개 제외` }]),
    ...(missing === 'zero' ? [{ en: 'missing work counting 0', ko: '미채점 과제는 0점' }] : []),
    ...(lateness ? [lateness] : []),
  ];
};

const startPlain = (settings: Settings): Tally => new MeanTally(attemptOf(settings));

class MeanTally implements Tally {
  #sum = 0;
  #terms = 0;
  /** What counts of each activity so far; undefined where each attempt counts. */
  #counted: Map<string, number> | undefined;

  constructor(private readonly attempt: Attempt) {}

  add(fact: Fact): number {
    const percent = percentOf(fact);
    if (percent !== undefined) this.#count(fact.activity, percent);
    return meanOf(this.#sum, this.#terms);
  }

  #count(activity: string | undefined, percent: number): void {
    if (activity !== undefined && this.attempt !== 'each') {
      this.#counted ??= new Map();
      const former = this.#counted.get(activity);
      const counts = former === undefined ? percent : attemptPercent(this.attempt, former, percent);
      if (counts !== former) this.#counted.set(activity, counts);
      if (former !== undefined) {
        this.#sum += counts - former;
        return;
      }
    }
    this.#sum += percent;
    this.#terms++;
  }
}
