import { CAST, scriptOf } from './cast.js';
import { seededRandom } from './random.js';
import { MINUTE, type TermCalendar } from './term-calendar.js';
import type { Sent, WireEvent } from './wire-event.js';

const DAY = 24 * 60 * MINUTE;
/** Whose grade of this assignment is corrected before it arrives. */
const OVERTAKEN = { learner: 'hb-0001', activity: 'sql-a2' } as const;

const correction = (of: WireEvent, time: number, iso: TermCalendar['iso'], changes?: WireEvent['changes']): Sent => ({
  event: {
    id: `fix-${of.id}`,
    source: of.source,
    type: changes ? 'FactReplaced' : 'FactRetracted',
    ...(of.learner !== undefined && { learner: of.learner }),
    ...(of.course !== undefined && { course: of.course }),
    time: iso(time),
    target: of.id,
    ...(changes && { changes }),
  },
  sentAt: time,
});

/**
 * The term with the small corrections of everyday: a few grades by some points, a few absences that turn out to be
 * excused; and one correction that overtakes the grade that it corrects.
 */
export const withEverydayCorrections = (seed: number, sent: readonly Sent[], calendar: TermCalendar): readonly Sent[] =>
  sent.flatMap((one) => {
    const { event, sentAt } = one;
    if (event.learner === undefined || scriptOf(event.learner, event.course ?? '')) return [one];
    const random = seededRandom(seed, `correction ${event.id}`);
    const later = sentAt + random.whole(1, 3) * DAY;
    if (later > calendar.at(calendar.lastDay, 16)) return [one];
    if (event.type === 'AssignmentGraded' && event.learner === OVERTAKEN.learner && event.activity === OVERTAKEN.activity) {
      const score = Math.min(event.max ?? 0, (event.score ?? 0) + 2);
      return [{ event, sentAt: sentAt + 4 * DAY }, correction(event, sentAt + DAY, calendar.iso, { score })];
    }
    if (event.type === 'AssignmentGraded' && random.chance(0.02)) {
      const score = Math.min(event.max ?? 0, Math.max(0, (event.score ?? 0) + random.whole(-3, 4)));
      return score === event.score ? [one] : [one, correction(event, later, calendar.iso, { score })];
    }
    if (event.type === 'AttendanceMarked' && event.status === 'absent' && random.chance(0.04)) {
      return [one, correction(event, later, calendar.iso, { status: 'excused' })];
    }
    return [one];
  });

/** The corrections that come after the term, one for each script: they change awards that are there by then. */
export const closingCorrections = (sent: readonly Sent[], calendar: TermCalendar): readonly Sent[] =>
  CAST.map(({ learner, correction: wanted }, i) => {
    const id = 'retracted' in wanted ? `att-${wanted.retracted}-${learner}` : `grade-${wanted.activity}-${learner}-1`;
    const target = sent.find(({ event }) => event.id === id);
    if (!target) throw new Error(`the demo term has no event "${id}" to correct`);
    const changes = 'retracted' in wanted ? undefined : { score: wanted.score };
    return correction(target.event, calendar.at(calendar.lastDay, 17, 30 + i), calendar.iso, changes);
  });
