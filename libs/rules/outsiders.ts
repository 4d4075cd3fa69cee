import { UNKNOWN_LEARNER, type Circumstances } from './circumstances.js';
import { UNKNOWN_COURSE } from './course-context.js';
import type { CriterionNode } from './criterion.js';
import { leavesOf } from './evaluate.js';
import { planOf, type PlanNode } from './plan.js';
import type { Rule } from './rule.js';
import { isOfAnyCourse } from './selector.js';

/** What a criterion may come to for somebody of whom nothing is known in the course. */
interface Possible {
  readonly met: boolean;
  readonly missed: boolean;
}

const NOWHERE: Circumstances = { course: UNKNOWN_COURSE, learner: UNKNOWN_LEARNER };

const looksElsewhere = ({ selects }: CriterionNode): boolean => selects.some(({ type }) => isOfAnyCourse(type));

const possible = (node: PlanNode): Possible => {
  if ('leaf' in node) {
    const { leaf, kind } = node;
    // What depends on more than facts may come to anything, as the course and its clock go on.
    if (looksElsewhere(leaf) || (kind.depends?.(leaf.settings) ?? []).length > 0) return { met: true, missed: true };
    const { initially, flips } = kind.track(leaf).truth(leaf.settings, NOWHERE);
    return { met: initially || flips.length > 0, missed: !initially || flips.length > 0 };
  }
  const parts = node.parts.map(possible);
  const met = parts.filter((part) => part.met).length;
  const missed = parts.filter((part) => part.missed).length;
  if (node.group === 'not') return { met: missed > 0, missed: met > 0 };
  return { met: met >= node.needed, missed: missed > parts.length - node.needed };
};

/**
 * Whether somebody without any fact in a rule's course may meet it, by badges or approvals; true rather than false where
 * that depends on how the course goes.
 */
export const reachesOutsiders = (rule: Rule): boolean =>
  leavesOf(rule.criteria).some(looksElsewhere) && possible(planOf(rule, () => 0).root).met;
