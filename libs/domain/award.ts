import type { Decider } from './decider.js';
import { ProofmarkError } from './errors.js';
import { sameVerdict, type Verdict } from './verdict.js';

/** Which immutable rule version decided. */
export interface RuleReference {
  /** The badge that the rule awards; a badge has one rule. */
  readonly badge: string;
  /** Counts from 1. */
  readonly version: number;
  /** Content hash of the rule document, sha256 in hex. */
  readonly hash: string;
}

/** Why an award changed. Nothing that happens to an award is without one. */
export interface Cause {
  readonly kind: 'facts' | 'correction' | 'course' | 'rule' | 'award' | 'time' | 'person';
  /** Ids of the facts, corrections or awards (`award/…`) that triggered it. */
  readonly events: readonly string[];
  /** In words, for people. */
  readonly reason: string;
  /** Id of the account or API key that decided, where somebody did. */
  readonly by?: string;
}

interface Subject {
  readonly award: string;
  readonly tenant: string;
  readonly learner: string;
  readonly badge: string;
}

interface Decision extends Subject {
  /** When the engine, or a person, decided, epoch milliseconds. */
  readonly decidedAt: number;
  readonly cause: Cause;
  /**
   * The log position up to which facts, course and other awards were known: evaluating those again gives the same
   * verdict. Absent where a person decided, and in logs written before it was kept.
   */
  readonly basis?: number;
}

interface Rejudged extends Decision {
  /** The rule version that judged it, where that is another than before: a version that was published for past awards too. */
  readonly rule?: RuleReference;
}

export interface BadgeAwarded extends Decision {
  readonly type: 'BadgeAwarded';
  readonly course: string;
  /** '' for a badge that is earned once. */
  readonly period: string;
  readonly rule: RuleReference;
  /** Event time at which the facts first met the rule, epoch milliseconds. */
  readonly earnedAt: number;
  /** Enrolment, or else the first fact in the course: what time-to-earn counts from, epoch milliseconds. */
  readonly startedAt: number;
  /** When it expires, epoch milliseconds; absent where it does not. */
  readonly validUntil?: number;
  /** The decision trace, evidence included. */
  readonly verdict: Verdict;
}
/** The facts still support the award, with another trace or date. */
export interface AwardAmended extends Rejudged {
  readonly type: 'AwardAmended';
  readonly earnedAt: number;
  readonly validUntil?: number;
  readonly verdict: Verdict;
}
/** It was earned again, so it holds longer. */
export interface AwardRenewed extends Rejudged {
  readonly type: 'AwardRenewed';
  /** The status that it leaves. */
  readonly from: 'active' | 'expired';
  readonly earnedAt: number;
  /** Absent where it has no end any more. */
  readonly validUntil?: number;
  readonly verdict: Verdict;
}
/** Its validity ended without renewal. */
export interface AwardExpired extends Decision {
  readonly type: 'AwardExpired';
  readonly verdict?: never;
}
/** The facts no longer support the award and its policy keeps it all the same. */
export interface AwardKept extends Rejudged {
  readonly type: 'AwardKept';
  readonly verdict: Verdict;
}
export interface AwardSuspended extends Rejudged {
  readonly type: 'AwardSuspended';
  readonly verdict: Verdict;
}
export interface AwardReinstated extends Rejudged {
  readonly type: 'AwardReinstated';
  /** The status that it leaves. */
  readonly from: 'suspended' | 'revoked';
  readonly earnedAt: number;
  readonly validUntil?: number;
  /** Absent where a person reinstates against the facts. */
  readonly verdict?: Verdict;
}
export interface AwardRevoked extends Rejudged {
  readonly type: 'AwardRevoked';
  readonly from: 'active' | 'suspended' | 'expired';
  readonly verdict?: Verdict;
}

/** The types of everything that can happen to an award. */
export const AWARD_EVENT_TYPES = [
  'BadgeAwarded', 'AwardAmended', 'AwardRenewed', 'AwardExpired', 'AwardKept', 'AwardSuspended', 'AwardReinstated', 'AwardRevoked',
] as const;

export type AwardEvent =
  | BadgeAwarded | AwardAmended | AwardRenewed | AwardExpired | AwardKept | AwardSuspended | AwardReinstated | AwardRevoked;

/** What an award can be, once there is one. */
export const AWARD_STATES = ['active', 'suspended', 'revoked', 'expired'] as const;
export type AwardState = (typeof AWARD_STATES)[number];

/** What a rule does to an award that corrected facts no longer support. */
export type CorrectionPolicy = 'keep' | 'review' | 'revoke';

interface Granted extends Subject {
  readonly course: string;
  readonly period: string;
  readonly rule: RuleReference;
  readonly earnedAt: number;
  readonly validUntil?: number;
  /** The trace that the award last stated, and whether it met. */
  readonly verdict: Verdict;
  /** A person decided against the facts; facts alone no longer change the status. */
  readonly decidedByPerson: boolean;
}

export type Award = { readonly status: 'none' } | ({ readonly status: AwardState } & Granted);

/** The facts met the rule. */
export interface Support extends Omit<BadgeAwarded, 'type'> {
  readonly type: 'Support';
}
/** The facts do not meet the rule. */
export interface Withhold {
  readonly type: 'Withhold';
  readonly rule: RuleReference;
  readonly policy: CorrectionPolicy;
  readonly decidedAt: number;
  readonly verdict: Verdict;
  readonly cause: Cause;
  readonly basis?: number;
}
/** Its validity has ended. */
export interface Expire {
  readonly type: 'Expire';
  readonly decidedAt: number;
  readonly cause: Cause;
  readonly basis?: number;
}
/** A person decides about a suspended or active award. */
export interface Review {
  readonly type: 'Reinstate' | 'Revoke';
  readonly decidedAt: number;
  readonly cause: Cause;
}
export type AwardCommand = Support | Withhold | Expire | Review;

const subject = (award: Subject): Subject => ({
  award: award.award,
  tenant: award.tenant,
  learner: award.learner,
  badge: award.badge,
});

/** Names the rule version that judges, where it is another than the award's. */
const byVersion = (state: Award, rule: RuleReference): { readonly rule?: RuleReference } =>
  state.status === 'none' || state.rule.version === rule.version ? {} : { rule };

const support = (command: Support, state: Award): readonly AwardEvent[] => {
  const { verdict, earnedAt, validUntil, decidedAt, cause, basis } = command;
  const decision = { decidedAt, cause, ...(basis !== undefined && { basis }), ...byVersion(state, command.rule) };
  const until = validUntil !== undefined && { validUntil };
  if (state.status === 'none') return [{ ...command, type: 'BadgeAwarded' }];
  const who = subject(state);
  switch (state.status) {
    case 'active':
    case 'expired':
      // Earned anew at a later moment, without a correction of the earlier one: the caller says so by its dates.
      // What has expired is renewed, too, where another version of the rule gives it no end.
      if (validUntil === undefined ? state.status === 'expired' : validUntil > (state.validUntil ?? Infinity)) {
        return [{ type: 'AwardRenewed', ...who, ...decision, from: state.status, earnedAt, ...until, verdict }];
      }
      if (state.earnedAt === earnedAt && state.validUntil === validUntil && !decision.rule && sameVerdict(state.verdict, verdict)) return [];
      return [{ type: 'AwardAmended', ...who, ...decision, earnedAt, ...until, verdict }];
    case 'suspended':
    case 'revoked':
      if (state.decidedByPerson) return [];
      return [{ type: 'AwardReinstated', ...who, ...decision, from: state.status, earnedAt, ...until, verdict }];
  }
};

const withhold = (command: Withhold, state: Award): readonly AwardEvent[] => {
  if (state.status !== 'active' || !state.verdict.met || state.decidedByPerson) return [];
  const { decidedAt, verdict, cause, basis } = command;
  const decision = { ...subject(state), decidedAt, cause, verdict, ...(basis !== undefined && { basis }), ...byVersion(state, command.rule) };
  switch (command.policy) {
    case 'keep':
      return [{ type: 'AwardKept', ...decision }];
    case 'review':
      return [{ type: 'AwardSuspended', ...decision }];
    case 'revoke':
      return [{ type: 'AwardRevoked', from: 'active', ...decision }];
  }
};

const expire = ({ decidedAt, cause, basis }: Expire, state: Award): readonly AwardEvent[] =>
  state.status === 'active'
    ? [{ type: 'AwardExpired', ...subject(state), decidedAt, cause, ...(basis !== undefined && { basis }) }]
    : [];

const review = (command: Review, state: Award): readonly AwardEvent[] => {
  const { decidedAt, cause } = command;
  if (state.status === 'none') throw new ProofmarkError('AWARD_UNKNOWN', 'There is no such award.');
  if (command.type === 'Revoke') {
    if (state.status === 'revoked') throw new ProofmarkError('AWARD_NOT_ACTIVE', 'The award is revoked already.');
    return [{ type: 'AwardRevoked', ...subject(state), from: state.status, decidedAt, cause }];
  }
  if (state.status === 'active' || state.status === 'expired') {
    throw new ProofmarkError('AWARD_NOT_SUSPENDED', `The award is ${state.status}; there is nothing to reinstate.`);
  }
  const until = state.validUntil !== undefined && { validUntil: state.validUntil };
  return [{ type: 'AwardReinstated', ...subject(state), from: state.status, earnedAt: state.earnedAt, ...until, decidedAt, cause }];
};

/** An award without its former end of validity. */
const dated = <T extends Granted>(state: T, earnedAt: number, validUntil: number | undefined): T => {
  const { validUntil: _former, ...rest } = state;
  return { ...rest, earnedAt, ...(validUntil !== undefined && { validUntil }) } as T;
};

/** The life of one award: granted once, then amended, kept, suspended, revoked or reinstated, always with a cause. */
export const award: Decider<AwardCommand, AwardEvent, Award> = {
  initialState: { status: 'none' },
  evolve: (state, event) => {
    if (event.type === 'BadgeAwarded') {
      const { course, period, rule, earnedAt, validUntil, verdict } = event;
      const until = validUntil !== undefined && { validUntil };
      return { status: 'active', ...subject(event), course, period, rule, earnedAt, ...until, verdict, decidedByPerson: false };
    }
    if (state.status === 'none') return state;
    const decidedByPerson = event.cause.kind === 'person';
    const before = event.type !== 'AwardExpired' && event.rule ? { ...state, rule: event.rule } : state;
    switch (event.type) {
      case 'AwardAmended':
        return { ...dated(before, event.earnedAt, event.validUntil), verdict: event.verdict };
      case 'AwardRenewed':
        return { ...dated(before, event.earnedAt, event.validUntil), status: 'active', verdict: event.verdict };
      case 'AwardExpired':
        return { ...before, status: 'expired' };
      case 'AwardKept':
        return { ...before, verdict: event.verdict };
      case 'AwardSuspended':
        return { ...before, status: 'suspended', verdict: event.verdict };
      case 'AwardReinstated':
        return {
          ...dated(before, event.earnedAt, event.validUntil),
          status: 'active',
          verdict: event.verdict ?? before.verdict,
          decidedByPerson,
        };
      case 'AwardRevoked':
        return { ...before, status: 'revoked', verdict: event.verdict ?? before.verdict, decidedByPerson };
    }
  },
  decide: (command, state) => {
    switch (command.type) {
      case 'Support':
        return support(command, state);
      case 'Withhold':
        return withhold(command, state);
      case 'Expire':
        return expire(command, state);
      case 'Reinstate':
      case 'Revoke':
        return review(command, state);
    }
  },
};
