import type { Verdict } from '#domain/verdict.js';
import { remainingSteps, type RemainingSteps } from './explain.js';
import type { Judgement } from './judge.js';
import type { Rule } from './rule.js';
import type { Names } from './words.js';

/** What a learner still has to do for a badge, and the trace that this goes by. */
export interface Ahead extends RemainingSteps {
  readonly verdict: Verdict;
}

/**
 * What lies ahead of a learner who does not hold a badge: for one whose award has expired what renews it, and nothing that
 * can be done where a rule that decides once has decided.
 */
export const aheadOf = (rule: Rule, judgement: Judgement, expired: boolean, names: Names): Ahead => {
  const verdict = expired && judgement.renewal ? judgement.renewal() : judgement.verdict();
  const { steps, possible } = remainingSteps(rule.criteria, verdict.root, names);
  const over = rule.decides.mode === 'at-close' && verdict.decided && !verdict.root.met;
  return { verdict, steps, possible: possible && !over };
};
