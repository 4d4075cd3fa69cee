import type { Fact } from '#domain/facts.js';
import { circumstances, days, fact, flips, grade, ids, label, leaf, measure, missing, refusals, track } from '../graded-criterion-under-test.js';

const mission = (id: string, day: number, activity = 'm', tags: string[] = []): Fact => fact(id, day, { type: 'MissionCompleted', activity, values: { tags } });
const missions = { select: { type: 'MissionCompleted' }, each: 10 };
const points = (needed: number, ...from: object[]) => leaf('points', { 'at-least': needed, from });

describe('points', () => {
  it('are met by exactly what is needed, from all sources together', () => {
    const both = points(30, missions, { select: { type: 'AssignmentGraded' }, score: 'points' });
    const facts = [mission('a', 0), mission('b', 1), grade('g', 2, 10)];
    expect(measure(both, facts)).toMatchObject({ met: true, value: 30, needed: 30, unit: 'points' });
    expect(ids(measure(both, facts))).toEqual(['a', 'b', 'g']);
    expect(flips(both, [...facts].reverse())).toEqual([false, 2]);
    expect(measure(points(30.000001, missions), [...facts, mission('c', 3)])).toMatchObject({ met: false, value: 30 });
  });

  it('come from a score in percent or as it is, exactly', () => {
    const facts = [grade('a', 0, 0.1, 'x', { max: 1 }), grade('b', 1, 0.2, 'y', { max: 1 }), grade('c', 2, undefined)];
    expect(measure(points(30, { select: { type: 'AssignmentGraded' }, score: 'percent' }), facts)).toMatchObject({ met: true, value: 30 });
    const raw = measure(points(0.3, { select: { type: 'AssignmentGraded' }, score: 'points' }), facts);
    expect(raw).toMatchObject({ met: true, value: 0.3 });
    expect(ids(raw)).toEqual(['a', 'b']);
  });

  it('of a source end at its limit, and what comes after gives nothing', () => {
    const capped = points(25, { ...missions, 'at-most': 15 }, { select: { type: 'MissionCompleted', tag: 'team' }, each: 10 });
    const facts = [mission('a', 0), mission('b', 1), mission('c', 2), mission('d', 3, 'm', ['team'])];
    expect(measure(capped, facts)).toMatchObject({ met: true, value: 25 });
    expect(ids(measure(capped, facts))).toEqual(['a', 'b', 'd']);
    expect(flips(capped, facts)).toEqual([false, 3]);
  });

  it('count a fact for each source that takes it', () => {
    const twice = points(20, missions, { select: { type: 'MissionCompleted', tag: 'team' }, each: 10 });
    expect(flips(twice, [mission('a', 1, 'm', ['team'])])).toEqual([false, 1]);
  });

  it.each([
    ['course-day', 40, ['a', 'b', 'd', 'e']],
    ['course-week', 30, ['a', 'b', 'e']],
    ['activity', 30, ['a', 'b', 'd']],
  ])('are limited for each %s', (per, value, evidence) => {
    const limited = points(value, { ...missions, per, 'at-most-per': 20 });
    const facts = [mission('a', 0.1), mission('b', 0.2), mission('c', 0.3), mission('d', 1, 'n'), mission('e', 7)];
    expect(measure(limited, facts)).toMatchObject({ met: true, value });
    expect(ids(measure(limited, facts))).toEqual(evidence);
    expect(flips(limited, facts)).toEqual([false, evidence.at(-1) === 'e' ? 7 : 1]);
  });

  it('of a day or an activity that is not known are none', () => {
    const unknown = circumstances({ calendar: undefined });
    expect(measure(points(10, { ...missions, per: 'course-day', 'at-most-per': 10 }), [mission('a', 0)], unknown)).toMatchObject({ met: false, value: 0, evidence: [] });
    expect(flips(points(10, { ...missions, per: 'course-week', 'at-most-per': 10 }), [mission('a', 0)], unknown)).toEqual([false]);
    expect(flips(points(10, { ...missions, per: 'activity', 'at-most-per': 10 }), [fact('a', 0, { type: 'MissionCompleted' })])).toEqual([false]);
  });

  it('go with corrections, and move up what was beyond a limit', () => {
    const at = circumstances();
    const capped = points(20, { ...missions, per: 'activity', 'at-most-per': 10 });
    const tracker = track(capped, [mission('a', 0), mission('c', 4, 'n'), mission('b', 2)], at);
    const found = (): unknown => days(tracker.truth({ 'at-least': 20 }, at));
    expect(found()).toEqual([false, 4]);
    tracker.remove(mission('c', 4, 'n'), at);
    expect(found()).toEqual([false]);
    tracker.insert(mission('c', 1, 'n'), at);
    expect(found()).toEqual([false, 1]);
    tracker.remove(mission('a', 0), at);
    expect(found()).toEqual([false, 2]);
  });

  it('say what gives them and what is missing', () => {
    const rich = points(100, { ...missions, per: 'course-day', 'at-most-per': 20, 'at-most': 50 }, { select: { type: 'AssignmentGraded' }, score: 'percent' });
    expect(label(rich)).toEqual({
      en: 'At least 100 points: 10 for each completed mission, at most 20 per course day, at most 50 in all; the percentage of each graded assignment',
      ko: '100점 이상: 완료한 미션마다 10점, 하루당 최대 20점, 모두 최대 50점; 채점된 과제의 백분율',
    });
    expect(missing(rich, [mission('a', 0)])).toEqual({ amount: 90, unit: 'points', text: { en: '90 more points', ko: '90점 더 필요' } });
  });
});

it('points refuse sources that give nothing, or limits of nothing', () => {
  const source = (...lines: string[]): string => ['points:', '  at-least: 5', '  from:', '    - of: missions', ...lines.map((line) => `      ${line}`)].join('\n');
  expect(refusals(source('each: 5'))).toEqual([]);
  expect(refusals(source())).toEqual(['4: a source of points needs either "each" or "score"']);
  expect(refusals(source('each: 5', 'score: points'))).toEqual([
    '5: a source of points needs either "each" or "score"',
    '6: only grades have a score',
  ]);
  expect(refusals(source('each: 5', 'per: activity'))).toEqual(['6: "per" and "at-most-per" belong together']);
});
