import type { AwardEvent } from '#domain/award.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { categoryOf, parseStream } from '#domain/streams.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { isAwardEvent, isLearningEvent } from './event-kinds.js';
import { SKETCH_COLUMNS, sketchAmounts, wholeSketch } from './learner-sketch.js';
import type { Projection } from './projection.js';
import type { Collection, Write } from './read-model.js';
import { tally } from './tally.js';

/** Events by the UTC day ("2024-05-31") on which they happened; course '' where the event names none. */
export const EVENT_DAY: Collection = {
  name: 'event_day',
  columns: { tenant: 'text', course: 'text', type: 'text', day: 'text', events: 'integer' },
  key: ['tenant', 'course', 'type', 'day'],
  indexes: [['tenant', 'day']],
};

/** Upper ends of the buckets of days from start to award, in days; the last bucket has none. */
export const DAYS_TO_EARN = [1, 7, 14, 30, 60, 90, 180, 365] as const;
/** Column of each bucket: `days0` up to and including the first upper end, … */
export const DAYS_TO_EARN_COLUMNS = [...DAYS_TO_EARN, Infinity].map((_end, i) => `days${i}`);

/** Awards granted, by the UTC day on which they were first earned, with the time they took. */
export const AWARD_DAY: Collection = {
  name: 'award_day',
  columns: {
    tenant: 'text',
    badge: 'text',
    course: 'text',
    day: 'text',
    awarded: 'integer',
    /** Sum over the awards of earnedAt - startedAt, in seconds; divided by `awarded` it is the mean. */
    secondsToEarn: 'integer',
    ...Object.fromEntries(DAYS_TO_EARN_COLUMNS.map((column) => [column, 'integer' as const])),
  },
  key: ['tenant', 'badge', 'course', 'day'],
  indexes: [['tenant', 'course', 'day'], ['tenant', 'day']],
};

/** What happened to awards, by the UTC day of the decision. The sum of `active` up to a day is the number in force. */
export const DECISION_DAY: Collection = {
  name: 'decision_day',
  columns: {
    tenant: 'text',
    badge: 'text',
    day: 'text',
    awarded: 'integer',
    amended: 'integer',
    kept: 'integer',
    suspended: 'integer',
    reinstated: 'integer',
    revoked: 'integer',
    renewed: 'integer',
    expired: 'integer',
    /** Net change of the number of active awards. */
    active: 'integer',
  },
  key: ['tenant', 'badge', 'day'],
  indexes: [['tenant', 'day']],
};

/** About how many different learners the counts of a day are, as a sketch, where they are about any: `what` is events, earned, or what was decided of awards. */
export const LEARNER_DAY: Collection = {
  name: 'learner_day',
  columns: {
    tenant: 'text',
    what: 'text',
    /** '' where the event names none, and for what was decided. */
    course: 'text',
    /** '' for events. */
    badge: 'text',
    day: 'text',
    ...Object.fromEntries(SKETCH_COLUMNS.map((column) => [column, 'integer' as const])),
  },
  key: ['tenant', 'what', 'course', 'badge', 'day'],
};

const DAY = 86_400_000;

/** The UTC day of an instant; '' for one that no calendar has. */
export const utcDay = (time: number): string => (Math.abs(time) <= 8.64e15 ? new Date(time).toISOString().slice(0, -14) : '');

const bucketOf = (days: number): string => {
  const found = DAYS_TO_EARN.findIndex((end) => days <= end);
  return `days${found < 0 ? DAYS_TO_EARN.length : found}`;
};

const decision = (event: AwardEvent): Readonly<Record<string, number>> => {
  switch (event.type) {
    case 'BadgeAwarded':
      return { awarded: 1, active: 1 };
    case 'AwardAmended':
      return { amended: 1 };
    case 'AwardRenewed':
      return { renewed: 1, active: event.from === 'expired' ? 1 : 0 };
    case 'AwardExpired':
      return { expired: 1, active: -1 };
    case 'AwardKept':
      return { kept: 1 };
    case 'AwardSuspended':
      return { suspended: 1, active: -1 };
    case 'AwardReinstated':
      return { reinstated: 1, active: 1 };
    case 'AwardRevoked':
      return { revoked: 1, active: event.from === 'active' ? -1 : 0 };
  }
};

const learnerOf = (event: LearningEvent, { stream }: RecordedEvent): string | undefined => {
  if ('learner' in event && event.learner !== undefined) return event.learner;
  return categoryOf(stream) === 'learner' ? parseStream(stream)?.subject : undefined;
};

/** Counters for issuers. Learners per course are counted in the roster, awards by present status in the register. */
export const issuerAnalytics: Projection = {
  name: 'issuer-analytics',
  version: 3,
  collections: [EVENT_DAY, AWARD_DAY, DECISION_DAY, LEARNER_DAY],
  project: (entries) => {
    const [events, granted, decisions, learners] = [tally(), tally(), tally(), tally()];
    const days = new Map<number, string>();
    const dayOf = (time: number): string => {
      const number = Math.floor(time / DAY);
      let day = days.get(number);
      if (day === undefined) days.set(number, (day = utcDay(time)));
      return day;
    };
    for (const { event, recorded, tenant } of entries) {
      if (isAwardEvent(event)) {
        const decided = decision(event);
        decisions.add([tenant, event.badge, dayOf(event.decidedAt)], decided);
        const sketch = sketchAmounts(event.learner);
        for (const what of Object.keys(decided)) if (what !== 'active') learners.add([tenant, what, '', event.badge, dayOf(event.decidedAt)], sketch);
        if (event.type !== 'BadgeAwarded') continue;
        const took = Math.max(0, event.earnedAt - event.startedAt);
        granted.add([tenant, event.badge, event.course, dayOf(event.earnedAt)], {
          awarded: 1,
          secondsToEarn: Math.round(took / 1000),
          [bucketOf(took / DAY)]: 1,
        });
        learners.add([tenant, 'earned', event.course, event.badge, dayOf(event.earnedAt)], sketch);
      } else if (isLearningEvent(event)) {
        const [course, day] = [event.course ?? '', dayOf(event.time ?? recorded.recordedAt)];
        events.add([tenant, course, event.type, day], { events: 1 });
        const learner = learnerOf(event, recorded);
        if (learner !== undefined) learners.add([tenant, 'events', course, '', day], sketchAmounts(learner));
      }
    }
    const writes: Write[] = [];
    for (const { path: [tenant, course, type, day], amounts } of events.entries()) {
      writes.push({ op: 'add', collection: 'event_day', key: { tenant, course, type, day }, add: amounts });
    }
    for (const { path: [tenant, badge, course, day], amounts } of granted.entries()) {
      writes.push({ op: 'add', collection: 'award_day', key: { tenant, badge, course, day }, add: amounts });
    }
    for (const { path: [tenant, badge, day], amounts } of decisions.entries()) {
      writes.push({ op: 'add', collection: 'decision_day', key: { tenant, badge, day }, add: amounts });
    }
    for (const { path: [tenant, what, course, badge, day], amounts } of learners.entries()) {
      writes.push({ op: 'add', collection: 'learner_day', key: { tenant, what, course, badge, day }, add: wholeSketch(amounts) });
    }
    return writes;
  },
};
