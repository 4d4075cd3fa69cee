import type { Decider } from './decider.js';
import { ProofmarkError } from './errors.js';
import type { Verdict } from './verdict.js';

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
  readonly kind: 'facts' | 'correction' | 'course' | 'rule' | 'person';
  /** Ids of the facts or corrections that triggered it. */
  readonly events: readonly string[];
  /** In words, for people. */
  readonly reason: string;
}

interface Subject {
  readonly award: string;
  readonly tenant: string;
  readonly learner: string;
  readonly badge: string;
}

export interface BadgeAwarded extends Subject {
  readonly type: 'BadgeAwarded';
  readonly course: string;
  /** '' for a badge that is earned once. */
  readonly period: string;
  readonly rule: RuleReference;
  /** Event time at which the facts first met the rule, epoch milliseconds. */
  readonly earnedAt: number;
  /** When the engine decided, epoch milliseconds. */
  readonly decidedAt: number;
  /** Enrolment, or else the first fact in the course: what time-to-earn counts from, epoch milliseconds. */
  readonly startedAt: number;
  /** The decision trace, evidence included. */
  readonly verdict: Verdict;
  readonly cause: Cause;
}
/** The facts still support the award, with another trace or date. */
export interface AwardAmended extends Subject {
  readonly type: 'AwardAmended';
  readonly earnedAt: number;
  readonly decidedAt: number;
  readonly verdict: Verdict;
  readonly cause: Cause;
}
/** The facts no longer support the award and its policy keeps it all the same. */
export interface AwardKept extends Subject {
  readonly type: 'AwardKept';
  readonly decidedAt: number;
  readonly verdict: Verdict;
  readonly cause: Cause;
}
export interface AwardSuspended extends Subject {
  readonly type: 'AwardSuspended';
  readonly decidedAt: number;
  readonly verdict: Verdict;
  readonly cause: Cause;
}
export interface AwardReinstated extends Subject {
  readonly type: 'AwardReinstated';
  /** The status that it leaves. */
  readonly from: 'suspended' | 'revoked';
  readonly earnedAt: number;
  readonly decidedAt: number;
  /** Absent where a person reinstates against the facts. */
  readonly verdict?: Verdict;
  readonly cause: Cause;
}
export interface AwardRevoked extends Subject {
  readonly type: 'AwardRevoked';
  readonly from: 'active' | 'suspended';
  readonly decidedAt: number;
  readonly verdict?: Verdict;
  readonly cause: Cause;
}

export type AwardEvent = BadgeAwarded | AwardAmended | AwardKept | AwardSuspended | AwardReinstated | AwardRevoked;

/** What a rule does to an award that corrected facts no longer support. */
export type CorrectionPolicy = 'keep' | 'review' | 'revoke';

interface Granted extends Subject {
  readonly course: string;
  readonly rule: RuleReference;
  readonly earnedAt: number;
  /** The trace that the award last stated, and whether it met. */
  readonly verdict: Verdict;
  /** A person decided against the facts; facts alone no longer change the status. */
  readonly decidedByPerson: boolean;
}

export type Award = { readonly status: 'none' } | ({ readonly status: 'active' | 'suspended' | 'revoked' } & Granted);

/** The facts met the rule. */
export interface Support extends Omit<BadgeAwarded, 'type'> {
  readonly type: 'Support';
}
/** The facts do not meet the rule. */
export interface Withhold {
  readonly type: 'Withhold';
  readonly policy: CorrectionPolicy;
  readonly decidedAt: number;
  readonly verdict: Verdict;
  readonly cause: Cause;
}
/** A person decides about a suspended or active award. */
export interface Review {
  readonly type: 'Reinstate' | 'Revoke';
  readonly decidedAt: number;
  readonly cause: Cause;
}
export type AwardCommand = Support | Withhold | Review;

const subject = (award: Subject): Subject => ({
  award: award.award,
  tenant: award.tenant,
  learner: award.learner,
  badge: award.badge,
});

const sameVerdict = (a: Verdict, b: Verdict): boolean => JSON.stringify(a) === JSON.stringify(b);

const support = (command: Support, state: Award): readonly AwardEvent[] => {
  const { verdict, earnedAt, decidedAt, cause } = command;
  switch (state.status) {
    case 'none':
      return [{ ...command, type: 'BadgeAwarded' }];
    case 'active':
      if (state.earnedAt === earnedAt && sameVerdict(state.verdict, verdict)) return [];
      return [{ type: 'AwardAmended', ...subject(state), earnedAt, decidedAt, verdict, cause }];
    case 'suspended':
    case 'revoked':
      if (state.decidedByPerson) return [];
      return [{ type: 'AwardReinstated', ...subject(state), from: state.status, earnedAt, decidedAt, verdict, cause }];
  }
};

const withhold = (command: Withhold, state: Award): readonly AwardEvent[] => {
  if (state.status !== 'active' || !state.verdict.met || state.decidedByPerson) return [];
  const { decidedAt, verdict, cause } = command;
  switch (command.policy) {
    case 'keep':
      return [{ type: 'AwardKept', ...subject(state), decidedAt, verdict, cause }];
    case 'review':
      return [{ type: 'AwardSuspended', ...subject(state), decidedAt, verdict, cause }];
    case 'revoke':
      return [{ type: 'AwardRevoked', ...subject(state), from: 'active', decidedAt, verdict, cause }];
  }
};

const review = (command: Review, state: Award): readonly AwardEvent[] => {
  const { decidedAt, cause } = command;
  if (state.status === 'none') throw new ProofmarkError('AWARD_UNKNOWN', 'There is no such award.');
  if (command.type === 'Revoke') {
    if (state.status === 'revoked') throw new ProofmarkError('AWARD_NOT_ACTIVE', 'The award is revoked already.');
    return [{ type: 'AwardRevoked', ...subject(state), from: state.status, decidedAt, cause }];
  }
  if (state.status === 'active') {
    throw new ProofmarkError('AWARD_NOT_SUSPENDED', 'The award is active; there is nothing to reinstate.');
  }
  return [{ type: 'AwardReinstated', ...subject(state), from: state.status, earnedAt: state.earnedAt, decidedAt, cause }];
};

/** The life of one award: granted once, then amended, kept, suspended, revoked or reinstated, always with a cause. */
export const award: Decider<AwardCommand, AwardEvent, Award> = {
  initialState: { status: 'none' },
  evolve: (state, event) => {
    if (event.type === 'BadgeAwarded') {
      const { course, rule, earnedAt, verdict } = event;
      return { status: 'active', ...subject(event), course, rule, earnedAt, verdict, decidedByPerson: false };
    }
    if (state.status === 'none') return state;
    const decidedByPerson = event.cause.kind === 'person';
    switch (event.type) {
      case 'AwardAmended':
        return { ...state, earnedAt: event.earnedAt, verdict: event.verdict };
      case 'AwardKept':
        return { ...state, verdict: event.verdict };
      case 'AwardSuspended':
        return { ...state, status: 'suspended', verdict: event.verdict };
      case 'AwardReinstated':
        return {
          ...state,
          status: 'active',
          earnedAt: event.earnedAt,
          verdict: event.verdict ?? state.verdict,
          decidedByPerson,
        };
      case 'AwardRevoked':
        return { ...state, status: 'revoked', verdict: event.verdict ?? state.verdict, decidedByPerson };
    }
  },
  decide: (command, state) => {
    switch (command.type) {
      case 'Support':
        return support(command, state);
      case 'Withhold':
        return withhold(command, state);
      case 'Reinstate':
      case 'Revoke':
        return review(command, state);
    }
  },
};
