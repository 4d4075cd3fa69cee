import type { Fact } from '#domain/facts.js';
import type { Circumstances } from './circumstances.js';
import type { Depends } from './criterion.js';
import { millionths } from './millionths.js';
import { dueOf } from './published.js';
import type { Selector } from './selector.js';
import { choice, mapping, number, optional, required, wordOr, type Shaped } from './shape.js';
import { plain, type Words } from './words.js';

const DAY = 86_400_000;

const POINTS = number({ min: 0, max: 100 });

/** What work that was handed in late counts. */
export const LATE = wordOr(
  choice(['count', 'zero']),
  mapping({
    'percent-per-day': required(POINTS, 'taken off for each day of lateness that has begun, in percent of what could be reached'),
    'at-most': optional(POINTS, 'no more than this is taken off, in percent of what could be reached'),
  }),
  'count, zero, or percent-per-day and at-most',
);

export type Late = Shaped<typeof LATE>;

/** Whether it matters when work was handed in. */
export const minds = (late: Late | undefined): late is Exclude<Late, 'count'> => late !== undefined && late !== 'count';

/** What lateness rests on besides facts. */
export const LATE_DEPENDS: readonly Depends[] = ['offers', 'learner'];

/** What was handed in, for the grades that a selector takes. */
export const handIns = ({ activities, tag, kind }: Selector): Selector => ({
  type: 'AssignmentSubmitted',
  ...(activities && { activities }),
  ...(tag !== undefined && { tag }),
  ...(kind !== undefined && { kind }),
});

/**
 * How late the work behind a grade was handed in, in days that have begun; 0 where it was not, or where nobody knows.
 * `seen` is when the activity was last handed in before it was graded.
 */
export const daysLate = (grade: Fact, seen: number | undefined, at: Circumstances): number => {
  const { activity, values } = grade;
  const handedIn = values.submitted ?? seen;
  const due = (activity === undefined ? undefined : dueOf(activity, at)) ?? values.due;
  return handedIn === undefined || due === undefined ? 0 : Math.max(0, Math.ceil((handedIn - due) / DAY));
};

/** What is left of a grade, in millionths of a percent, after so many days of lateness. */
export const afterLateness = (percent: number, days: number, late: Late | undefined): number => {
  if (days === 0 || percent <= 0 || !minds(late)) return percent;
  if (late === 'zero') return 0;
  const taken = millionths(late['percent-per-day']) * days;
  return Math.max(0, percent - Math.min(taken, millionths(late['at-most'] ?? 100_000)));
};

/** What lateness does, for labels; undefined where it does nothing. */
export const lateWords = (late: Late | undefined): Words | undefined => {
  if (!minds(late)) return undefined;
  if (late === 'zero') return { en: 'late work counting 0', ko: '지각 제출은 0점' };
  const most = late['at-most'];
  const points = plain(late['percent-per-day']);
  return {
    en: `late work losing ${points} points a day${most === undefined ? '' : `, at most ${plain(most)}`}`,
    ko: `지각 제출은 하루 ${points}점${most === undefined ? '' : `, 최대 ${plain(most)}점`} 감점`,
  };
};
