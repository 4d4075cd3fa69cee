import type { Award } from '#domain/award.js';
import type { LiveOutcome } from '#rules/progress.js';
import type { LiveRule } from '#rules/rulebook.js';

/** An award of a learner as its stream has it. */
export interface KnownAward {
  readonly state: Award;
  /** Revision of the stream's last event; -1 where there is none. */
  readonly revision: number;
}

/** What is known of a learner's awards. */
export interface KnownAwards {
  /** By `awardKey`; an award that is absent was not looked up yet. */
  readonly awards: ReadonlyMap<string, KnownAward>;
  /** An award that is not in `awards` does not exist. */
  readonly complete: boolean;
}

/** The name of a badge's award in a period within `KnownAwards.awards`. */
export const awardKey = (badge: string, period: string): string => (period === '' ? badge : `${badge}\n${period}`);

/** Whether it is certain that a badge that is earned once was never awarded. */
export const hasNoAward = ({ awards, complete }: KnownAwards, { rule }: LiveRule): boolean => {
  const award = awards.get(awardKey(rule.badge, ''));
  return award ? award.state.status === 'none' : complete;
};

/** Whether there is nothing to decide: a badge that is earned once is not earned, was never awarded, and does not wait for a moment. */
export const leavesNothing = (known: KnownAwards, rule: LiveRule, { outcome, wakeAt }: LiveOutcome): boolean =>
  !outcome.supported && wakeAt === Infinity && hasNoAward(known, rule);

/** Whether an award stays as it is, whatever the rule says of facts from an event time on: what was earned for good, before them. */
export const isSettled = ({ awards }: KnownAwards, { rule, reference }: LiveRule, earliest: number): boolean => {
  const { decides, recurs, validity, badge } = rule;
  if (decides.mode !== 'as-soon-as-met' || recurs || validity) return false;
  const award = awards.get(awardKey(badge, ''))?.state;
  return award?.status === 'active' && award.verdict.met && award.rule.version === reference.version && earliest > (award.verdict.asOf ?? Infinity);
};

/** Facts up to this event time can change an award's trace, epoch milliseconds. */
export const traceEnd = (award: Award): number => (award.status === 'none' ? -Infinity : (award.verdict.asOf ?? Infinity));
