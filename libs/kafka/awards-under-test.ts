import type { AwardEvent } from '#domain/award.js';
import { hashUuid } from '#domain/ids.js';
import { schemaVersion, writeLogEvent } from '#domain/log-event.js';
import { awardStream } from '#domain/streams.js';
import type { Append } from '#event-store/event-store.js';

const AT = Date.UTC(2026, 0, 10, 12);

const eventsOf = (tenant: string, learner: string): readonly AwardEvent[] => {
  const who = { award: `award-of-${learner}`, tenant, learner, badge: 'starter' };
  const root = { criterion: 'count', path: 'count', met: true, value: 2, needed: 2, unit: 'activities', evidence: ['lms/1', 'lms/2'] } as const;
  const cause = { kind: 'facts', events: ['lms/2'], reason: 'the facts meet the rule' } as const;
  return [
    {
      type: 'BadgeAwarded', ...who, course: 'c', period: '', rule: { badge: 'starter', version: 1, hash: 'h1' }, earnedAt: AT, startedAt: AT - 1_000, decidedAt: AT + 2_000,
      verdict: { met: true, decided: true, asOf: AT, root }, cause,
    },
    { type: 'AwardSuspended', ...who, decidedAt: AT + 3_000, verdict: { met: false, decided: true, root: { ...root, met: false } }, cause },
    { type: 'AwardRevoked', ...who, from: 'suspended', decidedAt: AT + 4_000, cause: { ...cause, kind: 'person' } },
  ];
};

/** The appends of an award's life: granted, suspended, revoked. */
export const awardAppends = (tenant: string, learner: string): readonly Append[] =>
  eventsOf(tenant, learner).map((event, i) => ({
    stream: awardStream(event.award),
    expected: i === 0 ? 'no-stream' : i - 1,
    events: [{ id: hashUuid(learner, String(i)), type: event.type, schema: schemaVersion(event.type), json: writeLogEvent(event) }],
  }));
