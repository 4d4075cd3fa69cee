import type { Fact } from '#domain/facts.js';
import type { CourseContext } from './course-context.js';
import { kindOf } from './criteria/all.js';
import type { CriterionNode, Tracker } from './criterion.js';
import { closingTime, isDecided, leavesOf, type Outcome } from './evaluate.js';
import type { Criterion, Rule } from './rule.js';
import { selects } from './selector.js';
import { atLeast, earliest, finally_, holdsSince, negate, type Truth } from './truth.js';

/** The incremental evaluation of one rule for one learner: the same outcome as the reference, fact by fact. */
export interface RuleProgress {
  /** One for each of the rule's leaves, in the order of `leavesOf`. */
  readonly trackers: readonly Tracker[];
}

/** Nothing seen yet. */
export const startProgress = (rule: Rule, course: CourseContext): RuleProgress => ({
  trackers: leavesOf(rule.criteria).map((node: CriterionNode) => kindOf(node.keyword).track(node, course)),
});

const truthOf = (criterion: Criterion, trackers: Iterator<Tracker>): Truth => {
  if ('leaf' in criterion) {
    const tracker = trackers.next();
    if (tracker.done) throw new Error('a rule has more leaves than trackers');
    return tracker.value.truth();
  }
  const parts = criterion.parts.map((part) => truthOf(part, trackers));
  switch (criterion.group) {
    case 'all':
      return atLeast(parts.length, parts);
    case 'any':
      return atLeast(1, parts);
    case 'not': {
      const [only] = parts;
      if (!only) throw new Error('"not" without a part');
      return negate(only);
    }
  }
};

/** What the facts seen so far come to. */
export const outcomeOf = (rule: Rule, progress: RuleProgress, course: CourseContext): Outcome => {
  let start = Infinity;
  for (const tracker of progress.trackers) start = Math.min(start, tracker.first());
  if (start === Infinity) return { supported: false };
  const truth = truthOf(rule.criteria, progress.trackers[Symbol.iterator]());
  let earnedAt: number | undefined;
  switch (rule.decides.mode) {
    case 'as-soon-as-met':
      earnedAt = earliest(truth, start);
      break;
    case 'continuously':
      earnedAt = holdsSince(truth, start);
      break;
    case 'at-close':
      earnedAt = finally_(truth) && isDecided(rule, course) ? closingTime(rule, course) : undefined;
      break;
  }
  return earnedAt === undefined || earnedAt === Infinity ? { supported: false } : { supported: true, earnedAt };
};

/** The progress of a rule on some facts. */
export const progressOn = (rule: Rule, facts: Iterable<Fact>, course: CourseContext): RuleProgress => {
  const progress = startProgress(rule, course);
  const leaves = leavesOf(rule.criteria);
  for (const fact of facts) {
    if (fact.course !== rule.course) continue;
    leaves.forEach((leaf, i) => {
      if (selects(leaf.select, fact, course)) progress.trackers[i]?.insert(fact);
    });
  }
  return progress;
};

/** The outcome of a rule on some facts, by the evaluator that runs live. */
export const judge = (rule: Rule, facts: Iterable<Fact>, course: CourseContext): Outcome =>
  outcomeOf(rule, progressOn(rule, facts, course), course);
