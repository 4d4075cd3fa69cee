import type { Fact } from '#domain/facts.js';
import { kindOf } from './all.js';
import { course, fact, flips, followed, found, label, leafOf, missing } from './leaf-under-test.js';

const mission = (id: string, onDay: number, activity?: string): Fact => fact('MissionCompleted', id, onDay, { activity });

describe('count within a stretch of time', () => {
  const two = leafOf('{ count: { of: missions, at-least: 2, within: 3 days } }');
  const facts = [mission('a', 0), mission('b', 2), mission('c', 9), mission('d', 12)];

  it('counts what happened in it, and its end no longer', () => {
    expect(found(two, facts, 2)).toMatchObject({ met: true, value: 2, needed: 2, unit: 'count', evidence: ['a', 'b'] });
    expect(found(two, facts, 2.99)).toMatchObject({ met: true, evidence: ['a', 'b'] });
    expect(found(two, facts, 3)).toMatchObject({ met: false, value: 1, evidence: ['b'] });
    // c and d are three whole days apart, so at no moment are both within three days
    expect(found(two, facts, 12)).toMatchObject({ met: false, value: 1, evidence: ['d'] });
    expect(flips(two, facts)).toEqual([false, 2, 3]);
  });

  it('holds again when it is met again, whatever the order of arrival', () => {
    const more = [mission('e', 13), mission('c', 9), mission('b', 2), mission('d', 12), mission('a', 0)];
    expect(flips(two, more)).toEqual([false, 2, 3, 13, 15]);
  });

  it('goes on without a break where one fact leaves at the moment at which another comes', () => {
    expect(flips(two, [mission('a', 0), mission('b', 1), mission('c', 3)])).toEqual([false, 1, 4]);
  });

  it('counts facts of one moment together', () => {
    expect(flips(two, [mission('b', 5), mission('a', 5)])).toEqual([false, 5, 8]);
    expect(found(two, [mission('b', 5), mission('a', 5)], 5)).toMatchObject({ met: true, evidence: ['a', 'b'] });
  });

  it('follows corrections', () => {
    const tracker = followed(two, facts);
    tracker.remove(mission('b', 2), { course: course(), learner: { enrolledAt: undefined, zone: undefined, extensions: new Map() } });
    expect(flips(two, facts, course(), tracker)).toEqual([false]);
  });

  it('holds from the start where so many are too many, and again once they are over', () => {
    const few = leafOf('{ count: { of: missions, at-most: 1, within: 3 days } }');
    expect(found(few, [], 5)).toMatchObject({ met: true, value: 0, needed: 1, evidence: [] });
    expect(flips(few, facts)).toEqual([true, 2, 3]);
    expect(missing(few, found(few, facts, 2))).toMatchObject({ amount: 1, text: { en: '1 more than allowed on record within 3 days' } });
  });

  it('counts an activity once while any of its facts is in it', () => {
    const different = leafOf('{ count: { of: missions, distinct: activity, at-least: 2, within: 3 days } }');
    const repeated = [mission('a', 0, 'x'), mission('b', 1, 'x'), mission('c', 3.5, 'y'), mission('d', 3.6)];
    expect(found(different, repeated, 3.5)).toMatchObject({ met: true, value: 2, unit: 'activities', evidence: ['b', 'c'] });
    expect(flips(different, repeated)).toEqual([false, 3.5, 4]);
  });

  it('counts no days before it is known when the course starts', () => {
    const days = leafOf('{ count: { of: missions, distinct: course-day, at-least: 1, within: 3 days } }');
    expect(found(days, facts, 0, course({ calendar: undefined }))).toMatchObject({ met: false, value: 0 });
    expect(flips(days, facts, course({ calendar: undefined }))).toEqual([false]);
    expect(flips(days, [mission('a', 0)])).toEqual([false, 0, 3]);
  });

  it('depends on the clock, and only then', () => {
    const { depends } = kindOf('count');
    expect(depends?.(two.settings)).toEqual(['clock']);
    expect(depends?.(leafOf('{ count: { of: missions, at-least: 2 } }').settings)).toEqual([]);
  });

  it('says so', () => {
    expect(label(two)).toEqual({ en: 'At least 2 completed missions, within 3 days', ko: '3일 동안 완료한 미션 2개 이상' });
    expect(missing(two, found(two, facts, 0))).toEqual({
      amount: 1, unit: 'count', text: { en: '1 more completed mission within 3 days', ko: '3일 동안 완료한 미션 1개 더 필요' },
    });
  });
});
