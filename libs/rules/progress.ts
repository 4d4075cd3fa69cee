import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import { kindOf } from './criteria/all.js';
import type { CriterionNode, Tracker } from './criterion.js';
import { closingTime, concerns, isDecided, leavesOf, takes, type Outcome } from './evaluate.js';
import type { Criterion, Rule } from './rule.js';
import { atLeast, earliest, holdsAt, holdsSince, negate, nextChange, NEVER, type Truth } from './truth.js';

/** An outcome of the evaluator that runs live. */
export interface LiveOutcome {
  readonly outcome: Outcome;
  /** The next moment at which the outcome can change though nothing happens, epoch milliseconds; Infinity where there is none. */
  readonly wakeAt: number;
}

/** The tracker of each leaf of a rule, in the order of `leavesOf`; undefined where it has seen nothing yet. */
export type Trackers = readonly (Tracker | undefined)[];

const truthOf = (criterion: Criterion, at: Circumstances, trackers: Iterator<Tracker | undefined>): Truth => {
  if ('leaf' in criterion) {
    const { value } = trackers.next();
    const { leaf } = criterion;
    return (value ?? kindOf(leaf.keyword).track(leaf)).truth(leaf.settings, at);
  }
  const parts = criterion.parts.map((part) => truthOf(part, at, trackers));
  switch (criterion.group) {
    case 'all':
      return atLeast(parts.length, parts);
    case 'any':
      return atLeast(1, parts);
    case 'some':
      return atLeast(criterion.atLeast, parts);
    case 'not':
      return negate(parts[0] ?? NEVER);
  }
};

const NOT_SUPPORTED: LiveOutcome = { outcome: { supported: false }, wakeAt: Infinity };

/** What the facts seen so far come to. */
export const outcomeOf = (rule: Rule, trackers: Trackers, at: Circumstances): LiveOutcome => {
  const { course } = at;
  if (!isDecided(rule, course)) return NOT_SUPPORTED;
  let start = Infinity;
  let last = -Infinity;
  for (const tracker of trackers) {
    if (!tracker) continue;
    start = Math.min(start, tracker.first());
    last = Math.max(last, tracker.last());
  }
  if (start === Infinity) return NOT_SUPPORTED;
  const closing = closingTime(rule, course);
  const horizon = Math.max(closing ?? course.clock, last);
  const truth = truthOf(rule.criteria, at, trackers[Symbol.iterator]());
  switch (rule.decides.mode) {
    case 'as-soon-as-met': {
      const earnedAt = earliest(truth, start);
      return earnedAt > horizon ? { outcome: { supported: false }, wakeAt: earnedAt } : supported(earnedAt, Infinity);
    }
    case 'continuously': {
      const since = holdsSince(truth, start, horizon);
      const wakeAt = nextChange(truth, horizon);
      return since === Infinity ? { outcome: { supported: false }, wakeAt } : supported(since, wakeAt);
    }
    case 'at-close':
      return closing !== undefined && holdsAt(truth, horizon) ? supported(closing, Infinity) : NOT_SUPPORTED;
  }
};

const supported = (earnedAt: number, wakeAt: number): LiveOutcome => ({ outcome: { supported: true, earnedAt }, wakeAt });

/** The progress of a rule on some facts. */
export const trackersOn = (rule: Rule, facts: Iterable<Fact>, at: Circumstances): Trackers => {
  const leaves = leavesOf(rule.criteria);
  const trackers = leaves.map((node: CriterionNode) => kindOf(node.keyword).track(node));
  for (const fact of facts) {
    if (!concerns(rule, fact)) continue;
    leaves.forEach((leaf, i) => {
      if (takes(leaf, fact, at)) trackers[i]?.insert(fact, at);
    });
  }
  return trackers;
};

/** The outcome of a rule on some facts, by the evaluator that runs live. */
export const judge = (rule: Rule, facts: Iterable<Fact>, at: Circumstances): Outcome =>
  outcomeOf(rule, trackersOn(rule, facts, at), at).outcome;
