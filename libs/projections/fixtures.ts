import fc from 'fast-check';
import type { AwardEvent, BadgeAwarded } from '#domain/award.js';
import type { LogEvent } from '#domain/log-event.js';
import { accountStream, actionStream, apiKeyStream, awardStream, collectionStream, consentStream, courseStream, credentialStream, deadLetterStream, engagementStream, erasureStream, issuerStream, learnerStream, ruleStream, statusListStream } from '#domain/streams.js';
import type { Verdict } from '#domain/verdict.js';
import type { LogEntry } from './projection.js';
import { decode } from './log-entries.js';
import { inMemoryLog } from './in-memory-log.js';

/** TEST SUPPORT: examples of what stands in a log. */
export const DAY = 86_400_000;
export const T0 = Date.UTC(2024, 0, 10, 12);

export const verdict = (met: boolean, ...evidence: string[]): Verdict => ({
  met,
  decided: true,
  root: { criterion: 'count', path: 'count', met, value: evidence.length, needed: 2, unit: 'activities', evidence },
});
export const cause = (kind: 'facts' | 'correction' | 'person' = 'facts') => ({ kind, events: ['lms/1'], reason: 'because' }) as const;

export const subject = (learner = 'ann', badge = 'starter') => ({ award: `${learner}-${badge}`, tenant: 't', learner, badge });

export const awarded = (learner = 'ann', badge = 'starter'): BadgeAwarded => ({
  type: 'BadgeAwarded',
  ...subject(learner, badge),
  course: 'c1',
  period: '',
  rule: { badge, version: 1, hash: 'h1' },
  earnedAt: T0,
  decidedAt: T0 + 2 * DAY,
  startedAt: T0 - 10 * DAY,
  verdict: verdict(true, 'lms/1', 'lms/2'),
  cause: cause(),
});

/** Every kind of change of an award, in an order that its decider allows. */
export const awardLife = (learner = 'ann', badge = 'starter'): readonly AwardEvent[] => {
  const who = subject(learner, badge);
  const later = (days: number) => ({ ...who, decidedAt: T0 + days * DAY });
  return [
    awarded(learner, badge),
    { type: 'AwardAmended', ...later(3), earnedAt: T0 + DAY, verdict: verdict(true, 'lms/1', 'lms/3'), cause: cause('correction') },
    { type: 'AwardKept', ...later(4), verdict: verdict(false, 'lms/1'), cause: cause('correction') },
    { type: 'AwardSuspended', ...later(5), verdict: verdict(false), cause: cause('correction') },
    { type: 'AwardRevoked', ...later(6), from: 'suspended', cause: cause('person') },
    { type: 'AwardReinstated', ...later(7), from: 'revoked', earnedAt: T0 + DAY, cause: cause('person') },
    { type: 'AwardRevoked', ...later(8), from: 'active', verdict: verdict(false), cause: cause('correction') },
  ];
};

export interface Placed {
  readonly stream: string;
  readonly event: LogEvent;
}

/** The stream that an event stands in. */
export const placed = (event: LogEvent, learner = 'ann'): Placed => {
  if (event.type === 'CredentialViewed' || event.type === 'CredentialVerified' || event.type === 'CredentialShared') return { stream: engagementStream(event.tenant, event.badge), event };
  if (event.type === 'CollectionShared' || event.type === 'CollectionChanged' || event.type === 'CollectionWithdrawn') return { stream: collectionStream(event.tenant, event.learner), event };
  if ('code' in event) return { stream: credentialStream(event.award), event };
  if (event.type === 'LearnerErased' || event.type === 'LearnerErasureCompleted') return { stream: erasureStream(event.tenant, event.learner), event };
  if (event.type === 'ConsentGiven' || event.type === 'ConsentWithdrawn') return { stream: consentStream(event.tenant, event.learner), event };
  if (event.type === 'StatusEntriesAssigned') return { stream: statusListStream(event.tenant, event.issuer), event };
  if ('issuer' in event) return { stream: issuerStream(event.tenant, event.issuer), event };
  if ('award' in event) return { stream: awardStream(event.award), event };
  if ('letter' in event) return { stream: deadLetterStream(event.letter), event };
  if (event.type === 'RulePublished' || event.type === 'RuleRetired' || event.type === 'RuleDraftSaved' || event.type === 'RuleDraftDiscarded' || 'proposal' in event) return { stream: ruleStream(event.tenant, event.badge), event };
  if (event.type === 'FactReplaced' || event.type === 'FactRetracted') return { stream: learnerStream('t', event.learner ?? learner), event };
  if ('account' in event) return { stream: accountStream(event.tenant, event.account), event };
  if ('learner' in event && event.learner !== undefined) return { stream: learnerStream('t', event.learner), event };
  if ('key' in event) return { stream: apiKeyStream(event.tenant, event.key), event };
  if (event.type === 'ActionTaken') return { stream: actionStream(event.tenant, event.by), event };
  return { stream: courseStream('t', event.course ?? 'c1'), event };
};

/** The entries that a log of these events gives, positions from 1. */
export const entriesOf = async (...events: (LogEvent | Placed)[]): Promise<readonly LogEntry[]> => {
  const log = inMemoryLog();
  for (const one of events) {
    const { stream, event } = 'stream' in one ? one : placed(one);
    log.record(stream, event);
  }
  return decode(await log.readAll({ after: -1, limit: Infinity })).entries;
};

const learner = fc.constantFrom('ann', 'bob', 'c.d', 'é%');
const course = fc.constantFrom('c1', 'c2');
const time = fc.integer({ min: 0, max: 400 }).map((hours) => T0 + hours * 3_600_000);
const id = fc.integer({ min: 1, max: 99 }).map(String);

/** Anything that can stand in a log, as far as projections care. */
export const someEvent: fc.Arbitrary<LogEvent> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('Enrolled', 'Withdrawn', 'AssignmentGraded', 'MissionCompleted', 'LearnerFlagged', 'ApprovalGiven'), id, source: fc.constant('lms'), learner, course, time }) },
  fc.record({ type: fc.constantFrom('CourseOpened', 'SessionHeld', 'CourseClosed'), id, source: fc.constant('lms'), course, time, title: fc.constantFrom('One', 'Two') }),
  fc.record(
    { type: fc.constantFrom('FactReplaced', 'FactRetracted'), id, source: fc.constant('lms'), target: id, learner, course, time },
    { requiredKeys: ['type', 'id', 'source', 'target'] },
  ),
  fc.record({ type: fc.constant('ClosingTimeReached'), course, at: time }),
  { weight: 2, arbitrary: fc.tuple(learner, fc.constantFrom('starter', 'expert'), fc.nat(6)).map(([who, badge, i]) => awardLife(who, badge)[i] ?? awarded()) },
  fc.record({ type: fc.constant('RulePublished'), tenant: fc.constant('t'), badge: fc.constantFrom('starter', 'expert'), version: fc.integer({ min: 1, max: 4 }), hash: id, document: fc.constant({ a: [1] }), source: fc.constant('yaml'), publishedAt: time }),
  fc.record({ type: fc.constant('RuleRetired'), tenant: fc.constant('t'), badge: fc.constantFrom('starter', 'expert'), version: fc.integer({ min: 1, max: 4 }), reason: fc.constant('r'), retiredAt: time }),
  fc.record({ type: fc.constant('CredentialViewed'), tenant: fc.constant('t'), badge: fc.constantFrom('starter', 'expert'), code: id, at: time, via: fc.constant('page') }),
  fc.record({ type: fc.constant('CredentialVerified'), tenant: fc.constant('t'), badge: fc.constantFrom('starter', 'expert'), code: id, at: time, via: fc.constantFrom('qr', 'upload') }),
  fc.record({ type: fc.constant('CredentialShared'), tenant: fc.constant('t'), badge: fc.constantFrom('starter', 'expert'), code: id, at: time, via: fc.constantFrom('linkedin', 'embed') }),
  fc.record({ type: fc.constant('DeliveryRejected'), letter: id, tenant: fc.constant('t'), reason: fc.constantFrom('malformed', 'conflict'), detail: fc.constant('d'), content: fc.constant({ kept: 'sealed', sealed: 'AQID' }), format: fc.constant('proofmark'), origin: fc.constant('http'), rejectedAt: time }),
  fc.record({ type: fc.constant('DeliveryReplayed'), letter: id, tenant: fc.constant('t'), outcome: fc.constantFrom('recorded', 'duplicate'), replayedAt: time }),
);
