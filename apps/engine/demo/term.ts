import { badDeliveries, type BadDelivery } from './bad-deliveries.js';
import { closingCorrections, withEverydayCorrections } from './corrections.js';
import { courseOffer } from './course-offer.js';
import { COURSES } from './courses.js';
import { learnerInCourse } from './learner-course.js';
import { demoLearners } from './learners.js';
import { seededRandom } from './random.js';
import { MINUTE, termCalendar, type TermCalendar } from './term-calendar.js';
import type { Sent, WireEvent } from './wire-event.js';

const HOUR = 60 * MINUTE;

/** The seed of the term that everybody sees. */
export const DEMO_SEED = 1;

/** Which term to make. */
export interface DemoTermOptions {
  readonly seed: number;
  /** The date (YYYY-MM-DD, in Seoul) on which the term ends. */
  readonly lastDay: string;
}

/** A class term of the demo school, as its class systems send it. */
export interface DemoTerm {
  /** In the order of sending, some late, some twice; ends with the closing of a course. */
  readonly term: readonly WireEvent[];
  /** What is corrected after the term, to be sent once the awards of the term are there. */
  readonly corrections: readonly WireEvent[];
  /** What intake must turn into dead letters; to be sent after everything else. */
  readonly bad: readonly BadDelivery[];
  /** How many of the term's events are sent a second time. */
  readonly duplicates: number;
  /** How many of the term's events are sent a day or more later than they should be. */
  readonly late: number;
}

/**
 * A seeded term of 12 weeks that ends on the given day: the same options always give the same term, to the last byte.
 * @throws RangeError where `lastDay` is no date.
 */
export const demoTerm = ({ seed, lastDay }: DemoTermOptions): DemoTerm => {
  const calendar = termCalendar(lastDay);
  const learners = demoLearners(seed);
  const offered = COURSES.flatMap((plan) => courseOffer(plan, calendar));
  const done = COURSES.flatMap((plan) =>
    learners.filter(({ courses }) => courses.includes(plan.id)).flatMap((learner) => learnerInCourse(seed, learner, plan, calendar)),
  );
  const corrected = withEverydayCorrections(seed, done, calendar);
  const { sent, late, duplicates } = asNetworksDo(seed, corrected, calendar);
  const corrections = closingCorrections(done, calendar).map(({ event }) => event);
  const graded = done.find(({ event }) => event.type === 'AssignmentGraded')?.event;
  if (!graded) throw new Error('the demo term has no grade');
  return { term: inOrder([...offered, ...sent]), corrections, bad: badDeliveries(graded), duplicates, late };
};

/** Delays some events by days and repeats some, as class systems and networks do. */
const asNetworksDo = (seed: number, sent: readonly Sent[], calendar: TermCalendar) => {
  const latest = calendar.at(calendar.lastDay, 16, 30);
  const result: Sent[] = [];
  let late = 0;
  let duplicates = 0;
  for (const { event, sentAt } of sent) {
    const random = seededRandom(seed, `network ${event.id}`);
    const delayed = random.chance(0.02) ? sentAt + random.whole(24, 96) * HOUR : sentAt;
    const isLate = delayed !== sentAt && delayed <= latest;
    if (isLate) late++;
    const arrives = isLate ? delayed : sentAt;
    result.push({ event, sentAt: arrives });
    if (!random.chance(0.01)) continue;
    duplicates++;
    result.push({ event, sentAt: Math.min(latest, arrives + random.whole(1, 48 * 60) * MINUTE) });
  }
  return { sent: result, late, duplicates };
};

const inOrder = (sent: readonly Sent[]): readonly WireEvent[] =>
  [...sent].sort((a, b) => a.sentAt - b.sentAt || (a.event.id < b.event.id ? -1 : 1)).map(({ event }) => event);
