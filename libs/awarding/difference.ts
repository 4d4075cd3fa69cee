import type { CriterionVerdict } from '#domain/verdict.js';
import type { Judgement } from '#rules/judge.js';
import { matchLeaves, type LeafPair } from '#rules/matching-leaves.js';
import type { Rule } from '#rules/rule.js';
import { ruleChanges, type RuleChange } from '#rules/rule-changes.js';
import { criteriaDifferences, type CriterionDifference } from '#rules/verdict-difference.js';
import type { Names, Words } from '#rules/words.js';
import { compareTexts, FirstFew } from './first-few.js';

/** What another version of a rule does to one learner's badge. */
export const OUTCOME_CHANGES = ['gained', 'lost', 'earlier', 'later'] as const;
export type OutcomeChange = (typeof OUTCOME_CHANGES)[number];

/** A learner whose badge two versions of a rule judge differently, and why. */
export interface ChangedOutcome {
  readonly learner: string;
  /** Absent for a badge that is earned once. */
  readonly period?: string;
  /** When it is earned under each version, epoch milliseconds; absent where it is not. */
  readonly earnedBefore?: number;
  readonly earnedAfter?: number;
  /** The criteria that make the difference; none where only how they are combined, or when the rule decides, does. */
  readonly criteria: readonly CriterionDifference[];
}

/** How often a criterion is among those that make the difference. */
export interface DifferenceReason extends Readonly<Record<OutcomeChange, number>> {
  readonly path: string;
  readonly label: Words;
}

/** Two versions of a rule on the same history. */
export interface Difference extends Readonly<Record<OutcomeChange, number>> {
  /** Earned under both at the same moment. */
  readonly unchanged: number;
  /** What differs between the versions. */
  readonly changes: readonly RuleChange[];
  readonly reasons: readonly DifferenceReason[];
  /** The first few of each, by learner. */
  readonly first: Readonly<Record<OutcomeChange, readonly ChangedOutcome[]>>;
}

const earnedBy = (judgement: Judgement | undefined): number | undefined => judgement?.outcome.earnedAt;

const changeOf = (before: number | undefined, after: number | undefined): OutcomeChange | 'unchanged' | 'neither' => {
  if (before === undefined) return after === undefined ? 'neither' : 'gained';
  if (after === undefined) return 'lost';
  return after < before ? 'earlier' : after > before ? 'later' : 'unchanged';
};

const byLearner = (a: ChangedOutcome, b: ChangedOutcome): number => compareTexts(a.learner, b.learner) || compareTexts(a.period ?? '', b.period ?? '');

/** Compares two versions of a rule, learner by learner. */
export class Differences {
  readonly #pairs: readonly LeafPair[];
  readonly #counts: Record<OutcomeChange | 'unchanged', number> = { gained: 0, lost: 0, earlier: 0, later: 0, unchanged: 0 };
  readonly #reasons = new Map<string, DifferenceReason>();
  readonly #first: Readonly<Record<OutcomeChange, FirstFew<ChangedOutcome>>>;

  constructor(
    private readonly before: Rule,
    private readonly after: Rule,
    private readonly names: Names,
    limit: number,
  ) {
    this.#pairs = matchLeaves(before.criteria, after.criteria);
    const few = (): FirstFew<ChangedOutcome> => new FirstFew(limit, byLearner);
    this.#first = { gained: few(), lost: few(), earlier: few(), later: few() };
  }

  /** The criteria that make the difference between two traces of a learner. */
  criteria(before: CriterionVerdict | undefined, after: CriterionVerdict | undefined): readonly CriterionDifference[] {
    return criteriaDifferences(this.#pairs, before, after, this.names);
  }

  /** Takes in what both versions say of a learner. */
  add(learner: string, before: readonly Judgement[], after: readonly Judgement[]): void {
    const [earlier, later] = [before, after].map((judgements) => new Map(judgements.map((one) => [one.period, one])));
    for (const period of new Set([...(earlier?.keys() ?? []), ...(later?.keys() ?? [])])) {
      const [was, is] = [earlier?.get(period), later?.get(period)];
      const [earnedBefore, earnedAfter] = [earnedBy(was), earnedBy(is)];
      const change = changeOf(earnedBefore, earnedAfter);
      if (change === 'neither') continue;
      this.#counts[change] += 1;
      if (change === 'unchanged') continue;
      const criteria = this.criteria(was?.verdict().root, is?.verdict().root);
      for (const { path, label } of criteria) {
        const reason = this.#reasons.get(path) ?? { path, label, gained: 0, lost: 0, earlier: 0, later: 0 };
        this.#reasons.set(path, { ...reason, [change]: reason[change] + 1 });
      }
      this.#first[change].add({
        learner,
        ...(period !== '' && { period }),
        ...(earnedBefore !== undefined && { earnedBefore }),
        ...(earnedAfter !== undefined && { earnedAfter }),
        criteria,
      });
    }
  }

  result(): Difference {
    const { gained, lost, earlier, later } = this.#first;
    return {
      ...this.#counts,
      changes: ruleChanges(this.before, this.after, this.names),
      reasons: [...this.#reasons.values()].sort((a, b) => compareTexts(a.path, b.path)),
      first: { gained: gained.list(), lost: lost.list(), earlier: earlier.list(), later: later.list() },
    };
  }
}
