import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import { isAsked, offersByActivity } from './offers.js';
import type { Selector } from './selector.js';

/** A session with a learner's attendance marks. */
export interface Session {
  readonly activity: string;
  /** From when on it is known to be held, epoch milliseconds: the course says so, or a mark shows it. */
  readonly heldAt: number;
  /** The learner's marks of it, by time, then id. */
  readonly marks: readonly Fact[];
}

/**
 * The sessions that are asked for, in order of time; of marks up to a moment those up to it, and some that are still to
 * come. Where the course says that a session is held, what it says of it counts; a session that nobody named but in a
 * mark is what the mark says.
 */
export const sessionsOf = (narrowing: Selector, marks: readonly Fact[], at: Circumstances): readonly Session[] => {
  const offers = offersByActivity(at.course.offers, 'SessionHeld');
  const sessions = new Map<string, { activity: string; heldAt: number; marks: Fact[] }>();
  for (const [activity, offered] of offers) {
    const held = offered.find((offer) => isAsked(narrowing, offer, offer.time, at));
    if (held) sessions.set(activity, { activity, heldAt: held.time, marks: [] });
  }
  for (const mark of marks) {
    const { activity, time } = mark;
    if (activity === undefined || mark.values.status === undefined) continue;
    let session = sessions.get(activity);
    if (!offers.has(activity)) {
      if (!isAsked(narrowing, mark, time, at)) continue;
      if (!session) sessions.set(activity, (session = { activity, heldAt: time, marks: [] }));
    }
    if (!session) continue;
    session.heldAt = Math.min(session.heldAt, time);
    session.marks.push(mark);
  }
  return [...sessions.values()].sort((a, b) => a.heldAt - b.heldAt || (a.activity < b.activity ? -1 : 1));
};
