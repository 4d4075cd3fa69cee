import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '../circumstances.js';
import { firstIndex } from '../first-index.js';
import { narrowingOf } from '../offers.js';
import type { Selector } from '../selector.js';
import { sessionsOf } from '../sessions.js';
import { TimedTracker } from '../timed-tracker.js';
import { from, type Truth } from '../truth.js';
import type { Active, StreakSettings } from './streak.js';

const isAttended = ({ statuses }: Selector, { values: { status } }: Fact): boolean =>
  status !== undefined && (statuses === undefined || statuses.includes(status));

const isExcused = ({ values }: Fact): boolean => values.status === 'excused';

/** The sessions attended up to a moment, by their place among those that were held and not excused. */
export const attendedSessions = (selectors: readonly Selector[], marks: readonly Fact[], at: Circumstances, now: number): readonly Active[] => {
  const select = narrowingOf(selectors);
  const attended: Active[] = [];
  let place = 0;
  for (const session of sessionsOf(select, marks, at)) {
    if (session.heldAt > now) continue;
    const fact = session.marks.find((mark) => isAttended(select, mark));
    if (!fact && session.marks.some(isExcused)) continue;
    if (fact) attended.push({ place, fact });
    place += 1;
  }
  return attended;
};

/** A session as of every moment: from when on it is held, attended and excused; Infinity where it never is. */
interface Milestones {
  readonly heldAt: number;
  readonly attendedAt: number;
  readonly excusedAt: number;
}

/** The longest streak up to a moment. */
const longestAt = (sessions: readonly Milestones[], gaps: number, now: number): number => {
  // Of the attended sessions, how many were missed before each.
  const missedBefore: number[] = [];
  let missed = 0;
  let begin = 0;
  let longest = 0;
  for (const { heldAt, attendedAt, excusedAt } of sessions) {
    if (heldAt > now) break;
    if (attendedAt <= now) {
      missedBefore.push(missed);
      while (missed - (missedBefore[begin] ?? 0) > gaps) begin++;
      longest = Math.max(longest, missedBefore.length - begin);
    } else if (excusedAt > now) {
      missed += 1;
    }
  }
  return longest;
};

/**
 * Follows the longest streak of sessions. Whatever the order in which sessions are marked, a mark never shortens the
 * longest streak, and neither does a session that comes later; so it is enough to look for the mark that makes it long
 * enough.
 */
export class SessionStreakTracker extends TimedTracker<StreakSettings> {
  truth({ 'at-least': needed, gaps = 0 }: StreakSettings, at: Circumstances): Truth {
    const { facts } = this;
    const select = narrowingOf(this.node.selects);
    const sessions = sessionsOf(select, facts, at).map(({ heldAt, marks }): Milestones => ({
      heldAt,
      attendedAt: marks.find((mark) => isAttended(select, mark))?.time ?? Infinity,
      excusedAt: marks.find(isExcused)?.time ?? Infinity,
    }));
    const enough = firstIndex(facts.length, (i) => longestAt(sessions, gaps, facts[i]?.time ?? Infinity) >= needed);
    return from(facts[enough]?.time ?? Infinity);
  }
}
