import type { CriterionVerdict } from '#domain/verdict.js';
import { missingOf } from './explain.js';
import { requiredOf } from './prerequisites.js';
import type { Criterion, Rule } from './rule.js';
import { NO_NAMES } from './words.js';

/**
 * Whether criteria that rest on other badges can still be met: a badge that can be held no more stands in the way like anything else
 * that nothing new can outweigh. @param canHold whether the learner holds a badge or can still earn it
 */
export const isAttainable = (criterion: Criterion, verdict: CriterionVerdict, rules: readonly Rule[], canHold: (badge: string) => boolean): boolean => {
  if (verdict.met) return true;
  if ('leaf' in criterion) {
    const badges = requiredOf([criterion.leaf], rules);
    if (badges.size > 0) return [...badges].filter(canHold).length >= verdict.needed;
    return missingOf(criterion, verdict, NO_NAMES).impossible !== true;
  }
  if (criterion.group === 'not') return false;
  const attainable = criterion.parts.filter((part, i) => {
    const found = verdict.parts?.[i];
    return found === undefined || isAttainable(part, found, rules, canHold);
  });
  return attainable.length >= verdict.needed;
};
