import type { Fact } from '#domain/facts.js';
import { circumstances, days, fact, flips, grade, ids, label, leaf, measure, missing, refusals, track } from '../graded-criterion-under-test.js';

const minutes = (id: string, day: number, value: number | string | boolean): Fact =>
  fact(id, day, { type: 'MissionCompleted', activity: 'm', values: { attributes: { minutes: value } } });
const practice = (needed: number) => leaf('sum', { 'at-least': needed, attribute: 'minutes' }, { type: 'MissionCompleted' });

describe('sum', () => {
  it('is met by exactly the sum that is needed, also where no binary fraction is', () => {
    const tenths = [minutes('a', 0, 0.1), minutes('b', 1, 0.2)];
    expect(measure(practice(0.3), tenths)).toMatchObject({ met: true, value: 0.3, needed: 0.3, unit: 'points' });
    expect(measure(practice(0.300001), tenths)).toMatchObject({ met: false, value: 0.3 });
    expect(flips(practice(0.3), [...tenths].reverse())).toEqual([false, 1]);
  });

  it('adds scores, or what could be reached', () => {
    const facts = [grade('a', 0, 4, 'x', { max: 5 }), grade('b', 1, undefined, 'y', { max: 10 })];
    expect(measure(leaf('sum', { 'at-least': 4, value: 'score' }), facts)).toMatchObject({ met: true, value: 4 });
    expect(ids(measure(leaf('sum', { 'at-least': 4, value: 'score' }), facts))).toEqual(['a']);
    expect(measure(leaf('sum', { 'at-least': 15, value: 'max' }), facts)).toMatchObject({ met: true, value: 15 });
  });

  it('counts no attribute that is not a number', () => {
    const facts = [minutes('a', 0, 'sixty'), minutes('b', 1, true), minutes('c', 2, Infinity), fact('d', 3, { type: 'MissionCompleted' }), minutes('e', 4, 60)];
    expect(ids(measure(practice(60), facts))).toEqual(['e']);
    expect(flips(practice(60), facts)).toEqual([false, 4]);
    expect(measure(practice(60), [])).toMatchObject({ met: false, value: 0 });
  });

  it('falls with what is negative, and counts one moment together', () => {
    const facts = [minutes('a', 0, 60), minutes('b', 1, -20), minutes('c', 2, 30), minutes('d', 2, -30), minutes('e', 3, 20)];
    expect(flips(practice(60), facts)).toEqual([false, 0, 1, 3]);
    expect(measure(practice(60), facts.slice(0, 2))).toMatchObject({ met: false, value: 40 });
  });

  it('takes late and corrected facts in their place', () => {
    const at = circumstances();
    const tracker = track(practice(60), [minutes('a', 0, 30), minutes('c', 4, 30), minutes('b', 2, 30)], at);
    const found = (): unknown => days(tracker.truth({ 'at-least': 60 }, at));
    expect(found()).toEqual([false, 2]);
    tracker.remove(minutes('a', 0, 30), at);
    expect(found()).toEqual([false, 4]);
    tracker.insert(minutes('a', 0, 29), at);
    tracker.remove(minutes('b', 2, 30), at);
    expect(found()).toEqual([false]);
  });

  it('says what it asks for and what is missing', () => {
    expect(label(practice(600))).toEqual({ en: '“minutes” of completed missions: 600 or more in total', ko: '완료한 미션의 ‘minutes’ 합계 600 이상' });
    expect(missing(practice(600), [minutes('a', 0, 599)])).toEqual({ amount: 1, unit: 'points', text: { en: '1 more in total of “minutes”', ko: '‘minutes’ 합계 1 더 필요' } });
  });
});

it('sum refuses nothing, or two things, to add up', () => {
  expect(refusals('sum:\n  of: missions\n  at-least: 5')).toEqual(['2: "sum" needs either "value" or "attribute"']);
  expect(refusals('sum:\n  of: grades\n  at-least: 5\n  value: score\n  attribute: minutes')).toEqual(['4: "sum" needs either "value" or "attribute"']);
  expect(refusals('sum:\n  of: missions\n  at-least: 5\n  value: score')).toEqual(['4: only grades have a score']);
});
