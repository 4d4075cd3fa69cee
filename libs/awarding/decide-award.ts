import type { Award, AwardCommand, Cause } from '#domain/award.js';
import { REASONS } from '#domain/cause-reasons.js';
import type { Fact } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import type { Judgement } from '#rules/judge.js';
import type { LiveRule } from '#rules/rulebook.js';

export interface DecisionInput {
  readonly tenant: string;
  readonly learner: string;
  readonly rule: LiveRule;
  readonly judgement: Judgement;
  readonly award: Award;
  /** Facts that tell when the learner began; read only where an award begins. */
  readonly facts: () => Iterable<Fact>;
  /** How far the course's clock has come, epoch milliseconds. */
  readonly clock: number;
  /** The earliest event time among what changed, epoch milliseconds. */
  readonly changedFrom: number;
  readonly cause: Cause;
  /** The log position up to which everything is known. */
  readonly basis: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What brings an award in line with a judgement, and when to look again though nothing happens. */
export interface AwardDecision {
  readonly commands: readonly AwardCommand[];
  /** Epoch milliseconds; Infinity where time alone changes nothing. */
  readonly wakeAt: number;
}

/**
 * The commands that bring an award in line with a judgement; none where it is already. Pure: the trace is made
 * only when it is needed, since most events change no award.
 */
export const decideAward = (input: DecisionInput): AwardDecision => {
  const { rule: { rule }, judgement, award, clock } = input;
  const { outcome, validUntil, wakeAt } = judgement;
  if (!outcome.supported || outcome.earnedAt === undefined) return unsupported(input);
  const heldUntil = outcome.earnedAt + (rule.hold ?? 0);
  // Also where it is earned anew after it was lost: the time for second thoughts begins anew.
  const begins = award.status === 'none' || (award.status === 'revoked' && !award.decidedByPerson);
  if (begins && rule.hold !== undefined && heldUntil > clock) {
    return { commands: [], wakeAt: Math.min(wakeAt, heldUntil) };
  }
  const over = validUntil !== undefined && validUntil <= clock;
  const commands: AwardCommand[] = [];
  // What has expired is not changed by what would only have expired as well.
  if (!(over && award.status === 'expired') && !isStated(input)) commands.push(supportOf(input, outcome.earnedAt));
  if (over && award.status !== 'expired') commands.push(expiry(input));
  return { commands, wakeAt: over || validUntil === undefined ? wakeAt : Math.min(wakeAt, validUntil) };
};

const expiry = ({ now, basis }: DecisionInput): AwardCommand => {
  const cause: Cause = { kind: 'time', events: [], reason: REASONS.validity };
  return { type: 'Expire', decidedAt: now, cause, basis };
};

/** What its policy says; where it is held all the same, it ends when it would have. */
const unsupported = (input: DecisionInput): AwardDecision => {
  const { judgement: { wakeAt }, award, clock } = input;
  const until = award.status === 'active' ? (award.validUntil ?? Infinity) : Infinity;
  if (until <= clock) return { commands: [...withhold(input), expiry(input)], wakeAt };
  return { commands: withhold(input), wakeAt: Math.min(wakeAt, until) };
};

const withhold = ({ rule, judgement, award, cause, basis, now }: DecisionInput): readonly AwardCommand[] => {
  if (award.status !== 'active' || !award.verdict.met || award.decidedByPerson) return [];
  return [{ type: 'Withhold', rule: rule.reference, policy: rule.rule.whenCorrected, decidedAt: now, verdict: judgement.verdict(), cause, basis }];
};

/** Whether an award states the judgement already: its trace counts facts up to `asOf`, and later ones leave it as it is. */
const isStated = ({ rule, judgement: { outcome, validUntil }, award, changedFrom }: DecisionInput): boolean =>
  award.status === 'active' &&
  award.rule.version === rule.reference.version &&
  award.verdict.met &&
  award.earnedAt === outcome.earnedAt &&
  award.validUntil === validUntil &&
  award.verdict.asOf !== undefined &&
  changedFrom > award.verdict.asOf;

const supportOf = (input: DecisionInput, earnedAt: number): AwardCommand => {
  const { tenant, learner, rule, judgement, award, cause, basis, now } = input;
  const { badge, course } = rule.rule;
  const { period, validUntil } = judgement;
  return {
    type: 'Support',
    award: awardId(tenant, learner, badge, period),
    tenant,
    learner,
    badge,
    course,
    period,
    rule: rule.reference,
    earnedAt,
    decidedAt: now,
    startedAt: (award.status === 'none' ? startOf(input.facts(), course) : undefined) ?? earnedAt,
    ...(validUntil !== undefined && { validUntil }),
    verdict: judgement.verdict(),
    cause,
    basis,
  };
};

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
