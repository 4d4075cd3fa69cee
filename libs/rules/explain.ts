import type { CriterionVerdict, Unit } from '#domain/verdict.js';
import { kindOf } from './criteria/all.js';
import { isCeiling } from './limit.js';
import type { Criterion } from './rule.js';
import { toldAmounts } from './told-amounts.js';
import type { Missing, Names, Words } from './words.js';

/** One criterion of a badge, as far as the learner has come, in words. */
export interface CriterionProgress {
  readonly path: string;
  readonly label: Words;
  /** With two decimals, as what is needed: they never make what is not met look met. */
  readonly value: number;
  readonly needed: number;
  readonly unit: Unit;
  readonly met: boolean;
  /** What is needed is the most that there may be. */
  readonly atMost?: true;
  /** Null where it is met. */
  readonly missing: Missing | null;
  readonly parts?: readonly CriterionProgress[];
}

/** A thing to do, or to have undone, before a badge is earned. */
export interface Step extends Missing {
  /** The criterion that it is for. */
  readonly path: string;
}

/** The smallest set of steps that lead to a badge. */
export interface RemainingSteps {
  /** False where something on record that nothing new can outweigh stands in the way; the steps then say what. */
  readonly possible: boolean;
  readonly steps: readonly Step[];
}

const groupLabel = (criterion: Extract<Criterion, { group: string }>): Words => {
  switch (criterion.group) {
    case 'all':
      return { en: 'All of these', ko: '다음을 모두 충족' };
    case 'any':
      return { en: 'Any one of these', ko: '다음 중 하나 이상 충족' };
    case 'some':
      return { en: `At least ${criterion.atLeast} of these`, ko: `다음 중 ${criterion.atLeast}개 이상 충족` };
    case 'not':
      return { en: 'Not this', ko: '다음에 해당하지 않음' };
  }
};

/** What a criterion asks for. */
export const labelOf = (criterion: Criterion, names: Names): Words =>
  'leaf' in criterion ? kindOf(criterion.leaf.keyword).label(criterion.leaf, names) : groupLabel(criterion);

/** What a criterion that is not met still needs. */
export const missingOf = (criterion: Criterion, verdict: CriterionVerdict, names: Names): Missing => {
  if ('leaf' in criterion) return kindOf(criterion.leaf.keyword).missing(criterion.leaf, verdict, names);
  const { unit } = verdict;
  const left = criterion.group === 'not' ? verdict.value : verdict.needed - verdict.value;
  switch (criterion.group) {
    case 'all':
    case 'some':
      return { amount: left, unit, text: { en: `${left} more of these`, ko: `이 중 ${left}개 더 필요` } };
    case 'any':
      return { amount: 1, unit, text: { en: 'One of these', ko: '이 중 하나 필요' } };
    case 'not':
      return { amount: left, unit, impossible: true, text: { en: 'Not possible while this holds', ko: '이 조건이 성립하는 동안 충족할 수 없음' } };
  }
};

/** Puts a verdict into words, criterion by criterion. */
export const progressOf = (criterion: Criterion, verdict: CriterionVerdict, names: Names): CriterionProgress => {
  const { path, unit, met } = verdict;
  return {
    path,
    label: labelOf(criterion, names),
    ...toldAmounts(verdict),
    unit,
    met,
    ...('leaf' in criterion && isCeiling(criterion.leaf) && { atMost: true as const }),
    missing: met ? null : missingOf(criterion, verdict, names),
    ...('parts' in criterion && { parts: pairs(criterion, verdict).map(([part, found]) => progressOf(part, found, names)) }),
  };
};

type Group = Extract<Criterion, { parts: unknown }>;

const pairs = (criterion: Group, verdict: CriterionVerdict): readonly (readonly [Criterion, CriterionVerdict])[] =>
  (verdict.parts ?? []).flatMap((found, i) => {
    const part = criterion.parts[i];
    return part ? [[part, found] as const] : [];
  });

/** How close a learner is, from 0 to 1: the mean over what must hold together, the best of what can stand for each other. */
export const closenessOf = ({ criterion, met, value, needed, parts }: CriterionVerdict): number => {
  if (met) return 1;
  if (!parts) return needed > 0 ? Math.min(0.99, Math.max(0, value / needed)) : 0;
  if (criterion === 'not') return 0;
  // What must merely not happen brings nobody closer.
  const positive = parts.filter((part) => !part.met || part.needed > 0);
  const all = (positive.length > 0 ? positive : parts).map(closenessOf).sort((a, b) => b - a);
  const counted = criterion === 'all' ? all : all.slice(0, Math.max(1, needed));
  return counted.reduce((sum, part) => sum + part, 0) / counted.length;
};

interface Plan extends RemainingSteps {
  /** The number of steps, and then how far each is from done. */
  readonly effort: number;
}

const NOTHING_LEFT: Plan = { possible: true, steps: [], effort: 0 };

const both = (plans: readonly Plan[]): Plan => ({
  possible: plans.every(({ possible }) => possible),
  steps: plans.flatMap(({ steps }) => steps),
  effort: plans.reduce((sum, { effort }) => sum + effort, 0),
});

/** Of alternatives, those with the least effort; what is impossible comes last. */
const easiest = (plans: readonly Plan[], count: number): Plan =>
  both([...plans].sort((a, b) => Number(b.possible) - Number(a.possible) || a.effort - b.effort).slice(0, count));

const planOf = (criterion: Criterion, verdict: CriterionVerdict, names: Names): Plan => {
  if (verdict.met) return NOTHING_LEFT;
  if ('leaf' in criterion || criterion.group === 'not') {
    const missing = missingOf(criterion, verdict, names);
    return { possible: missing.impossible !== true, steps: [{ path: verdict.path, ...missing }], effort: 2 - closenessOf(verdict) };
  }
  const open = pairs(criterion, verdict).filter(([, found]) => !found.met);
  const plans = open.map(([part, found]) => planOf(part, found, names));
  return criterion.group === 'all' ? both(plans) : easiest(plans, verdict.needed - verdict.value);
};

/** The smallest set of steps that would meet the criteria, judged by their number, then by how far each is from done. */
export const remainingSteps = (criterion: Criterion, verdict: CriterionVerdict, names: Names): RemainingSteps => {
  const { possible, steps } = planOf(criterion, verdict, names);
  return { possible, steps };
};
