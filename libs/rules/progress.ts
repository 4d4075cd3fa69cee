import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import { kindOf } from './criteria/all.js';
import type { Tracker } from './criterion.js';
import { closingTime, concerns, isDecided, leavesOf, takes, type Outcome } from './evaluate.js';
import { planOf, type PlanNode, type RulePlan } from './plan.js';
import type { Rule } from './rule.js';
import { firstTime, lastTime } from './sorted-facts.js';
import { atLeast, earliest, holdsAt, holdsSince, negate, nextChange, NEVER, type Truth } from './truth.js';

/** An outcome of the evaluator that runs live. */
export interface LiveOutcome {
  readonly outcome: Outcome;
  /** The next moment at which the outcome can change though nothing happens, epoch milliseconds; Infinity where there is none. */
  readonly wakeAt: number;
}

/** Trackers by slot; no tracker where one has seen nothing yet, or not enough to matter. */
export type Trackers = readonly (Tracker | number | undefined)[];

const followed = (tracker: Tracker | number | undefined): Tracker | undefined => (typeof tracker === 'object' ? tracker : undefined);

const isNever = ({ initially, flips }: Truth): boolean => !initially && flips.length === 0;

const truthOf = (node: PlanNode, trackers: Trackers, at: Circumstances): Truth => {
  if ('leaf' in node) {
    const { leaf, kind, slot, nothing } = node;
    return (followed(trackers[slot]) ?? nothing ?? kind.track(leaf)).truth(leaf.settings, at);
  }
  const { parts } = node;
  if (node.group === 'not') {
    const [part] = parts;
    return part ? negate(truthOf(part, trackers, at)) : NEVER;
  }
  // Most rules are far from met: one part that never holds is enough to know.
  let open = parts.length - node.needed;
  const truths: Truth[] = [];
  for (const part of parts) {
    const truth = truthOf(part, trackers, at);
    if (!isNever(truth)) truths.push(truth);
    else if (--open < 0) return NEVER;
  }
  const [only] = truths;
  return only && truths.length === 1 && node.needed === 1 ? only : atLeast(node.needed, truths);
};

const NOT_SUPPORTED: LiveOutcome = { outcome: { supported: false }, wakeAt: Infinity };

/** What the facts seen so far come to. */
export const outcomeOf = ({ rule, root, slots }: RulePlan, trackers: Trackers, at: Circumstances): LiveOutcome => {
  const { course } = at;
  if (!isDecided(rule, course)) return NOT_SUPPORTED;
  const truth = truthOf(root, trackers, at);
  if (isNever(truth)) return NOT_SUPPORTED;
  let start = Infinity;
  let last = -Infinity;
  for (const slot of slots) {
    const tracker = followed(trackers[slot]);
    if (!tracker) continue;
    start = Math.min(start, firstTime(tracker.facts));
    last = Math.max(last, lastTime(tracker.facts));
  }
  if (start === Infinity) return NOT_SUPPORTED;
  const closing = closingTime(rule, course);
  const horizon = Math.max(closing ?? course.clock, last);
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

/** What a rule comes to on some facts, by the evaluator that runs live. */
export const outcomeOn = (rule: Rule, facts: Iterable<Fact>, at: Circumstances): LiveOutcome => {
  const leaves = leavesOf(rule.criteria);
  const plan = planOf(rule, (_leaf, place) => place);
  const trackers: (Tracker | undefined)[] = leaves.map(() => undefined);
  for (const fact of facts) {
    if (!concerns(rule, fact)) continue;
    leaves.forEach((leaf, i) => {
      if (takes(leaf, fact, at)) (trackers[i] ??= kindOf(leaf.keyword).track(leaf)).insert(fact, at);
    });
  }
  return outcomeOf(plan, trackers, at);
};
