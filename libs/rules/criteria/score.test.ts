import type { Fact } from '#domain/facts.js';
import type { Settings } from '../criterion.js';
import { circumstances, days, fact, flips, grade, ids, label, leaf, measure, missing, onDay, published, refusals, track } from '../graded-criterion-under-test.js';

const score = (needed: number, settings: Settings = {}) => leaf('score', { 'at-least': needed, ...settings });
const listed = (needed: number, settings: Settings, ...activities: string[]) =>
  leaf('score', { 'at-least': needed, ...settings }, { type: 'AssignmentGraded', activities });

describe('score', () => {
  const facts = [grade('a1', 0, 60, 'a'), grade('a2', 2, 85, 'a'), grade('a3', 4, 70, 'a'), grade('b', 3, 75, 'b'), grade('free', 1, 72)];

  it('is met by exactly the score that is needed, in any activity or none', () => {
    expect(measure(score(85), facts)).toMatchObject({ met: true, value: 85, needed: 85, unit: 'percent' });
    expect(ids(measure(score(85), facts))).toEqual(['a2']);
    expect(measure(score(85.000001), facts)).toMatchObject({ met: false, value: 85 });
    expect(flips(score(72), facts)).toEqual([false, 1]);
    expect(flips(score(85), [...facts].reverse())).toEqual([false, 2]);
  });

  it('counts the attempt that it is told to', () => {
    expect(measure(score(75, { attempt: 'latest' }), facts)).toMatchObject({ met: true, value: 75 });
    expect(flips(score(73, { attempt: 'latest' }), facts)).toEqual([false, 2]);
    expect(flips(score(76, { attempt: 'latest' }), facts)).toEqual([false, 2, 4]);
    expect(flips(score(73, { attempt: 'first' }), facts)).toEqual([false, 3]);
  });

  it('goes with a correction, and names another best grade', () => {
    const at = circumstances();
    const tracker = track(score(80), facts, at);
    tracker.remove(grade('a2', 2, 85, 'a'), at);
    expect(days(tracker.truth({ 'at-least': 80 }, at))).toEqual([false]);
    expect(days(tracker.truth({ 'at-least': 75 }, at))).toEqual([false, 3]);
    expect(tracker.changedAbove).toBeCloseTo(72, 5);
    expect(tracker.changedUpTo).toBeCloseTo(85, 5);
  });

  it('is not met by nothing, nor by what is not released', () => {
    expect(measure(score(0), [])).toMatchObject({ met: false, value: 0 });
    expect(flips(score(0), [grade('a', 0, 100, 'a', { released: false })])).toEqual([false]);
    expect(flips(score(0), [grade('a', 0, undefined, 'a'), grade('b', 1, 0, 'b')])).toEqual([false, 1]);
    expect(missing(score(80), []).text.en).toBe('No score yet');
    expect(missing(score(80), [grade('a', 0, 70, 'a')]).text).toEqual({ en: 'The best score is 70 %: 10 points short', ko: '최고 점수 70%: 10점 부족' });
  });

  it('may be needed in so many different activities', () => {
    const twice = score(70, { in: 2 });
    expect(measure(twice, facts)).toMatchObject({ met: true, value: 2, needed: 2, unit: 'activities' });
    expect(ids(measure(twice, facts))).toEqual(['a2', 'b']);
    expect(flips(twice, facts)).toEqual([false, 3]);
    expect(measure(score(75, { in: 2 }), facts)).toMatchObject({ met: true, value: 2 });
    expect(measure(score(75.000001, { in: 2 }), facts)).toMatchObject({ met: false, value: 1 });
    expect(flips(score(70.5, { in: 2, attempt: 'latest' }), facts)).toEqual([false, 3, 4]);
    expect(measure(score(70, { in: 3 }), facts)).toMatchObject({ met: false, value: 2, needed: 3 });
    expect(missing(score(70, { in: 3 }), facts)).toMatchObject({ amount: 1, unit: 'activities', text: { en: 'At least 70 % in 1 more activity', ko: '과제 1개에서 70% 이상을 더 받아야 함' } });
  });

  it('may be needed in all activities that are listed', () => {
    expect(measure(listed(70, { in: 'all' }, 'a', 'b', 'c'), facts)).toMatchObject({ met: false, value: 2, needed: 3, unit: 'activities' });
    expect(flips(listed(70, { in: 'all' }, 'a', 'b', 'a'), facts)).toEqual([false, 3]);
    expect(measure(listed(70, { in: 'all' }, 'a', 'b', 'a'), facts)).toMatchObject({ met: true, value: 2, needed: 2 });
    expect(flips(listed(70, { in: 'all' }, 'a', 'b', 'c'), facts)).toEqual([false]);
  });

  it('may be needed in all that the course publishes, and follows it', () => {
    const all = leaf('score', { 'at-least': 70, in: 'all' }, { type: 'AssignmentGraded', kind: 'quiz' });
    const quiz = (one: Fact): Fact => ({ ...one, values: { ...one.values, kind: 'quiz' } });
    const at = circumstances({ offers: [published('a', { kind: 'quiz' }), published('b', { kind: 'quiz' }), published('essay', { kind: 'essay' })] });
    const quizzes = [...facts, grade('x', 1, 90, 'unpublished')].map(quiz);
    const tracker = track(all, quizzes, at);
    expect(days(tracker.truth(all.settings, at))).toEqual([false, 3]);
    expect(measure(all, quizzes, at)).toMatchObject({ met: true, value: 2, needed: 2 });
    const more = { ...at, course: { ...at.course, offers: [...at.course.offers, published('c', { kind: 'quiz' })] } };
    expect(days(tracker.truth(all.settings, more))).toEqual([false]);
    expect(measure(all, quizzes, more)).toMatchObject({ met: false, value: 2, needed: 3 });
  });

  it('is not met in all of nothing', () => {
    expect(measure(score(50, { in: 'all' }), facts)).toMatchObject({ met: false, value: 0, needed: 1 });
    expect(flips(score(50, { in: 'all' }), facts)).toEqual([false]);
  });

  it('minds lateness where it is told to', () => {
    const late = score(70, { late: { 'percent-per-day': 5 } });
    const at = circumstances({ offers: [published('a', { due: onDay(1) })] });
    const handIn = fact('s', 2.5, { type: 'AssignmentSubmitted', activity: 'a' });
    expect(measure(late, [grade('g', 4, 80, 'a'), handIn], at)).toMatchObject({ met: true, value: 70 });
    expect(measure(late, [grade('g', 4, 79.9, 'a'), handIn], at)).toMatchObject({ met: false, value: 69.9 });
    expect(flips(late, [grade('g', 4, 80, 'a'), handIn], at)).toEqual([false, 4]);
    expect(flips(score(1, { late: 'zero', in: 1 }), [grade('g', 4, 80, 'a'), handIn, grade('h', 5, 2, 'b')], at)).toEqual([false, 5]);
  });

  it('says what it asks for', () => {
    expect(label(score(80))).toEqual({ en: 'At least 80 % in a graded assignment', ko: '채점된 과제 중 하나에서 80% 이상' });
    expect(label(score(80, { in: 2, attempt: 'first' })).en).toBe('At least 80 % in 2 different graded assignments, the first attempt of each counting');
    expect(label(listed(80, { in: 'all', late: 'zero' }, 'a', 'b')).en).toBe('At least 80 % in every assignment (a, b), late work counting 0');
  });
});

it('score refuses a number of activities that is none', () => {
  expect(refusals('score:\n  at-least: 70\n  in: 0')).toEqual(['3: "in" is not a whole number in range']);
  expect(refusals('score:\n  at-least: 70\n  in: some')).toEqual(['3: "in" is "some"']);
  expect(refusals('score:\n  at-least: 70\n  in: 2')).toEqual([]);
  expect(refusals('score:\n  at-least: 70\n  activity: [a, b, a]\n  in: 3')).toEqual(['4: "in" asks for 3 of 2 activities']);
  expect(refusals('score:\n  at-least: 70\n  activity: [a, b]\n  in: 2')).toEqual([]);
});
