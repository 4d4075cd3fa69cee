import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import { kindOf } from './criteria/all.js';
import { isExcluded, measuredBy, measuredFacts, type CohortNode } from './criteria/cohort.js';
import type { CriterionNode } from './criterion.js';
import { leavesOf, takes } from './evaluate.js';
import type { Rule } from './rule.js';
import { compareFacts } from './sorted-facts.js';

/** Cohorts are compared in whole millionths, as criteria compare what they need. */
const MILLIONTHS = 1_000_000;

const roundedDown = (value: number): number => {
  const near = Math.round(value * MILLIONTHS);
  return (near / MILLIONTHS <= value ? near : near - 1) / MILLIONTHS;
};

/** The criteria of a rule that rank the learners of its course. */
export const cohortsOf = ({ criteria }: Rule): readonly CohortNode[] =>
  leavesOf(criteria).filter(({ keyword }) => keyword === 'cohort') as unknown as readonly CohortNode[];

/**
 * A learner's value in a cohort at a moment, in whole millionths; undefined for one who is left out or of whom
 * there is nothing to measure. `facts` are those that the rule may look at.
 */
export const standingOf = (node: CohortNode, facts: readonly Fact[], at: Circumstances, now: number): number | undefined => {
  const known = facts.filter((fact) => fact.time <= now && takes(node as unknown as CriterionNode, fact, at)).sort(compareFacts);
  if (isExcluded(node, known)) return undefined;
  const measured = measuredFacts(node, known, at);
  const { met, value } = kindOf(node.settings.by.keyword).measure(measuredBy(node, 0), measured, at, now);
  return met && measured.length > 0 ? roundedDown(value) : undefined;
};

/**
 * The value that puts a learner in, given everybody's: more than nothing, since nobody is among the best with that; null
 * where nobody is in.
 */
export const cutoffOf = ({ settings }: CohortNode, standings: readonly number[]): number | null => {
  const { rank, 'top-percent': percent = 0, ties = 'in' } = settings;
  const best = [...standings].sort((a, b) => b - a);
  // In whole millionths, too: 0.7 % of 1,000 are 7, not a little more.
  const limit = rank ?? Math.max(1, Math.ceil((best.length * Math.round(percent * MILLIONTHS)) / (100 * MILLIONTHS)));
  const last = best[Math.min(limit, best.length) - 1];
  if (last === undefined) return null;
  const isIn = last > 0 && (ties === 'in' || best[limit] !== last);
  return isIn ? last : (best.findLast((value) => value > Math.max(0, last)) ?? null);
};
