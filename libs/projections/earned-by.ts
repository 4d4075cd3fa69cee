import type { CriterionVerdict } from '#domain/verdict.js';
import { progressOf, type CriterionProgress } from '#rules/explain.js';
import { isLimit } from '#rules/limit.js';
import type { Criterion } from '#rules/rule.js';
import type { Names } from '#rules/words.js';

/** What an award was earned by, in short. */
export interface EarnedBy {
  /** The foremost criteria that were met, each with its value. */
  readonly criteria: readonly CriterionProgress[];
  /** How many more were met. */
  readonly more: number;
}

/** So many fit into a row of a timeline. */
const FOREMOST = 3;

interface Met {
  readonly criterion: Criterion;
  readonly verdict: CriterionVerdict;
  /** Something was done, not merely left undone. */
  readonly done: boolean;
}

const metIn = (criterion: Criterion, verdict: CriterionVerdict): readonly Met[] => {
  if (!verdict.met) return [];
  if ('leaf' in criterion) return [{ criterion, verdict, done: !isLimit(criterion.leaf, verdict.needed) }];
  if (criterion.group === 'not') return [{ criterion, verdict, done: false }];
  return criterion.parts.flatMap((part, i) => {
    const found = verdict.parts?.[i];
    return found ? metIn(part, found) : [];
  });
};

/** The criteria of a decision trace that were met: what was done comes before what was left undone, then by their place in the rule. */
export const earnedBy = (criteria: Criterion, root: CriterionVerdict, names: Names): EarnedBy => {
  const met = metIn(criteria, root).toSorted((a, b) => Number(b.done) - Number(a.done));
  // "Not this" says nothing by itself: it is counted only.
  const told = met.filter(({ criterion }) => 'leaf' in criterion).slice(0, FOREMOST);
  return { criteria: told.map(({ criterion, verdict }) => progressOf(criterion, verdict, names)), more: met.length - told.length };
};
