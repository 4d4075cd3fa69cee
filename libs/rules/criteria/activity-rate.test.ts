import type { Fact } from '#domain/facts.js';
import { courseCalendar, zoneOf } from '../calendar.js';
import { circumstances, DAY, fact, flipsOf, foundOn, nodeOf, onDay } from '../criterion-under-test.js';
import type { Settings } from '../criterion.js';
import type { Selector } from '../selector.js';
import { NO_NAMES } from '../words.js';
import { kindOf } from './all.js';

const rate = (settings: Settings, more: Partial<Selector> = {}) => nodeOf('activity-rate', { type: 'AssignmentSubmitted', ...more }, settings);
const done = (id: string, day: number): Fact => fact(id, 'AssignmentSubmitted', 'a', day);
const MILLISECOND = 1 / DAY;

describe('activity-rate', () => {
  it('is the share of the course weeks begun so far, and falls as weeks begin', () => {
    const facts = [done('a', 1), done('a2', 6.9), done('b', 8), done('c', 22)];
    const node = rate({ 'at-least': 66.7 });
    expect(foundOn(node, facts, 13.9)).toMatchObject({ met: true, value: 100, needed: 66.7, unit: 'percent', evidence: ['a', 'b'] });
    expect(foundOn(node, facts, 14)).toEqual({
      met: false, value: 66.666666, needed: 66.7, unit: 'percent', evidence: ['a', 'b'],
      missing: { en: 'The share must rise by 0.04 percentage points', ko: '비율이 0.04퍼센트포인트 더 올라야 함' },
    });
    expect(flipsOf(node, facts)).toEqual([1, 7, 8, 14, 22, 28]);
    expect(flipsOf(rate({ 'at-least': 66.666666 }), facts)).toEqual([1, 7, 8, 21, 22, 28]);
    expect(flipsOf(rate({ 'at-least': 1 }), [done('a', 1)])).toEqual([1, 700]);
  });

  it('counts the week or day of a fact from its first instant to its last', () => {
    const node = rate({ 'at-least': 100, per: 'course-day' });
    expect(flipsOf(node, [done('a', 0), done('b', 2 - MILLISECOND), done('c', 2)])).toEqual([0, 1, 2 - MILLISECOND, 3]);
    expect(flipsOf(node, [done('a', 0.5), done('b', 1)])).toEqual([0.5, 2]);
    expect(flipsOf(node, [done('a', -0.1)])).toEqual([]);
  });

  it('counts only Monday to Friday where the rule says so', () => {
    const node = rate({ 'at-least': 100, per: 'course-day', 'weekdays-only': true });
    const facts = [0.5, 1.5, 2.5, 3.5, 4.5].map((day, i) => done(`w${i}`, day));
    expect(flipsOf(node, facts)).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 7]);
    expect(foundOn(node, [...facts, done('sat', 5)], 6.5)).toMatchObject({ met: true, value: 100, evidence: ['w0', 'w1', 'w2', 'w3', 'w4'] });
    expect(foundOn(node, facts, 7)).toMatchObject({ met: false, value: 83.333333 });
    const fromSaturday = rate({ 'at-least': 100, per: 'course-day', 'weekdays-only': true }, { fromDay: 5 });
    expect(flipsOf(fromSaturday, [done('sat', 5.5), done('mon', 7.5)])).toEqual([7.5, 8]);
  });

  it('ends with the course; what begins at its close is no longer part of it', () => {
    const node = rate({ 'at-least': 50, per: 'course-day' });
    expect(flipsOf(node, [done('a', 0)], circumstances({ closedAt: onDay(2) }))).toEqual([0]);
    expect(flipsOf(node, [done('a', 0)], circumstances({ closedAt: onDay(2) + 1 }))).toEqual([0, 2]);
    expect(foundOn(node, [done('a', 0), done('b', 2), done('c', 3)], 3, circumstances({ closedAt: onDay(2) }))).toMatchObject({ value: 50, evidence: ['a'] });
  });

  it('keeps to the days that are selected', () => {
    const node = rate({ 'at-least': 50, per: 'course-day' }, { fromDay: 2, toDay: 5 });
    const facts = [done('x', 0), done('a', 2.5), done('b', 5), done('y', 6)];
    expect(foundOn(node, facts, 30)).toMatchObject({ met: true, value: 50, evidence: ['a', 'b'] });
    expect(flipsOf(node, facts)).toEqual([2.5, 4, 5]);
    const dates = rate({ 'at-least': 50, per: 'course-day' }, { fromDate: onDay(2) / DAY, toDate: onDay(5) / DAY });
    expect(flipsOf(dates, facts)).toEqual([2.5, 4, 5]);
  });

  it('begins with the week or day of enrolment where the rule says so', () => {
    const enrolled = circumstances({}, { enrolledAt: onDay(9.5) });
    expect(foundOn(rate({ 'at-least': 100, since: 'enrolment' }), [done('a', 8)], 10, enrolled)).toMatchObject({ met: true, value: 100 });
    expect(foundOn(rate({ 'at-least': 100 }), [done('a', 8)], 10, enrolled)).toMatchObject({ met: false, value: 50 });
    expect(foundOn(rate({ 'at-least': 100, since: 'enrolment' }), [done('a', 8)], 10)).toMatchObject({ met: false, value: 50 });
    expect(foundOn(rate({ 'at-least': 100, since: 'enrolment', per: 'course-day' }), [done('a', 8), done('b', 9)], 10, enrolled)).toMatchObject({ value: 50, evidence: ['b'] });
    expect(foundOn(rate({ 'at-least': 100, since: 'enrolment' }), [done('a', 1)], 1, circumstances({}, { enrolledAt: onDay(-20) }))).toMatchObject({ value: 100 });
    expect(kindOf('activity-rate').depends?.({ since: 'enrolment' })).toContain('learner');
  });

  it("goes by the course's own days", () => {
    const seoul = circumstances({ zone: zoneOf('Asia/Seoul'), calendar: courseCalendar(onDay(0), 'Asia/Seoul') });
    expect(flipsOf(rate({ 'at-least': 100, per: 'course-day' }), [done('a', 0), done('b', 0.7)], seoul)).toEqual([0, 0.625, 0.7, 1.625]);
  });

  it('is not met by nothing, nor before it is known when the course starts', () => {
    const node = rate({ 'at-least': 1 });
    expect(foundOn(node, [], 3)).toEqual({
      met: false, value: 0, needed: 1, unit: 'percent', evidence: [], missing: { en: 'Nothing that counts yet', ko: '아직 인정되는 기록이 없음' },
    });
    expect(flipsOf(node, [])).toEqual([]);
    const unknown = circumstances({ calendar: undefined });
    expect(foundOn(node, [done('a', 1)], 1, unknown)).toMatchObject({ met: false, value: 0 });
    expect(flipsOf(node, [done('a', 1)], unknown)).toEqual([]);
  });

  it('forgets facts that were taken back', () => {
    expect(flipsOf(rate({ 'at-least': 100 }), [done('a', 1)], circumstances(), [done('b', 8), done('a0', 0)])).toEqual([1, 7]);
  });

  it('refuses weekdays of weeks', () => {
    expect(kindOf('activity-rate').check?.({ 'at-least': 50, 'weekdays-only': true }, undefined)).toMatchObject({ key: 'weekdays-only' });
    expect(kindOf('activity-rate').check?.({ 'at-least': 50, 'weekdays-only': true, per: 'course-day' }, undefined)).toBeUndefined();
  });

  it('says what it asks for', () => {
    const label = (settings: Settings) => kindOf('activity-rate').label(rate({ 'at-least': 80, ...settings }), NO_NAMES);
    expect(label({})).toEqual({ en: 'In at least 80 % of the course weeks so far: submissions', ko: '지금까지의 과정 주차 중 80% 이상: 과제 제출' });
    expect(label({ per: 'course-day', 'weekdays-only': true }).en).toBe('In at least 80 % of the weekdays of the course so far: submissions');
  });
});
