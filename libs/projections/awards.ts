import type { AwardEvent } from '#domain/award.js';
import { evidenceOf } from '#domain/verdict.js';
import { isAwardEvent } from './event-kinds.js';
import { forgetLearner } from './forget-learner.js';
import type { Projection } from './projection.js';
import type { Collection, Row, Write } from './read-model.js';

/** Each award as it stands now. */
export const AWARD: Collection = {
  name: 'award',
  columns: {
    award: 'text',
    tenant: 'text',
    learner: 'text',
    badge: 'text',
    course: 'text',
    /** '' for a badge that is earned once. */
    period: 'text',
    /** active, suspended, revoked or expired. */
    status: 'text',
    /** 1 while the verdict that the award last stated is met; 0 for one that is kept, suspended or revoked without it. */
    supported: 'integer',
    /** 1 when a person had the last word on the status. */
    decidedByPerson: 'integer',
    ruleVersion: 'integer',
    ruleHash: 'text',
    earnedAt: 'integer',
    startedAt: 'integer',
    /** When it expires; null where it does not. */
    validUntil: 'integer',
    /** When it was first granted. */
    awardedAt: 'integer',
    /** When it last changed. */
    decidedAt: 'integer',
    verdict: 'json',
    /** Why it last changed. */
    cause: 'json',
    /** Ids of the facts that the verdict rests on. */
    evidence: 'json',
    /** Log position of the last change. */
    position: 'integer',
  },
  key: ['award'],
  indexes: [
    ['tenant', 'earnedAt'],
    ['tenant', 'badge', 'earnedAt'],
    ['tenant', 'badge', 'status', 'earnedAt'],
    ['tenant', 'learner', 'earnedAt'],
    ['tenant', 'course', 'earnedAt'],
    ['tenant', 'status', 'earnedAt'],
  ],
};

/** The whole history of each award: one row per award event. */
export const AWARD_CHANGE: Collection = {
  name: 'award_change',
  columns: {
    award: 'text',
    position: 'integer',
    tenant: 'text',
    learner: 'text',
    type: 'text',
    /** When it was decided. */
    at: 'integer',
    cause: 'json',
    /** Null where a person decided without the facts. */
    verdict: 'json',
  },
  key: ['award', 'position'],
  indexes: [['tenant', 'learner']],
};

/** What an event sets in its award's row. */
const changes = (event: AwardEvent): Row => {
  const { decidedAt, cause } = event;
  const verdict = event.verdict && {
    verdict: event.verdict,
    evidence: evidenceOf(event.verdict),
    supported: event.verdict.met,
  };
  const rule = event.type !== 'BadgeAwarded' && event.type !== 'AwardExpired' && event.rule;
  const last = { decidedAt, cause, ...verdict, ...(rule && { ruleVersion: rule.version, ruleHash: rule.hash }) };
  const decidedByPerson = cause.kind === 'person';
  switch (event.type) {
    case 'BadgeAwarded': {
      const { award, tenant, learner, badge, course, period, rule, earnedAt, startedAt, validUntil = null } = event;
      const who = { award, tenant, learner, badge, course, period };
      const which = { ruleVersion: rule.version, ruleHash: rule.hash };
      return { ...who, ...which, earnedAt, startedAt, validUntil, awardedAt: decidedAt, status: 'active', decidedByPerson: false, ...last };
    }
    case 'AwardAmended':
      return { ...last, earnedAt: event.earnedAt, validUntil: event.validUntil ?? null };
    case 'AwardRenewed':
      return { ...last, status: 'active', earnedAt: event.earnedAt, validUntil: event.validUntil ?? null };
    case 'AwardExpired':
      return { ...last, status: 'expired' };
    case 'AwardKept':
      return last;
    case 'AwardSuspended':
      return { ...last, status: 'suspended' };
    case 'AwardReinstated':
      return { ...last, status: 'active', earnedAt: event.earnedAt, validUntil: event.validUntil ?? null, decidedByPerson };
    case 'AwardRevoked':
      return { ...last, status: 'revoked', decidedByPerson };
  }
};

const NOTHING: Write[] = [];

/** The register of awards and the history of each. */
export const awards: Projection = {
  name: 'award-register',
  version: 3,
  collections: [AWARD, AWARD_CHANGE],
  project: (entries) =>
    entries.flatMap(({ event, recorded: { position }, erased }): Write[] => {
      if (event.type === 'LearnerErased') return forgetLearner(event, AWARD, AWARD_CHANGE);
      if (!isAwardEvent(event) || erased) return NOTHING;
      const { type, award, tenant, learner, decidedAt, cause, verdict } = event;
      const row = { ...changes(event), position };
      return [
        type === 'BadgeAwarded'
          ? { op: 'put', collection: 'award', row }
          : { op: 'patch', collection: 'award', key: { award }, set: row },
        { op: 'put', collection: 'award_change', row: { award, position, tenant, learner, type, at: decidedAt, cause, verdict: verdict ?? null } },
      ];
    }),
};
