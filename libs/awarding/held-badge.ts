import type { AwardEvent } from '#domain/award.js';
import type { Fact } from '#domain/facts.js';
import { readLogEvent } from '#domain/log-event.js';
import { awardStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { heldBadge } from '#rules/held-badge.js';
import { periodOf } from '#rules/periods.js';
import type { Level } from '#rules/rule.js';
import type { Catalogue } from './catalogue.js';

/** What holds of a badge, as a fact, after an event of its award; undefined where it is not held. */
export const heldAfter = (event: AwardEvent, before: Fact | undefined, course: string, level: Level | undefined): Fact | undefined => {
  switch (event.type) {
    case 'BadgeAwarded':
    case 'AwardAmended':
    case 'AwardRenewed':
    case 'AwardReinstated':
      return heldBadge(event, course, level);
    case 'AwardKept':
      return before;
    case 'AwardSuspended':
    case 'AwardRevoked':
    case 'AwardExpired':
      return undefined;
  }
};

/** The periods in which somebody with these facts can have earned a badge, by any version of its rule. */
export const periodsOf = (catalogue: Catalogue, tenant: string, badge: string, facts: Iterable<Fact>): ReadonlySet<string> => {
  const periods = new Set<string>();
  for (const { rule } of catalogue.rulebook(tenant).rules) {
    if (rule.badge !== badge) continue;
    if (!rule.recurs) {
      periods.add('');
      continue;
    }
    const { zone } = catalogue.contexts(tenant)(rule.course);
    for (const fact of facts) {
      const period = periodOf(rule.recurs, fact.time, zone);
      if (period) periods.add(period.name);
    }
  }
  return periods;
};

/** What happened to an award up to a log position. */
export const readAward = async (store: EventStore, award: string, upTo: number): Promise<readonly AwardEvent[]> =>
  (await store.readStream(awardStream(award)))
    .filter(({ position }) => position <= upTo)
    .map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent);
