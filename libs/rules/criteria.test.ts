import type { Fact } from '#domain/facts.js';
import { courseCalendar } from './calendar.js';
import type { CourseContext } from './course-context.js';
import { kindOf } from './criteria/all.js';
import type { CriterionNode, Measure, Tracker } from './criterion.js';
import { compareFacts } from './selector.js';
import type { Truth } from './truth.js';

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 2);
const KNOWN: CourseContext = { calendar: courseCalendar(START, 'UTC'), closedAt: undefined, clock: -Infinity };
const UNKNOWN: CourseContext = { ...KNOWN, calendar: undefined };

const fact = (id: string, day: number, more: Partial<Fact> = {}): Fact => ({
  id, type: 'AssignmentGraded', course: 'c', activity: undefined, occurrence: undefined, time: START + day * DAY, values: {}, correctedBy: [], ...more,
});
const scored = (id: string, day: number, score?: number, max?: number): Fact =>
  fact(id, day, { values: { ...(score !== undefined && { score }), ...(max !== undefined && { max }) } });
const node = (keyword: string, settings: CriterionNode['settings']): CriterionNode => ({ keyword, select: { type: 'AssignmentGraded' }, settings });

const measure = (criterion: CriterionNode, facts: readonly Fact[], course = KNOWN): Measure =>
  kindOf(criterion.keyword).measure(criterion, [...facts].sort(compareFacts), course);
/** The tracker after taking in the facts in the order given. */
const track = (criterion: CriterionNode, facts: readonly Fact[], course = KNOWN): Tracker => {
  const tracker = kindOf(criterion.keyword).track(criterion, course);
  for (const one of facts) tracker.insert(one);
  return tracker;
};
/** Where it flips, in course days. */
const days = ({ initially, flips }: Truth): readonly (boolean | number)[] => [initially, ...flips.map((flip) => (flip - START) / DAY)];
const ids = ({ evidence }: Measure): readonly string[] => evidence.map(({ id }) => id);

describe('count', () => {
  const two = node('count', { 'at-least': 2 });

  it('is met by exactly the number that is needed', () => {
    expect(measure(two, [fact('a', 0)])).toMatchObject({ met: false, value: 1, needed: 2, unit: 'count' });
    expect(measure(two, [fact('a', 0), fact('b', 1)])).toMatchObject({ met: true, value: 2 });
    expect(days(track(two, [fact('b', 3), fact('a', 1), fact('c', 2)]).truth())).toEqual([false, 2]);
  });

  it('counts facts of one moment together', () => {
    expect(days(track(two, [fact('b', 1), fact('a', 1)]).truth())).toEqual([false, 1]);
    expect(ids(measure(two, [fact('b', 1), fact('a', 1)]))).toEqual(['a', 'b']);
  });

  it('counts an activity once, by its first fact', () => {
    const criterion = node('count', { 'at-least': 2, distinct: 'activity' });
    const facts = [fact('late', 5, { activity: 'x' }), fact('first', 1, { activity: 'x' }), fact('other', 3, { activity: 'y' }), fact('none', 0)];
    expect(measure(criterion, facts)).toMatchObject({ met: true, value: 2, unit: 'activities' });
    expect(ids(measure(criterion, facts))).toEqual(['first', 'other']);
    const tracker = track(criterion, facts);
    expect(days(tracker.truth())).toEqual([false, 3]);
    tracker.remove(fact('first', 1, { activity: 'x' }));
    expect(days(tracker.truth())).toEqual([false, 5]);
    tracker.remove(fact('other', 3, { activity: 'y' }));
    expect(days(tracker.truth())).toEqual([false]);
  });

  it('counts course days and weeks, by the first fact of each', () => {
    const facts = [fact('a', 0.1), fact('b', 0.9), fact('c', 6.9), fact('d', 7)];
    expect(measure(node('count', { 'at-least': 3, distinct: 'course-day' }), facts)).toMatchObject({ met: true, value: 3, unit: 'days' });
    const weeks = measure(node('count', { 'at-least': 3, distinct: 'course-week' }), facts);
    expect(weeks).toMatchObject({ met: false, value: 2, unit: 'weeks' });
    expect(ids(weeks)).toEqual(['a', 'd']);
  });

  it('counts no days before it is known when the course starts', () => {
    const criterion = node('count', { 'at-least': 1, distinct: 'course-day' });
    expect(measure(criterion, [fact('a', 0)], UNKNOWN)).toMatchObject({ met: false, value: 0 });
    expect(days(track(criterion, [fact('a', 0)], UNKNOWN).truth())).toEqual([false]);
  });
});

describe('mean', () => {
  const atLeast = (needed: number): CriterionNode => node('mean', { 'at-least': needed });

  it('is met by exactly the mean that is needed, also where no binary fraction is', () => {
    const thirds = [scored('a', 0, 66.6, 100), scored('b', 1, 66.7, 100), scored('c', 2, 66.8, 100)];
    expect(measure(atLeast(66.7), thirds)).toMatchObject({ met: true, value: 66.7, unit: 'percent' });
    expect(measure(atLeast(66.7), [...thirds, scored('d', 3, 66.699, 100)])).toMatchObject({ met: false });
    expect(measure(atLeast(70), [scored('a', 0, 0.7, 1), scored('b', 0, 2.1, 3), scored('c', 0, 7, 10)])).toMatchObject({ met: true, value: 70 });
  });

  it('weighs each score the same, in percent of what could be reached', () => {
    expect(measure(atLeast(50), [scored('a', 0, 1, 1), scored('b', 0, 0, 99)])).toMatchObject({ met: true, value: 50 });
  });

  it('takes no part in facts without a score', () => {
    const facts = [scored('a', 0, 80, 100), scored('b', 1), scored('c', 2, 10), scored('d', 3, undefined, 100)];
    expect(measure(atLeast(80), facts)).toMatchObject({ met: true, value: 80 });
    expect(ids(measure(atLeast(80), facts))).toEqual(['a']);
  });

  it('is not met by nothing, even where 0 is enough', () => {
    expect(measure(atLeast(0), [])).toMatchObject({ met: false, value: 0 });
    expect(measure(atLeast(0), [scored('a', 0)])).toMatchObject({ met: false });
    expect(measure(atLeast(0), [scored('a', 0, 0, 5)])).toMatchObject({ met: true, value: 0 });
    expect(days(track(atLeast(0), [scored('b', 0), scored('a', 1, 0, 5)]).truth())).toEqual([false, 1]);
  });

  it('goes up and down, scores of one moment together', () => {
    const tracker = track(atLeast(70), [scored('a', 0, 70, 100), scored('b', 1, 0, 100), scored('c', 1, 100, 100), scored('d', 2, 110, 100), scored('e', 3, 0, 100)]);
    expect(days(tracker.truth())).toEqual([false, 0, 1, 2, 3]);
    tracker.remove(scored('b', 1, 0, 100));
    expect(days(tracker.truth())).toEqual([false, 0]);
  });

  it('may be more than all', () => expect(measure(atLeast(110), [scored('a', 0, 11, 10)])).toMatchObject({ met: true, value: 110 }));
});

describe('none', () => {
  const nothing = node('none', {});
  it('is met until the first fact', () => {
    expect(measure(nothing, [])).toMatchObject({ met: true, value: 0, needed: 0 });
    expect(measure(nothing, [fact('a', 1)])).toMatchObject({ met: false, value: 1 });
    const tracker = track(nothing, [fact('b', 4), fact('a', 2)]);
    expect(days(tracker.truth())).toEqual([true, 2]);
    tracker.remove(fact('a', 2));
    expect(days(tracker.truth())).toEqual([true, 4]);
    tracker.remove(fact('b', 4));
    expect(days(tracker.truth())).toEqual([true]);
  });
});
