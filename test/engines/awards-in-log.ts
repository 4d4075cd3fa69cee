import { award as awardDecider, type AwardEvent } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { readLogEvent } from '#domain/log-event.js';
import type { EventStore, RecordedEvent } from '#event-store/event-store.js';

/** The awards that stand, by learner and badge: status, and when it was earned. Revoked ones tell of the order in which facts arrived. */
export type Awards = Readonly<Record<string, string>>;

/** Awards as they stand, from the learner, badge, status and date of each. */
export const standing = (all: Iterable<readonly [learner: unknown, badge: unknown, status: unknown, earnedAt: unknown]>): Awards =>
  Object.fromEntries([...all].flatMap(([learner, badge, status, earnedAt]) => (status === 'revoked' ? [] : [[`${String(learner)} ${String(badge)}`, `${String(status)} ${String(earnedAt)}`]])));

/** All events of categories, from the start of the log. */
export async function* eventsOf(store: EventStore, categories: readonly string[]): AsyncGenerator<RecordedEvent> {
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: 2000, categories });
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.position;
  }
}

/** The awards of a tenant as the log has them, and the streams in which one was awarded more or less than once. */
export const awardsIn = async (store: EventStore, tenant: string): Promise<{ readonly awards: Awards; readonly twice: readonly string[] }> => {
  const streams = new Map<string, AwardEvent[]>();
  for await (const { stream, type, schema, json } of eventsOf(store, ['award'])) {
    const event = readLogEvent(type, schema, json) as AwardEvent;
    if (event.tenant !== tenant) continue;
    const events = streams.get(stream);
    if (events) events.push(event);
    else streams.set(stream, [event]);
  }
  const all: [unknown, unknown, unknown, unknown][] = [];
  const twice: string[] = [];
  for (const [stream, events] of streams) {
    const state = fold(awardDecider, events);
    const [first] = events;
    if (!first || state.status === 'none') continue;
    if (events.filter(({ type }) => type === 'BadgeAwarded').length !== 1) twice.push(stream);
    all.push([first.learner, first.badge, state.status, 'earnedAt' in state ? state.earnedAt : '']);
  }
  return { awards: standing(all), twice };
};
