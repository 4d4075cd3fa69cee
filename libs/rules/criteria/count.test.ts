import { circumstances, days, fact, flips, grade, ids, leaf, measure, track } from '../graded-criterion-under-test.js';

const two = leaf('count', { 'at-least': 2 });
const UNKNOWN = circumstances({ calendar: undefined });

describe('count', () => {
  it('is met by exactly the number that is needed', () => {
    expect(measure(two, [fact('a', 0)])).toMatchObject({ met: false, value: 1, needed: 2, unit: 'count' });
    expect(measure(two, [fact('a', 0), fact('b', 1)])).toMatchObject({ met: true, value: 2 });
    expect(flips(two, [fact('b', 3), fact('a', 1), fact('c', 2)])).toEqual([false, 2]);
  });

  it('may be at most a number: until there is one more', () => {
    const atMostOne = leaf('count', { 'at-most': 1 });
    expect(measure(atMostOne, [fact('a', 0)])).toMatchObject({ met: true, value: 1, needed: 1 });
    expect(measure(atMostOne, [fact('a', 0), fact('b', 1)])).toMatchObject({ met: false, value: 2 });
    expect(flips(atMostOne, [fact('b', 3), fact('a', 1)])).toEqual([true, 3]);
  });

  it('counts facts of one moment together', () => {
    expect(flips(two, [fact('b', 1), fact('a', 1)])).toEqual([false, 1]);
    expect(ids(measure(two, [fact('b', 1), fact('a', 1)]))).toEqual(['a', 'b']);
  });

  it('counts grades of exactly the least score, also where no binary fraction is', () => {
    const passed = leaf('count', { 'at-least': 1 }, { type: 'AssignmentGraded', minScore: 57 });
    expect(measure(passed, [grade('a', 0, 0.57, 'x', { max: 1 })])).toMatchObject({ met: true });
    expect(measure(passed, [grade('a', 0, 56.999999), grade('b', 0, undefined)])).toMatchObject({ met: false, value: 0 });
  });

  it('counts an activity once, by its first fact', () => {
    const criterion = leaf('count', { 'at-least': 2, distinct: 'activity' });
    const facts = [fact('late', 5, { activity: 'x' }), fact('first', 1, { activity: 'x' }), fact('other', 3, { activity: 'y' }), fact('none', 0)];
    expect(measure(criterion, facts)).toMatchObject({ met: true, value: 2, unit: 'activities' });
    expect(ids(measure(criterion, facts))).toEqual(['first', 'other']);
    const at = circumstances();
    const tracker = track(criterion, facts, at);
    const found = (): unknown => days(tracker.truth(criterion.settings, at));
    expect(found()).toEqual([false, 3]);
    tracker.remove(fact('first', 1, { activity: 'x' }), at);
    expect(found()).toEqual([false, 5]);
    tracker.remove(fact('other', 3, { activity: 'y' }), at);
    expect(found()).toEqual([false]);
  });

  it('counts course days and weeks, by the first fact of each', () => {
    const facts = [fact('a', 0.1), fact('b', 0.9), fact('c', 6.9), fact('d', 7)];
    expect(measure(leaf('count', { 'at-least': 3, distinct: 'course-day' }), facts)).toMatchObject({ met: true, value: 3, unit: 'days' });
    const weeks = measure(leaf('count', { 'at-least': 3, distinct: 'course-week' }), facts);
    expect(weeks).toMatchObject({ met: false, value: 2, unit: 'weeks' });
    expect(ids(weeks)).toEqual(['a', 'd']);
  });

  it('counts no days before it is known when the course starts', () => {
    const criterion = leaf('count', { 'at-least': 1, distinct: 'course-day' });
    expect(measure(criterion, [fact('a', 0)], UNKNOWN)).toMatchObject({ met: false, value: 0 });
    expect(flips(criterion, [fact('a', 0)], UNKNOWN)).toEqual([false]);
  });
});
