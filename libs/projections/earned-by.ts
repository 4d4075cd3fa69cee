import type { BadgeAwarded, RuleReference } from '#domain/award.js';
import type { CriterionVerdict, Unit } from '#domain/verdict.js';
import { progressOf } from '#rules/explain.js';
import { isLimit } from '#rules/limit.js';
import type { Criterion, Rule } from '#rules/rule.js';
import type { Names, Words } from '#rules/words.js';

/** A criterion that was met, without what was needed: of a cohort, that is what somebody else reached. */
export interface MetCriterion {
  readonly label: Words;
  readonly value: number;
  readonly unit: Unit;
  /** The value tells more than the words do: "at least 3" tells that there were 3. */
  readonly tellsMore: boolean;
}

/** What an award was earned by, in short. */
export interface EarnedBy {
  /** The foremost criteria that were met, each with its value. */
  readonly criteria: readonly MetCriterion[];
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

const toldOf = (criterion: Criterion, verdict: CriterionVerdict, names: Names): MetCriterion => {
  const { label, value, needed, unit, atMost } = progressOf(criterion, verdict, names);
  // The words of a cohort say no value, and nothing here may depend on what somebody else reached.
  const isRanked = 'leaf' in criterion && criterion.leaf.keyword === 'cohort';
  const tellsMore = isRanked || (needed > 0 && !atMost && (value > needed || unit === 'percent'));
  return { label, value, unit, tellsMore };
};

/** The criteria of a decision trace that were met: what was done comes before what was left undone, then by their place in the rule. */
const earnedBy = (criteria: Criterion, root: CriterionVerdict, names: Names): EarnedBy => {
  const met = metIn(criteria, root).toSorted((a, b) => Number(b.done) - Number(a.done));
  // "Not this" says nothing by itself: it is counted only.
  const told = met.filter(({ criterion }) => 'leaf' in criterion).slice(0, FOREMOST);
  return { criteria: told.map(({ criterion, verdict }) => toldOf(criterion, verdict, names)), more: met.length - told.length };
};

/** What is known of the awards in a timeline that were earned. */
export interface Earned {
  /** By their place. */
  readonly decided: ReadonlyMap<number, BadgeAwarded>;
  readonly namesIn: (course: string) => Names;
}

type Placed = { readonly position: number };

/** The versions of rules that decided what these entries show. */
export const versionsOf = (entries: readonly Placed[], { decided }: Pick<Earned, 'decided'>): readonly RuleReference[] =>
  entries.flatMap(({ position }) => decided.get(position)?.rule ?? []);

/** An entry with what its badge was earned by, in the words of the version that decided; without, where that is not known. */
export const withEarnedBy = <Entry extends Placed>(entry: Entry, { decided, namesIn }: Earned, ruleOf: (reference: RuleReference) => Rule | undefined): Entry & { readonly earnedBy?: EarnedBy } => {
  const award = decided.get(entry.position);
  const rule = award && ruleOf(award.rule);
  return rule ? { ...entry, earnedBy: earnedBy(rule.criteria, award.verdict.root, namesIn(award.course)) } : entry;
};
