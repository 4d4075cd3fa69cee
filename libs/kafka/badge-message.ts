import type { AwardEvent } from '#domain/award.js';
import { AWARD_EVENT_TYPES } from '#domain/award.js';
import { readLogEvent } from '#domain/log-event.js';
import type { Verdict } from '#domain/verdict.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { cloudEventType } from '#intake/cloud-event.js';
import type { OutMessage } from './message.js';

const TYPES: ReadonlySet<string> = new Set(AWARD_EVENT_TYPES);
const TIMES = ['decidedAt', 'earnedAt', 'startedAt', 'validUntil'] as const;

const iso = (time: number): string => new Date(time).toISOString();

const verdictOf = ({ asOf, ...verdict }: Verdict) => ({ ...verdict, ...(asOf !== undefined && { asOf: iso(asOf) }) });

/** What happened to an award, with its times in ISO 8601. */
const dataOf = (event: AwardEvent): object => {
  const { type: _type, verdict, ...rest } = event;
  const times: Record<string, string> = {};
  for (const name of TIMES) {
    const time = (rest as Partial<Record<(typeof TIMES)[number], number>>)[name];
    if (time !== undefined) times[name] = iso(time);
  }
  return { ...rest, ...times, ...(verdict && { verdict: verdictOf(verdict) }) };
};

/**
 * The message of an award's event: a CloudEvent 1.0 in binary content mode whose id is the event's own, by the key of
 * its learner. `logposition` grows from message to message of a key, so that a repetition, or one that comes after a
 * later one, is known without keeping ids. Nothing for other tenants' events.
 * @throws ProofmarkError UNKNOWN_EVENT_VERSION for an event that this program cannot read.
 */
export const badgeMessage = (recorded: RecordedEvent, tenant: string, source: string): OutMessage | undefined => {
  const event = readLogEvent(recorded.type, recorded.schema, recorded.json);
  if (!isAward(event) || event.tenant !== tenant) return undefined;
  return {
    key: `${event.tenant}:${event.learner}`,
    value: JSON.stringify(dataOf(event)),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_id: recorded.id,
      ce_source: source,
      ce_type: cloudEventType(event.type),
      ce_subject: event.award,
      ce_time: iso(event.decidedAt),
      ce_logposition: String(recorded.position),
    },
  };
};

const isAward = (event: { readonly type: string }): event is AwardEvent => TYPES.has(event.type);
