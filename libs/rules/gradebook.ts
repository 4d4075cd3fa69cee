import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import type { CriterionNode } from './criterion.js';
import { countedMarks, marksOf, missingMarks, replaces, type Attempt, type Mark } from './grades.js';
import type { Late } from './lateness.js';
import { millionths, NOTHING } from './millionths.js';
import { publishedAssignments } from './published.js';
import type { Steps } from './recounting-tracker.js';
import { compareFacts } from './sorted-facts.js';

/** How grades make up a mean. */
export interface GradebookSettings {
  readonly attempt?: Attempt;
  readonly weights?: 'equal' | 'course';
  readonly best?: number;
  readonly 'drop-lowest'?: number;
  readonly missing?: 'leave-out' | 'zero';
  readonly late?: Late;
}

/** Which of several attempts counts where a rule does not say. */
const attemptOf = ({ attempt = 'latest' }: GradebookSettings): Attempt => attempt;

/** How many of the marks that count for their activity count for the mean. */
const howMany = (marks: number, { best, 'drop-lowest': dropped }: GradebookSettings): number =>
  Math.max(0, Math.min(best ?? Infinity, marks - (dropped ?? 0)));

/** From the best mark to the lowest; of equal ones the earlier is the better. */
const byRank = (a: Mark, b: Mark): number => b.percent - a.percent || compareFacts(a.fact, b.fact);

/** The published weight, else that of the grade, else 1: in millionths, since products must be exact. */
const weightOf = ({ fact }: Mark, { weights }: GradebookSettings, { course }: Circumstances): bigint => {
  if (weights !== 'course') return 1n;
  const offer = fact.activity === undefined ? undefined : publishedAssignments(course).get(fact.activity);
  return BigInt(Math.max(0, millionths(offer?.values.weight ?? fact.values.weight ?? 1)));
};

/** Rounded down to millionths; NOTHING where no mark has a weight. */
const weightedMean = (sum: bigint, weights: bigint): number => (weights === 0n ? NOTHING : Number(sum / weights));

/** All marks in order of event time, those for missing work among them. */
const allMarks = ({ selects: [selector], settings }: CriterionNode<GradebookSettings>, facts: readonly Fact[], at: Circumstances): readonly Mark[] => {
  const marks = marksOf(facts, settings.late, at);
  if (settings.missing !== 'zero' || !selector) return marks;
  return [...marks, ...missingMarks(selector, at)].sort((a, b) => compareFacts(a.fact, b.fact));
};

/** The marks that count at a moment, from the best to the lowest, and their mean. */
export const gradebookAt = (node: CriterionNode<GradebookSettings>, facts: readonly Fact[], at: Circumstances, now: number): { readonly marks: readonly Mark[]; readonly mean: number } => {
  const { settings } = node;
  const known = allMarks(node, facts, at).filter(({ fact }) => fact.time <= now);
  const counted = [...countedMarks(known, attemptOf(settings))].sort(byRank);
  const marks = counted.slice(0, howMany(counted.length, settings));
  let sum = 0n;
  let weights = 0n;
  for (const mark of marks) {
    const weight = weightOf(mark, settings, at);
    sum += weight * BigInt(mark.percent);
    weights += weight;
  }
  return { marks, mean: weightedMean(sum, weights) };
};

/** The mean from each moment on at which it may change, moments still to come included. */
export const gradebookSteps = (node: CriterionNode<GradebookSettings>, facts: readonly Fact[], at: Circumstances): Steps => {
  const { settings } = node;
  const attempt = attemptOf(settings);
  const counted = new Map<string, Mark>();
  const ranking = new Ranking(settings, at);
  const times: number[] = [];
  const values: number[] = [];
  for (const mark of allMarks(node, facts, at)) {
    const { activity, time } = mark.fact;
    const former = activity === undefined ? undefined : counted.get(activity);
    const instead = former && (attempt !== 'each' || former.missing || mark.missing);
    if (instead && !replaces(mark, former, attempt)) continue;
    if (instead) ranking.remove(former);
    ranking.add(mark);
    if (activity !== undefined) counted.set(activity, mark);
    times.push(time);
    values.push(ranking.mean());
  }
  return { times, values };
};

/** Marks from the best to the lowest, and the mean of those of them that count. */
class Ranking {
  readonly #marks: Mark[] = [];
  /** Of all marks. */
  #sum = 0n;
  #weights = 0n;

  constructor(
    private readonly settings: GradebookSettings,
    private readonly at: Circumstances,
  ) {}

  add(mark: Mark): void {
    this.#marks.splice(this.#placeOf(mark), 0, mark);
    const weight = weightOf(mark, this.settings, this.at);
    this.#sum += weight * BigInt(mark.percent);
    this.#weights += weight;
  }

  remove(mark: Mark): void {
    this.#marks.splice(this.#placeOf(mark), 1);
    const weight = weightOf(mark, this.settings, this.at);
    this.#sum -= weight * BigInt(mark.percent);
    this.#weights -= weight;
  }

  mean(): number {
    const { length } = this.#marks;
    const counting = howMany(length, this.settings);
    const few = counting * 2 < length;
    let sum = 0n;
    let weights = 0n;
    // Adds up those that count or those that do not, whichever are fewer.
    for (let i = few ? 0 : counting; i < (few ? counting : length); i++) {
      const mark = this.#marks[i];
      if (!mark) continue;
      const weight = weightOf(mark, this.settings, this.at);
      sum += weight * BigInt(mark.percent);
      weights += weight;
    }
    return few ? weightedMean(sum, weights) : weightedMean(this.#sum - sum, this.#weights - weights);
  }

  #placeOf(mark: Mark): number {
    let low = 0;
    let high = this.#marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.#marks[middle];
      if (item && byRank(item, mark) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
