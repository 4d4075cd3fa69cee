import type { AwardEvent } from '#domain/award.js';
import type { Fact } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { awardStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import type { CourseContext } from '#rules/course-context.js';
import { heldBadge } from '#rules/held-badge.js';
import { periodsAt } from '#rules/periods.js';
import type { Level, Rule } from '#rules/rule.js';
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

/** What happened to an award up to a log position. */
export const readAward = async (store: EventStore, award: string, upTo: number): Promise<readonly AwardEvent[]> =>
  (await store.readStream(awardStream(award)))
    .filter(({ position }) => position <= upTo)
    .map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent);

/** A badge, with what tells in which periods it can have been earned. */
export interface PublishedBadge {
  readonly badge: string;
  /** Every version of its rule, the newest last. */
  readonly versions: readonly Rule[];
  readonly contextOf: (course: string) => CourseContext;
}

/** A badge as a catalogue has it. */
export const publishedBadge = (catalogue: Catalogue, tenant: string, badge: string): PublishedBadge => ({
  badge,
  versions: catalogue.versions(tenant).of(badge),
  contextOf: catalogue.contexts(tenant),
});

/** Whose badges, and up to which log position. */
export interface Whose {
  readonly tenant: string;
  readonly learner: string;
  readonly upTo: number;
}

/**
 * Those of some badges that a learner held at a log position, as facts, by award. `events` is the learner's stream up to
 * there: an award may be kept for a period that has no fact any more, but once an event was of it.
 */
export const heldBadges = async (store: EventStore, { tenant, learner, upTo }: Whose, badges: readonly PublishedBadge[], events: readonly LearningEvent[]): Promise<ReadonlyMap<string, Fact>> => {
  const held = new Map<string, Fact>();
  if (badges.length === 0) return held;
  const read = new Set<string>();
  const times = timesIn(events);
  // A badge that is held is a fact of the period of another one that asks for it.
  for (let known = -1; known < times.size; ) {
    known = times.size;
    for (const { badge, versions, contextOf } of badges) {
      const newest = versions.at(-1);
      for (const period of periodsOf(versions, times, contextOf)) {
        const award = awardId(tenant, learner, badge, period);
        if (read.has(award)) continue;
        read.add(award);
        let fact: Fact | undefined;
        for (const event of await readAward(store, award, upTo)) {
          fact = heldAfter(event, fact, newest?.course ?? '', newest?.design.level);
          if (fact) times.add(fact.time);
        }
        if (fact) held.set(award, fact);
      }
    }
  }
  return held;
};

/** The moments that events name for facts, those that were corrected included. */
const timesIn = (events: readonly LearningEvent[]): Set<number> => {
  const times = new Set<number>();
  for (const event of events) {
    if (event.time !== undefined) times.add(event.time);
    if ('changes' in event && event.changes?.time !== undefined) times.add(event.changes.time);
  }
  return times;
};

/** The periods in which somebody with facts of these times can have earned a badge, by any version of its rule. */
const periodsOf = (versions: readonly Rule[], times: Iterable<number>, contextOf: PublishedBadge['contextOf']): ReadonlySet<string> => {
  const periods = new Set<string>();
  for (const { recurs, course } of versions) {
    if (!recurs) periods.add('');
    else for (const period of periodsAt(recurs, times, contextOf(course))) periods.add(period);
  }
  return periods;
};
