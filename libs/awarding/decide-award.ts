import type { Award, AwardCommand, Cause } from '#domain/award.js';
import { currentFacts, type Fact, type FactBook } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import type { CourseContext } from '#rules/course-context.js';
import { verdictOf, type Outcome } from '#rules/evaluate.js';
import type { LiveRule } from '#rules/rulebook.js';

/** Badges are earned once. */
export const PERIOD = '';

export interface DecisionInput {
  readonly tenant: string;
  readonly learner: string;
  readonly rule: LiveRule;
  readonly outcome: Outcome;
  readonly award: Award;
  readonly facts: FactBook;
  readonly course: CourseContext;
  /** The earliest event time among what changed, epoch milliseconds. */
  readonly changedFrom: number;
  readonly cause: Cause;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The command that brings an award in line with an outcome; undefined where it is already. Pure: the trace is made
 * only when it is needed, since most events change no award.
 */
export const commandFor = (input: DecisionInput): AwardCommand | undefined => {
  const { rule, outcome, award, changedFrom, cause, now } = input;
  if (!outcome.supported) {
    if (award.status !== 'active' || !award.verdict.met || award.decidedByPerson) return undefined;
    return { type: 'Withhold', policy: rule.rule.whenCorrected, decidedAt: now, verdict: trace(input), cause };
  }
  if (outcome.earnedAt === undefined) return undefined;
  if (award.status === 'active' && award.verdict.met && award.earnedAt === outcome.earnedAt) {
    // The trace counts facts up to `asOf`; later ones leave it as it is.
    if (award.verdict.asOf !== undefined && changedFrom > award.verdict.asOf) return undefined;
  }
  return {
    type: 'Support',
    award: awardId(input.tenant, input.learner, rule.rule.badge, PERIOD),
    tenant: input.tenant,
    learner: input.learner,
    badge: rule.rule.badge,
    course: rule.rule.course,
    period: PERIOD,
    rule: rule.reference,
    earnedAt: outcome.earnedAt,
    decidedAt: now,
    startedAt: startOf(currentFacts(input.facts), rule.rule.course) ?? outcome.earnedAt,
    verdict: trace(input),
    cause,
  };
};

const trace = ({ rule, outcome, facts, course }: DecisionInput) =>
  verdictOf(rule.rule, outcome, currentFacts(facts), course);

/** Enrolment in the course, or else the learner's first fact there, epoch milliseconds. */
const startOf = (facts: Iterable<Fact>, course: string): number | undefined => {
  let enrolled: number | undefined;
  let first: number | undefined;
  for (const fact of facts) {
    if (fact.course !== course) continue;
    if (fact.type === 'Enrolled') enrolled = Math.min(enrolled ?? Infinity, fact.time);
    first = Math.min(first ?? Infinity, fact.time);
  }
  return enrolled ?? first;
};
