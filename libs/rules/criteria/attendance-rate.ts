import type { Fact } from '#domain/facts.js';
import type { AttendanceStatus } from '#domain/learning-event.js';
import type { Circumstances } from '../circumstances.js';
import { criterionKind, type Depends } from '../criterion.js';
import { factsOfOffers, narrowingOf, offersByActivity } from '../offers.js';
import { sessionsOf, type Session } from '../sessions.js';
import { choice, number, optional, required, type Reading } from '../shape.js';
import { percentOf, reaches, wholeMillionths } from '../share.js';
import { compareFacts } from '../sorted-facts.js';
import { TimedTracker } from '../timed-tracker.js';
import { fromSteps, type Truth } from '../truth.js';
import { narrowing, plain } from '../words.js';

const members = {
  'at-least': required(number({ min: 0, max: 100 }), 'the share that is needed, in percent of the sessions held so far'),
  late: optional(choice(['counts', 'half', 'absent']), 'what being late is worth: as much as being there (where absent), half of it, or nothing'),
  excused: optional(choice(['leave-out', 'counts', 'absent']), 'an excused absence: the session is left out (where absent), counts as attended, or as missed'),
  since: optional(choice(['enrolment', 'course']), 'whether sessions before the learner enrolled count only where attended (where absent), or all'),
};
type Settings = Reading<typeof members>;

const BEST_FIRST: readonly AttendanceStatus[] = ['present', 'late', 'excused', 'absent'];

const rankOf = (mark: Fact): number => BEST_FIRST.indexOf(mark.values.status ?? 'absent');

/** What a mark is worth, in halves of a session; undefined where the session is left out. */
const creditOf = (mark: Fact | undefined, { late, excused }: Settings): number | undefined => {
  switch (mark?.values.status) {
    case 'present':
      return 2;
    case 'late':
      return late === 'absent' ? 0 : late === 'half' ? 1 : 2;
    case 'excused':
      return excused === 'absent' ? 0 : excused === 'counts' ? 2 : undefined;
    default:
      return 0;
  }
};

/** Whether missing a session is held against the learner. */
const isExpected = ({ heldAt }: Session, { since }: Settings, { learner }: Circumstances): boolean =>
  since === 'course' || learner.enrolledAt === undefined || heldAt >= learner.enrolledAt;

/** Attended sessions as a share of the sessions held so far: it rises and falls, and is final when the course closes. */
export const attendanceRate = criterionKind<Settings>({
  keyword: 'attendance-rate',
  summary: 'attended sessions as a share of the sessions held so far; final only when the course closes',
  of: ['AttendanceMarked'],
  without: ['status'],
  members,
  thresholds: ['at-least'],
  thresholdOf: (settings) => settings['at-least'],

  selects: (_settings, selector) => {
    if (!selector) return [];
    const { statuses: _all, ...rest } = selector; // every mark says something: an excused one changes the denominator
    return factsOfOffers(rest);
  },

  depends: ({ since }) => (since === 'course' ? WITHOUT_LEARNER : DEPENDS),

  measure: ({ selects, settings }, facts, at, now) => {
    let halves = 0;
    let held = 0;
    const evidence: Fact[] = [];
    for (const session of sessionsOf(narrowingOf(selects), facts, at)) {
      if (session.heldAt > now) continue;
      const best = session.marks.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
      const credit = creditOf(best, settings);
      if (credit === undefined || (credit === 0 && !isExpected(session, settings, at))) continue;
      held += 1;
      halves += credit;
      if (best && credit > 0) evidence.push(best);
    }
    const needed = settings['at-least'];
    return {
      met: reaches(halves, 2 * held, needed),
      value: percentOf(halves, 2 * held),
      needed: wholeMillionths(needed),
      unit: 'percent',
      evidence: evidence.sort(compareFacts),
    };
  },

  moments: (_node, _facts, { course }) => [...offersByActivity(course.offers, 'SessionHeld').values()].flat().map(({ time }) => time),

  track: (node) => new AttendanceTracker(node),

  label: ({ selects, settings }, names) => {
    const only = narrowing(narrowingOf(selects), names);
    const needed = plain(settings['at-least']);
    return { en: `Attended at least ${needed} % of the sessions held so far${only.en}`, ko: `지금까지 진행된 수업${only.ko} 출석률 ${needed}% 이상` };
  },

  missing: (_node, { value, needed, unit, evidence }) => {
    const amount = Math.max(0, Math.ceil(Math.round((needed - value) * 1e6) / 1e4) / 100);
    const text =
      evidence.length === 0
        ? { en: 'No session attended yet', ko: '아직 출석한 수업이 없음' }
        : { en: `The attendance rate must rise by ${plain(amount)} percentage points`, ko: `출석률이 ${plain(amount)}퍼센트포인트 더 올라야 함` };
    return { amount, unit, text };
  },
});

const WITHOUT_LEARNER: readonly Depends[] = ['offers', 'clock'];
const DEPENDS: readonly Depends[] = [...WITHOUT_LEARNER, 'learner'];

/** What happens to the two sides of the share at a moment. */
interface Change {
  readonly time: number;
  readonly halves: number;
  readonly held: number;
}

class AttendanceTracker extends TimedTracker<Settings> {
  truth({ 'at-least': needed }: Settings, at: Circumstances): Truth {
    return fromSteps(this.#steps(needed, at));
  }

  *#steps(needed: number, at: Circumstances): Generator<readonly [number, boolean]> {
    let halves = 0;
    let held = 0;
    for (const change of this.#changes(at)) {
      halves += change.halves;
      held += change.held;
      yield [change.time, reaches(halves, 2 * held, needed)];
    }
  }

  #changes(at: Circumstances): readonly Change[] {
    const { selects, settings } = this.node;
    const changes: Change[] = [];
    for (const session of sessionsOf(narrowingOf(selects), this.facts, at)) {
      const missed = isExpected(session, settings, at) ? 1 : 0;
      let halves = 0;
      let held = missed;
      let best: Fact | undefined;
      if (missed) changes.push({ time: session.heldAt, halves, held });
      for (const mark of session.marks) {
        if (best && rankOf(best) <= rankOf(mark)) continue;
        best = mark;
        const credit = creditOf(mark, settings);
        const counted = credit === undefined ? 0 : credit > 0 ? 1 : missed;
        changes.push({ time: mark.time, halves: (credit ?? 0) - halves, held: counted - held });
        halves = credit ?? 0;
        held = counted;
      }
    }
    return changes.sort((a, b) => a.time - b.time);
  }
}
