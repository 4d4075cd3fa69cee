import type { Fact } from '#domain/facts.js';
import type { AttendanceStatus } from '#domain/learning-event.js';
import { zoneOf } from '../calendar.js';
import { circumstances, DAY, fact, flipsOf, foundOn, nodeOf, onDay } from '../criterion-under-test.js';
import type { Settings } from '../criterion.js';
import type { Selector } from '../selector.js';
import { NO_NAMES } from '../words.js';
import { kindOf } from './all.js';

const streak = (settings: Settings, more: Partial<Selector> = {}) => nodeOf('streak', { type: 'AssignmentSubmitted', ...more }, settings);
const done = (day: number, id = `d${day}`): Fact => fact(id, 'AssignmentSubmitted', 'a', day);
const doneOn = (...days: readonly number[]): readonly Fact[] => days.map((day) => done(day));
const MILLISECOND = 1 / DAY;

describe('streak', () => {
  it('is met at the first fact of the day that completes it', () => {
    const facts = [...doneOn(0.2, 0.9, 1.5, 2.3), done(2.7)];
    expect(foundOn(streak({ 'at-least': 3 }), facts, 2.25)).toEqual({
      met: false, value: 2, needed: 3, unit: 'days', evidence: ['d0.2', 'd1.5'],
      missing: { en: '1 more day in a row than the best streak so far (2)', ko: '지금까지 최고 연속 기록(2일)보다 1일 더 필요' },
    });
    expect(foundOn(streak({ 'at-least': 3 }), facts, 2.3)).toMatchObject({ met: true, value: 3, evidence: ['d0.2', 'd1.5', 'd2.3'] });
    expect(flipsOf(streak({ 'at-least': 3 }), facts)).toEqual([2.3]);
    expect(flipsOf(streak({ 'at-least': 4 }), facts)).toEqual([]);
    expect(flipsOf(streak({ 'at-least': 1 }), facts)).toEqual([0.2]);
  });

  it('keeps the best streak, of several the earliest', () => {
    const facts = doneOn(0, 1, 4, 5, 9, 10, 11);
    expect(foundOn(streak({ 'at-least': 3 }), facts, 6)).toMatchObject({ met: false, value: 2, evidence: ['d0', 'd1'] });
    expect(foundOn(streak({ 'at-least': 3 }), facts, 20)).toMatchObject({ met: true, value: 3, evidence: ['d9', 'd10', 'd11'] });
    expect(flipsOf(streak({ 'at-least': 3 }), facts)).toEqual([11]);
    expect(flipsOf(streak({ 'at-least': 2 }), facts)).toEqual([1]);
  });

  it('is filled by a late fact, and broken by one that is taken back', () => {
    const tracker = kindOf('streak').track(streak({ 'at-least': 3 }));
    const at = circumstances();
    const flips = (needed: number) => tracker.truth({ 'at-least': needed }, at).flips;
    for (const day of [0, 1, 3, 4]) tracker.insert(done(day), at);
    expect(flips(3)).toEqual([]);
    tracker.insert(done(2), at);
    expect(flips(5)).toEqual([onDay(4)]);
    expect([tracker.changedAbove, tracker.changedUpTo]).toEqual([2, 5]);
    tracker.insert(done(4.5), at);
    expect([tracker.changedAbove, tracker.changedUpTo]).toEqual([0, 0]);
    tracker.remove(done(2), at);
    expect(flips(3)).toEqual([]);
    expect([tracker.changedAbove, tracker.changedUpTo]).toEqual([2, 5]);
    tracker.remove(done(4), at);
    tracker.insert(done(2), at);
    expect(flips(5)).toEqual([onDay(4.5)]);
  });

  it('lets so many be missed within it, which add nothing to its length', () => {
    const facts = doneOn(0, 2, 3, 5, 6);
    expect(flipsOf(streak({ 'at-least': 3 }), facts)).toEqual([]);
    expect(flipsOf(streak({ 'at-least': 3, gaps: 1 }), facts)).toEqual([3]);
    expect(flipsOf(streak({ 'at-least': 4, gaps: 1 }), facts)).toEqual([6]);
    expect(flipsOf(streak({ 'at-least': 5, gaps: 1 }), facts)).toEqual([]);
    expect(flipsOf(streak({ 'at-least': 5, gaps: 2 }), facts)).toEqual([6]);
    expect(foundOn(streak({ 'at-least': 5, gaps: 2 }), facts, 10)).toMatchObject({ met: true, value: 5 });
    expect(flipsOf(streak({ 'at-least': 2, gaps: 1 }), doneOn(0, 3, 5))).toEqual([5]);
  });

  it('passes over weekends where the rule says so', () => {
    const facts = doneOn(3, 4, 7, 8);
    expect(flipsOf(streak({ 'at-least': 4 }), facts)).toEqual([]);
    expect(flipsOf(streak({ 'at-least': 4, 'weekdays-only': true }), facts)).toEqual([8]);
    expect(flipsOf(streak({ 'at-least': 3, 'weekdays-only': true }), doneOn(3, 4, 5, 6, 8))).toEqual([]);
    expect(flipsOf(streak({ 'at-least': 1, 'weekdays-only': true }), doneOn(5, 6.99))).toEqual([]);
    expect(flipsOf(streak({ 'at-least': 3, 'weekdays-only': true }), [...doneOn(4, 5, 6.5, 7, 8)])).toEqual([8]);
  });

  it('counts calendar weeks from Monday to Sunday', () => {
    const node = streak({ 'at-least': 2, per: 'week' });
    expect(flipsOf(node, doneOn(0, 6.9))).toEqual([]);
    expect(flipsOf(node, doneOn(6.9, 7))).toEqual([7]);
    expect(flipsOf(node, doneOn(-MILLISECOND, 0))).toEqual([0]);
    expect(flipsOf(node, doneOn(0, 14, 27.9))).toEqual([27.9]);
    expect(foundOn(node, doneOn(1, 8), 9)).toMatchObject({ met: true, value: 2, unit: 'weeks' });
  });

  it("goes by the course's days, or the learner's own where the rule says so and they are known", () => {
    const facts = doneOn(0.5, 0.7, 1.7);
    expect(flipsOf(streak({ 'at-least': 2 }), facts)).toEqual([1.7]);
    expect(flipsOf(streak({ 'at-least': 2 }), facts, circumstances({ zone: zoneOf('Asia/Seoul') }))).toEqual([0.7]);
    const learner = circumstances({}, { zone: zoneOf('Asia/Seoul') });
    expect(flipsOf(streak({ 'at-least': 2 }), facts, learner)).toEqual([1.7]);
    expect(flipsOf(streak({ 'at-least': 2, zone: 'learner' }), facts, learner)).toEqual([0.7]);
    expect(flipsOf(streak({ 'at-least': 2, zone: 'learner' }), facts)).toEqual([1.7]);
    expect(flipsOf(streak({ 'at-least': 2 }), facts, circumstances({ calendar: undefined }))).toEqual([1.7]);
  });

  it('is not met by nothing', () => {
    expect(foundOn(streak({ 'at-least': 1 }), [], 5)).toMatchObject({ met: false, value: 0, evidence: [] });
    expect(flipsOf(streak({ 'at-least': 1 }), [], circumstances(), doneOn(1, 2))).toEqual([]);
  });

  it('refuses settings that do not belong together', () => {
    const { check } = kindOf('streak');
    expect(check?.({ 'at-least': 2, per: 'session' }, { type: 'AssignmentSubmitted' })).toMatchObject({ key: 'per' });
    expect(check?.({ 'at-least': 2, per: 'session' }, { type: 'AttendanceMarked' })).toBeUndefined();
    expect(check?.({ 'at-least': 2, per: 'week', 'weekdays-only': true }, undefined)).toMatchObject({ key: 'weekdays-only' });
    expect(check?.({ 'at-least': 2, 'weekdays-only': true }, undefined)).toBeUndefined();
    expect(check?.({ 'at-least': 2, per: 'session', zone: 'learner' }, { type: 'AttendanceMarked' })).toMatchObject({ key: 'zone' });
  });

  it('says what it asks for', () => {
    const label = (settings: Settings) => kindOf('streak').label(streak({ 'at-least': 5, ...settings }), NO_NAMES);
    expect(label({})).toEqual({ en: '5 days in a row: submissions', ko: '5일 연속: 과제 제출' });
    expect(label({ 'weekdays-only': true, gaps: 1 })).toEqual({
      en: '5 weekdays in a row, at most 1 missed in between: submissions', ko: '5일(평일) 연속, 중간에 최대 1일(평일) 누락 허용: 과제 제출',
    });
    expect(label({ per: 'week' }).en).toBe('5 weeks in a row: submissions');
  });
});

describe('streak of sessions', () => {
  const held = (activity: string, day: number, values = {}): Fact => fact(`o-${activity}`, 'SessionHeld', activity, day, values);
  const mark = (id: string, activity: string, day: number, status: AttendanceStatus = 'present'): Fact => fact(id, 'AttendanceMarked', activity, day, { status });
  const inARow = (settings: Settings, more: Partial<Selector> = {}) =>
    nodeOf('streak', { type: 'AttendanceMarked', statuses: ['present', 'late'], ...more }, { per: 'session', ...settings });
  const FIVE = circumstances({ offers: [0, 2, 4, 6, 8].map((day, i) => held(`s${i + 1}`, day)) });

  it('goes by the order in which sessions were held, whenever they were marked', () => {
    const facts = [mark('c', 's3', 4), mark('a', 's1', 5), mark('b', 's2', 6, 'late')];
    const node = inARow({ 'at-least': 3 });
    expect(flipsOf(node, facts, FIVE)).toEqual([6]);
    expect(foundOn(node, facts, 6, FIVE)).toMatchObject({ met: true, value: 3, needed: 3, unit: 'activities', evidence: ['c', 'a', 'b'] });
    expect(foundOn(node, facts, 5, FIVE)).toMatchObject({ met: false, value: 1, evidence: ['a'], missing: { en: '2 more sessions in a row than the best streak so far (1)' } });
  });

  it('is broken by a session that was missed or not marked, and bridged by so many as the rule allows', () => {
    const facts = [mark('a', 's1', 0), mark('b', 's2', 2, 'absent'), mark('c', 's3', 4), mark('e', 's5', 8)];
    expect(flipsOf(inARow({ 'at-least': 2 }), facts, FIVE)).toEqual([]);
    expect(flipsOf(inARow({ 'at-least': 2, gaps: 1 }), facts, FIVE)).toEqual([4]);
    expect(flipsOf(inARow({ 'at-least': 3, gaps: 1 }), facts, FIVE)).toEqual([]);
    expect(flipsOf(inARow({ 'at-least': 3, gaps: 2 }), facts, FIVE)).toEqual([8]);
  });

  it('passes over excused sessions', () => {
    const facts = [mark('a', 's1', 0), mark('b', 's2', 2, 'excused'), mark('c', 's3', 4)];
    expect(flipsOf(inARow({ 'at-least': 2 }), facts, FIVE)).toEqual([4]);
    expect(flipsOf(inARow({ 'at-least': 2 }), [mark('a', 's1', 0), mark('c', 's3', 4), mark('b', 's2', 9, 'excused')], FIVE)).toEqual([9]);
    expect(foundOn(inARow({ 'at-least': 3 }), facts, 4, FIVE)).toMatchObject({ met: false, value: 2, evidence: ['a', 'c'] });
    expect(foundOn(inARow({ 'at-least': 3 }), [...facts, mark('b2', 's2', 4, 'late')], 4, FIVE)).toMatchObject({ met: true, evidence: ['a', 'b2', 'c'] });
  });

  it('takes a mark as saying that a session was held', () => {
    const facts = [mark('a', 's1', 0), mark('x', 'unnamed', 1, 'absent'), mark('b', 's2', 2), mark('y', 'other', 3)];
    expect(flipsOf(inARow({ 'at-least': 2 }), facts, FIVE)).toEqual([3]);
    expect(flipsOf(inARow({ 'at-least': 2 }), [mark('a', 's1', 0), mark('b', 's2', 2)], circumstances())).toEqual([2]);
  });

  it('keeps to the sessions that are selected, and to the marks that count', () => {
    const at = circumstances({ offers: [held('s1', 0, { kind: 'lab' }), held('s2', 2, { kind: 'talk' }), held('s3', 4, { kind: 'lab' })] });
    const facts = [mark('a', 's1', 0), mark('c', 's3', 4, 'late')];
    expect(flipsOf(inARow({ 'at-least': 2 }), facts, at)).toEqual([]);
    expect(flipsOf(inARow({ 'at-least': 2 }, { kind: 'lab' }), facts, at)).toEqual([4]);
    expect(flipsOf(inARow({ 'at-least': 2 }, { kind: 'lab', statuses: ['present'] }), facts, at)).toEqual([]);
    expect(kindOf('streak').depends?.({ 'at-least': 2, per: 'session' })).toEqual(['offers']);
  });
});
