import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type CriterionNode, type Depends, type Tracker } from '../criterion.js';
import { attemptPercent, countedMarks, marksOf } from '../grades.js';
import { handIns, LATE, LATE_DEPENDS, lateWords, minds } from '../lateness.js';
import { lacking, millionths, NOTHING, ofMillionths, percentOf } from '../millionths.js';
import { publishedAssignments } from '../published.js';
import { RecountingTracker, type Steps } from '../recounting-tracker.js';
import { RunningTracker, type Tally } from '../running-tracker.js';
import { choice, integer, number, optional, required, type Reading, type Shape } from '../shape.js';
import { narrowing, NOUNS, plain, plural, UNITS } from '../words.js';

const QUANTIFIER = choice(['any', 'all']);
const AMOUNT = integer({ min: 1, max: 1000 });
const IN: Shape<'any' | 'all' | number> = {
  read: (value) => (typeof value.scalar() === 'number' ? AMOUNT : QUANTIFIER).read(value),
  schema: { anyOf: [QUANTIFIER.schema, AMOUNT.schema] },
  expected: 'any, all, or how many',
};

const members = {
  'at-least': required(number({ min: 0, max: 1000 }), 'the score that is needed, in percent'),
  in: optional(IN, 'any: in one activity; all: in each activity that is listed, else in each that is published; or in so many different ones; any where absent'),
  attempt: optional(choice(['latest', 'best', 'first']), 'which of several graded attempts of one activity counts; best where absent'),
  late: optional(LATE, 'what work handed in after its due date counts: as it is (count), nothing (zero), or less for each day; count where absent'),
};
type Settings = Reading<typeof members>;
type Node = CriterionNode<Settings>;

/** Whether it asks for all activities that the course publishes: the rule lists none. */
const asksForPublished = ({ in: within }: Settings, activities: readonly string[] | undefined): boolean => within === 'all' && !activities;

/** The activities in which the score is needed; undefined where any will do. */
const expectedOf = ({ selects: [select], settings }: Node, { course }: Circumstances): ReadonlySet<string> | undefined => {
  if (settings.in !== 'all' || !select) return undefined;
  if (select.activities) return new Set(select.activities);
  const { tag, kind } = select;
  const expected = new Set<string>();
  for (const [activity, { values }] of publishedAssignments(course)) {
    if (tag !== undefined && !values.tags?.includes(tag)) continue;
    if (kind !== undefined && values.kind !== kind) continue;
    expected.add(activity);
  }
  return expected;
};

/** A score of at least so many percent, in one activity, in all or in some number of them. */
export const score = criterionKind<Settings>({
  keyword: 'score',
  summary: 'a score of at least so many percent, in one activity, in all or in some number of them',
  of: ['AssignmentGraded'],
  members,
  thresholds: ['at-least'],
  thresholdOf: (settings) => settings['at-least'],

  check: ({ in: within }, selector) => {
    const listed = new Set(selector?.activities).size;
    if (typeof within !== 'number' || !selector?.activities || within <= listed) return undefined;
    return { key: 'in', message: `"in" asks for ${within} of ${listed} activities`, expected: `a whole number from 1 to ${listed}` };
  },

  selects: ({ late }, selector) => (selector ? [selector, ...(minds(late) ? [handIns(selector)] : [])] : []),

  depends: ({ in: within, late }) => [
    // Whether the activities are listed is not among the settings.
    ...(within === 'all' ? (['offers'] as const) : []),
    ...(minds(late) ? LATE_DEPENDS : []),
  ] satisfies Depends[],

  measure: (node, facts, at) => {
    const { attempt = 'best', late, in: within = 'any', 'at-least': least } = node.settings;
    const needed = millionths(least);
    const expected = expectedOf(node, at);
    const marks = countedMarks(marksOf(facts, late, at), attempt);
    if (within === 'any') {
      const best = marks.reduce<(typeof marks)[number] | undefined>((a, b) => (a && a.percent >= b.percent ? a : b), undefined);
      const value = ofMillionths(best?.percent ?? 0);
      return { met: best !== undefined && best.percent >= needed, value, needed: ofMillionths(needed), unit: 'percent', evidence: best ? [best.fact] : [] };
    }
    const reached = marks.filter(
      ({ fact: { activity }, percent }) => percent >= needed && activity !== undefined && (!expected || expected.has(activity)),
    );
    const amount = within === 'all' ? Math.max(1, expected?.size ?? 0) : within;
    return { met: reached.length >= amount, value: reached.length, needed: amount, unit: 'activities', evidence: reached.map(({ fact }) => fact) };
  },

  track: (node): Tracker => {
    const { settings, selects: [select] } = node;
    if (minds(settings.late) || asksForPublished(settings, select?.activities)) return new RecountingTracker(node, scoreSteps);
    const { in: within = 'any', attempt = 'best' } = settings;
    if (within === 'any' && attempt === 'best') return new RunningTracker(settings, startBest);
    return new RunningTracker(within === 'all' ? { ...settings, in: new Set(select?.activities).size } : settings, startAmong);
  },

  label: ({ selects: [select], settings }, names) => {
    const { in: within = 'any', attempt = 'best', late, 'at-least': least } = settings;
    const noun = NOUNS.AssignmentGraded;
    const only = select ? narrowing(select, names) : { en: '', ko: '' };
    const needed = plain(least);
    const among =
      within === 'any'
        ? { en: `a ${noun.one}${only.en}`, ko: `${noun.ko}${only.ko} 중 하나에서` }
        : within === 'all'
          ? { en: `every assignment${only.en}`, ko: `모든 과제${only.ko}에서` }
          : { en: `${within} different ${plural(noun, within)}${only.en}`, ko: `서로 다른 ${noun.ko}${only.ko} ${within}개에서` };
    const first = attempt === 'best' ? undefined : ATTEMPTS[attempt];
    const how = [first, lateWords(late)].filter((words) => words !== undefined);
    const ko = how.length === 0 ? '' : ` [${how.map((words) => words.ko).join(', ')}]`;
    return { en: `At least ${needed} % in ${among.en}${how.map((words) => `, ${words.en}`).join('')}`, ko: `${among.ko} ${needed}% 이상${ko}` };
  },

  missing: ({ settings: { 'at-least': least } }, { value, needed, unit, evidence }) => {
    if (unit === 'activities') {
      const amount = Math.max(0, needed - value);
      const text = { en: `At least ${plain(least)} % in ${amount} more ${plural(UNITS.activities, amount)}`, ko: `과제 ${amount}개에서 ${plain(least)}% 이상을 더 받아야 함` };
      return { amount, unit, text };
    }
    const amount = lacking(value, needed);
    const text =
      evidence.length === 0
        ? { en: 'No score yet', ko: '아직 점수가 없음' }
        : { en: `The best score is ${plain(value)} %: ${plain(amount)} points short`, ko: `최고 점수 ${plain(value)}%: ${plain(amount)}점 부족` };
    return { amount, unit, text };
  },
});

const ATTEMPTS = {
  latest: { en: 'the latest attempt of each counting', ko: '각 과제의 마지막 시도' },
  first: { en: 'the first attempt of each counting', ko: '각 과제의 첫 시도' },
} as const;

const startBest = (): Tally => new BestTally();

/** The best of all scores. */
class BestTally implements Tally {
  #best = NOTHING;

  add(fact: Fact): number {
    return (this.#best = Math.max(this.#best, percentOf(fact) ?? NOTHING));
  }
}

const startAmong = (settings: Settings): Tally => new AmongTally(settings);

/** The percentage that so many activities reach. */
class AmongTally implements Tally {
  /** What counts of each activity. */
  readonly #counted = new Map<string, number>();
  /** The same from the highest on, and what counts of no activity. */
  readonly #ranked: number[] = [];

  constructor(private readonly settings: Settings) {}

  add(fact: Fact): number {
    const percent = percentOf(fact);
    return percent === undefined ? this.#reached() : this.count(fact.activity, percent);
  }

  count(activity: string | undefined, percent: number): number {
    const { in: within = 'any', attempt = 'best' } = this.settings;
    if (activity === undefined) {
      // What belongs to no activity is none of several different ones.
      if (within === 'any') this.#rank(percent);
      return this.#reached();
    }
    const former = this.#counted.get(activity);
    const counts = former === undefined ? percent : attemptPercent(attempt, former, percent);
    if (counts === former) return this.#reached();
    if (former !== undefined) this.#ranked.splice(this.#placeOf(former), 1);
    this.#counted.set(activity, counts);
    this.#rank(counts);
    return this.#reached();
  }

  #reached(): number {
    const { in: within } = this.settings;
    return this.#ranked[typeof within === 'number' ? within - 1 : 0] ?? NOTHING;
  }

  #rank(percent: number): void {
    this.#ranked.splice(this.#placeOf(percent), 0, percent);
  }

  #placeOf(percent: number): number {
    let low = 0;
    let high = this.#ranked.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranked[middle] ?? 0) > percent) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const scoreSteps = (node: Node, facts: readonly Fact[], at: Circumstances): Steps => {
  const { settings } = node;
  const expected = expectedOf(node, at);
  const times: number[] = [];
  const values: number[] = [];
  if (expected?.size === 0) return { times, values };
  const tally = new AmongTally(expected ? { ...settings, in: expected.size } : settings);
  for (const { fact, percent } of marksOf(facts, settings.late, at)) {
    if (expected && (fact.activity === undefined || !expected.has(fact.activity))) continue;
    times.push(fact.time);
    values.push(tally.count(fact.activity, percent));
  }
  return { times, values };
};
