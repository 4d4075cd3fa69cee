import type { Fact } from '#domain/facts.js';
import type { Verdict } from '#domain/verdict.js';
import type { Circumstances } from './circumstances.js';
import { concerns, relevantFacts, verdictOf, type Outcome } from './evaluate.js';
import { periodOf, periodNamed, periodsAt, type Period } from './periods.js';
import { outcomeOn, type LiveOutcome } from './progress.js';
import type { Rule } from './rule.js';

/** What a rule says of a learner in one period. */
export interface Judgement {
  /** '' for a badge that is earned once. */
  readonly period: string;
  readonly outcome: Outcome;
  /** When an award of it ends, epoch milliseconds; absent where it does not. */
  readonly validUntil?: number;
  /** The next moment at which it can change though nothing happens, epoch milliseconds; Infinity where there is none. */
  readonly wakeAt: number;
  /** The decision trace. Made on demand: most judgements change no award. */
  readonly verdict: () => Verdict;
  /** Where it was earned and meeting the criteria again renews it: the trace of the facts since then. */
  readonly renewal?: () => Verdict;
}

/** How a rule that is earned once is evaluated on some facts. */
export type Evaluate = (rule: Rule, facts: Iterable<Fact>, at: Circumstances) => LiveOutcome;

/** The evaluator that runs live, on facts instead of on what it has followed so far. */
export const evaluateLive: Evaluate = outcomeOn;

/** Among so many facts the next renewal is looked for first; among twice as many while they do not have it. */
const FIRST_LOOK = 32;

/** True for rules whose judgement needs more than one evaluation: trackers of all facts do not tell. */
export const isRepeated = (rule: Rule): boolean => rule.recurs !== undefined || rule.validity?.renewal === 'earn-again';

/**
 * Judges a rule: once, or, for a badge that recurs, once in each period of which there are facts or that is asked for.
 */
export const judgementsOf = (
  rule: Rule,
  facts: Iterable<Fact>,
  at: Circumstances,
  evaluate: Evaluate = evaluateLive,
  periods: Iterable<string> = [],
): readonly Judgement[] => {
  const { recurs } = rule;
  if (!recurs) return [rule.validity?.renewal === 'earn-again' ? renewed(rule, facts, at, evaluate) : once(rule, facts, at, evaluate)];
  const relevant = relevantFacts(rule, facts, at);
  const byPeriod = new Map<string, { readonly period: Period; readonly facts: Fact[] }>();
  for (const name of periods) {
    const period = periodNamed(recurs, name, at.course.zone);
    if (period) byPeriod.set(name, { period, facts: [] });
  }
  for (const fact of relevant) {
    const period = periodOf(recurs, fact.time, at.course.zone);
    if (!period) continue;
    const known = byPeriod.get(period.name);
    if (known) known.facts.push(fact);
    else byPeriod.set(period.name, { period, facts: [fact] });
  }
  return [...byPeriod.values()].map(({ period, facts: within }) => inPeriod(rule, within, at, period, evaluate));
};

/**
 * The periods in which an award of a badge that recurs can stand, though none of its facts may count there any more; given
 * the facts of the learner.
 */
export const possiblePeriods = (rule: Rule, facts: readonly Fact[], { course }: Circumstances): Iterable<string> =>
  rule.recurs ? periodsAt(rule.recurs, facts.filter((fact) => concerns(rule, fact)).map(({ time }) => time), course) : [];

const withValidity = (rule: Rule, outcome: Outcome): Pick<Judgement, 'validUntil'> =>
  rule.validity && outcome.earnedAt !== undefined ? { validUntil: outcome.earnedAt + rule.validity.for } : {};

/** What an outcome that was found says of a badge that is earned once. */
export const judged = (rule: Rule, { outcome, wakeAt }: LiveOutcome, verdict: () => Verdict): Judgement => ({
  period: '', outcome, wakeAt, ...withValidity(rule, outcome), verdict,
});

const once = (rule: Rule, facts: Iterable<Fact>, at: Circumstances, evaluate: Evaluate): Judgement => {
  const found = evaluate(rule, facts, at);
  return judged(rule, found, () => verdictOf(rule, found.outcome, facts, at));
};

/**
 * When a rule that decides as soon as it is met is met by facts in order of time. Later facts do not change that, so no
 * more are looked at than it takes: a long history of renewals is judged in one pass.
 */
const soonest = (rule: Rule, facts: readonly Fact[], at: Circumstances, evaluate: Evaluate): Judgement => {
  for (let many = FIRST_LOOK; many < facts.length && rule.decides.mode === 'as-soon-as-met'; many *= 2) {
    const end = facts[many - 1]?.time ?? Infinity;
    // Facts of one moment count together.
    while (facts[many]?.time === end) many++;
    const judged = once(rule, facts.slice(0, many), at, evaluate);
    if ((judged.outcome.earnedAt ?? Infinity) <= end) return judged;
  }
  return once(rule, facts, at, evaluate);
};

/** Each time the criteria are met by facts after the last time, the award is earned anew. */
const renewed = (rule: Rule, facts: Iterable<Fact>, at: Circumstances, evaluate: Evaluate): Judgement => {
  let counted = relevantFacts(rule, facts, at);
  let latest = soonest(rule, counted, at, evaluate);
  let { wakeAt } = latest;
  let renewal: Judgement['renewal'];
  for (let { earnedAt } = latest.outcome; earnedAt !== undefined; ) {
    const since = earnedAt;
    const after = counted.findIndex(({ time }) => time > since);
    // It ends, since it is never earned before the first of the facts.
    counted = after < 0 ? [] : counted.slice(after);
    const next = soonest(rule, counted, at, evaluate);
    wakeAt = Math.min(wakeAt, next.wakeAt);
    earnedAt = next.outcome.earnedAt;
    if (next.outcome.supported) latest = next;
    else renewal = next.verdict;
  }
  return { ...latest, wakeAt, ...(renewal && { renewal }) };
};

/** The rule as it is in one period: on the facts of the period, and time goes no further than its end. */
const inPeriod = (rule: Rule, facts: readonly Fact[], { course, learner }: Circumstances, period: Period, evaluate: Evaluate): Judgement => {
  const { recurs: _recurs, ...single } = rule;
  const over = course.clock >= period.end;
  const closes = rule.decides.mode === 'at-close' && rule.decides.of === 'period';
  const within: Circumstances = {
    learner,
    course: { ...course, clock: Math.min(course.clock, period.end), ...(closes && { closedAt: over ? period.end : undefined }) },
  };
  const judged = once(closes ? { ...single, decides: { mode: 'at-close', of: 'course' } } : single, facts, within, evaluate);
  const wakeAt = closes && !over ? period.end : judged.wakeAt > period.end ? Infinity : judged.wakeAt;
  return { ...judged, wakeAt, period: period.name };
};
