import type { Fact } from '#domain/facts.js';
import type { FactValues } from '#domain/learning-event.js';
import { circumstances, fact, flipsOf, foundOn, nodeOf, onDay } from '../criterion-under-test.js';
import type { Settings } from '../criterion.js';
import type { SelectedType, Selector } from '../selector.js';
import { NO_NAMES } from '../words.js';
import { kindOf } from './all.js';

const HOUR = 3_600_000;
const missing = (type: SelectedType, settings: Settings = {}, more: Partial<Selector> = {}) => nodeOf('none-missing', { type, ...more }, settings);
const SUBMITTED = missing('AssignmentSubmitted');

const assignment = (activity: string, due: number | undefined, values: FactValues = {}, published = 0): Fact =>
  fact(`o-${activity}`, 'AssignmentPublished', activity, published, { ...values, ...(due !== undefined && { due: onDay(due) }) });
const handedIn = (id: string, activity: string, day: number): Fact => fact(id, 'AssignmentSubmitted', activity, day);

const TWO = circumstances({ offers: [assignment('a1', 5), assignment('a2', 10)] });

describe('none-missing', () => {
  it('is met once something was due, and everything that was due was handed in by then', () => {
    const facts = [handedIn('x', 'a1', 3), handedIn('y', 'a2', 10)];
    expect(foundOn(SUBMITTED, facts, 4.9, TWO)).toEqual({
      met: false, value: 0, needed: 1, unit: 'activities', evidence: [], missing: { en: 'Nothing was due yet', ko: '아직 기한이 된 것이 없음' },
    });
    expect(foundOn(SUBMITTED, facts, 5, TWO)).toMatchObject({ met: true, value: 1, needed: 1, evidence: ['x'] });
    expect(foundOn(SUBMITTED, facts, 10, TWO)).toMatchObject({ met: true, value: 2, needed: 2, unit: 'activities', evidence: ['x', 'y'] });
    expect(flipsOf(SUBMITTED, facts, TWO)).toEqual([5]);
  });

  it('is not met while something is missing, and names it', () => {
    const facts = [handedIn('x', 'a1', 3), handedIn('y', 'a2', 10.5)];
    const names = { ...NO_NAMES, activity: (id: string) => (id === 'a2' ? 'Second essay' : undefined) };
    expect(foundOn(SUBMITTED, facts, 10, TWO, names)).toEqual({
      met: false, value: 1, needed: 2, unit: 'activities', evidence: ['x'], missing: { en: 'Missing: Second essay', ko: '빠진 항목: Second essay' },
    });
    expect(flipsOf(SUBMITTED, facts, TWO)).toEqual([5, 10, 10.5]);
    expect(flipsOf(missing('AssignmentSubmitted', { late: 'never' }), facts, TWO)).toEqual([5, 10]);
    expect(foundOn(missing('AssignmentSubmitted', { late: 'never' }), facts, 11, TWO)).toMatchObject({ met: false, value: 1, needed: 2, evidence: ['x'] });
  });

  it('names five of those that are missing, the most urgent first, and counts the others', () => {
    const at = circumstances({ offers: [7, 6, 5, 4, 3, 2, 1].map((due) => assignment(`a${due}`, due)) });
    expect(foundOn(SUBMITTED, [], 7, at).missing).toEqual({ en: 'Missing: a1, a2, a3, a4, a5 and 2 more', ko: '빠진 항목: a1, a2, a3, a4, a5 외 2개' });
    expect(foundOn(SUBMITTED, [], 5, at).missing.en).toBe('Missing: a1, a2, a3, a4, a5');
  });

  it('waits for the grace to be over', () => {
    const node = missing('AssignmentSubmitted', { grace: 12 * HOUR });
    expect(flipsOf(node, [handedIn('x', 'a1', 5.5), handedIn('y', 'a2', 10.6)], TWO)).toEqual([5.5, 10.5, 10.6]);
    expect(flipsOf(missing('AssignmentSubmitted', { grace: 12 * HOUR, late: 'never' }), [handedIn('x', 'a1', 5.5), handedIn('y', 'a2', 10.6)], TWO)).toEqual([5.5, 10.5]);
  });

  it("goes by the learner's own due date", () => {
    const at = circumstances({ offers: [assignment('a1', 5), assignment('a2', 10)] }, { extensions: new Map([['a1', onDay(7)]]) });
    expect(flipsOf(SUBMITTED, [handedIn('x', 'a1', 6)], at)).toEqual([7, 10]);
    expect(flipsOf(missing('AssignmentSubmitted', {}, { toDay: 5 }), [handedIn('x', 'a1', 6)], at)).toEqual([7]);
  });

  it('asks for what has no due date when the course closes, without grace', () => {
    const offers = [assignment('a1', undefined)];
    const node = missing('AssignmentSubmitted', { grace: 24 * HOUR });
    expect(flipsOf(node, [handedIn('x', 'a1', 6)], circumstances({ offers }))).toEqual([]);
    expect(flipsOf(node, [handedIn('x', 'a1', 6)], circumstances({ offers, closedAt: onDay(20) }))).toEqual([20]);
    expect(foundOn(node, [], 20, circumstances({ offers, closedAt: onDay(20) }))).toMatchObject({ met: false, value: 0, needed: 1, missing: { en: 'Missing: a1' } });
    expect(flipsOf(node, [handedIn('x', 'a1', 6)], circumstances({ offers }, { extensions: new Map([['a1', onDay(9)]]) }))).toEqual([10]);
  });

  it('misses nothing before it is published', () => {
    const at = circumstances({ offers: [assignment('a1', 2, {}, 4)] });
    expect(flipsOf(SUBMITTED, [handedIn('x', 'a1', 3)], at)).toEqual([4]);
  });

  it('keeps to the activities, tag, kind and due days that are selected, whatever what was handed in says of itself', () => {
    const at = circumstances({ offers: [assignment('a1', 5, { kind: 'essay' }), assignment('a2', 6, { tags: ['team'] }), assignment('a3', 7)] });
    const facts = [handedIn('x', 'a1', 3)];
    const found = (more: Partial<Selector>) => foundOn(missing('AssignmentSubmitted', {}, more), facts, 10, at);
    expect(found({})).toMatchObject({ met: false, value: 1, needed: 3 });
    expect(found({ kind: 'essay' })).toMatchObject({ met: true, value: 1, needed: 1, evidence: ['x'] });
    expect(found({ tag: 'team' })).toMatchObject({ met: false, value: 0, needed: 1 });
    expect(found({ toDay: 5 })).toMatchObject({ met: true, needed: 1, evidence: ['x'] });
    expect(found({ fromDay: 6 })).toMatchObject({ met: false, value: 0, needed: 2 });
    expect(found({ activities: ['a1', 'a2'] })).toMatchObject({ value: 1, needed: 2 });
    const unknown = { ...at, course: { ...at.course, calendar: undefined } };
    expect(foundOn(missing('AssignmentSubmitted', {}, { toDay: 5 }), facts, 10, unknown)).toMatchObject({ met: false, value: 0, needed: 1 });
  });

  it('asks once for what is offered several times, and ignores what was never offered', () => {
    const again: Fact = { ...assignment('a1', 9), id: 'o2', occurrence: '2', time: onDay(1) };
    const at = circumstances({ offers: [assignment('a1', 5), again] });
    expect(foundOn(SUBMITTED, [handedIn('x', 'a1', 3), handedIn('z', 'other', 3)], 5, at)).toMatchObject({ met: true, value: 1, needed: 1, evidence: ['x'] });
  });

  it('asks for every session, attended or excused', () => {
    const session = (activity: string, day: number): Fact => fact(`o-${activity}`, 'SessionHeld', activity, day);
    const at = circumstances({ offers: [session('s1', 0), session('s2', 2), session('s3', 4)] });
    const mark = (id: string, activity: string, day: number, status: 'present' | 'late' | 'excused' | 'absent'): Fact => fact(id, 'AttendanceMarked', activity, day, { status });
    const facts = [mark('a', 's1', 0, 'late'), mark('b', 's2', 2.5, 'excused'), mark('c0', 's3', 4.2, 'absent'), mark('c', 's3', 5, 'present')];
    const node = missing('AttendanceMarked', {}, { statuses: ['present', 'late'] });
    expect(flipsOf(node, facts, at)).toEqual([0, 2, 2.5, 4, 5]);
    expect(foundOn(node, facts, 5, at)).toMatchObject({ met: true, value: 3, needed: 3, evidence: ['a', 'b', 'c'] });
    expect(foundOn(node, facts, 4.5, at).missing.en).toBe('Missing: s3');
    expect(flipsOf(missing('AttendanceMarked', { grace: 12 * HOUR }, { statuses: ['present', 'late'] }), facts, at)).toEqual([0.5, 4.5, 5]);
  });

  it('asks for missions by their own offers', () => {
    const at = circumstances({ offers: [fact('o', 'MissionPublished', 'm', 0, { due: onDay(3) }), assignment('a1', 1)] });
    expect(flipsOf(missing('MissionCompleted'), [fact('x', 'MissionCompleted', 'm', 2)], at)).toEqual([3]);
  });

  it('forgets what was taken back', () => {
    expect(flipsOf(SUBMITTED, [handedIn('x', 'a1', 6)], TWO, [handedIn('w', 'a1', 4)])).toEqual([6, 10]);
  });

  it('says what it asks for', () => {
    const label = kindOf('none-missing').label;
    expect(label(missing('AssignmentSubmitted', { late: 'never' }, { tag: 'team' }), NO_NAMES)).toEqual({
      en: 'Every assignment that was due handed in on time (tagged “team”)', ko: '기한이 된 과제(‘team’ 태그) 빠짐없이 제때 제출',
    });
    expect(label(missing('AttendanceMarked'), NO_NAMES).en).toBe('Every session attended or excused');
  });
});
