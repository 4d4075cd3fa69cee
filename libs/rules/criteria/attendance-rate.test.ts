import type { Fact } from '#domain/facts.js';
import type { AttendanceStatus } from '#domain/learning-event.js';
import { circumstances, fact, flipsOf, foundOn, nodeOf, onDay } from '../criterion-under-test.js';
import type { Settings } from '../criterion.js';
import type { Selector } from '../selector.js';
import { NO_NAMES } from '../words.js';
import { kindOf } from './all.js';

const MARKS: Selector = { type: 'AttendanceMarked', statuses: ['present', 'late'] };
const rate = (settings: Settings, more: Partial<Selector> = {}) => nodeOf('attendance-rate', { ...MARKS, ...more }, settings);
const mark = (id: string, session: string, day: number, status: AttendanceStatus): Fact => fact(id, 'AttendanceMarked', session, day, { status });
const held = (session: string, day: number, values = {}): Fact => fact(`o-${session}-${day}`, 'SessionHeld', session, day, values);

const FOUR = circumstances({ offers: [held('s1', 0), held('s2', 2), held('s3', 4), held('s4', 6)] });

describe('attendance-rate', () => {
  it('is the share of the sessions held so far', () => {
    const facts = [mark('a', 's1', 0, 'present'), mark('b', 's2', 2, 'late'), mark('c', 's3', 4, 'absent')];
    const node = rate({ 'at-least': 66.666666 });
    expect(foundOn(node, facts, 4, FOUR)).toEqual({
      met: true, value: 66.666666, needed: 66.666666, unit: 'percent', evidence: ['a', 'b'],
      missing: { en: 'The attendance rate must rise by 0 percentage points', ko: '출석률이 0퍼센트포인트 더 올라야 함' },
    });
    expect(foundOn(rate({ 'at-least': 66.666667 }), facts, 4, FOUR)).toMatchObject({ met: false, value: 66.666666, needed: 66.666667 });
    expect(flipsOf(node, facts, FOUR)).toEqual([0, 6]);
    expect(foundOn(node, facts, 6, FOUR)).toMatchObject({
      met: false, value: 50, evidence: ['a', 'b'],
      missing: { en: 'The attendance rate must rise by 16.67 percentage points', ko: '출석률이 16.67퍼센트포인트 더 올라야 함' },
    });
  });

  it('falls at the moment a session is held, and rises when its mark comes', () => {
    const node = rate({ 'at-least': 75 });
    expect(flipsOf(node, [mark('a', 's1', 0, 'present'), mark('b', 's2', 3, 'present'), mark('c', 's3', 4, 'present')], FOUR)).toEqual([0, 2, 3]);
    expect(flipsOf(rate({ 'at-least': 75.000001 }), [mark('a', 's1', 0, 'present'), mark('b', 's2', 3, 'present'), mark('c', 's3', 4, 'present')], FOUR)).toEqual([0, 2, 3, 6]);
  });

  it('is not met before there was a session, even where 0 is enough', () => {
    const node = rate({ 'at-least': 0 });
    expect(foundOn(node, [], 0, circumstances())).toEqual({
      met: false, value: 0, needed: 0, unit: 'percent', evidence: [], missing: { en: 'No session attended yet', ko: '아직 출석한 수업이 없음' },
    });
    expect(foundOn(node, [], 0, FOUR)).toMatchObject({ met: true, value: 0 });
    expect(flipsOf(node, [mark('a', 's1', 0, 'excused')], circumstances())).toEqual([]);
  });

  it('leaves excused sessions out of both sides, unless the rule says otherwise', () => {
    const facts = [mark('a', 's1', 0, 'present'), mark('b', 's2', 2, 'excused'), mark('c', 's3', 4, 'absent')];
    expect(foundOn(rate({ 'at-least': 50 }), facts, 4, FOUR)).toMatchObject({ met: true, value: 50, evidence: ['a'] });
    expect(foundOn(rate({ 'at-least': 50, excused: 'counts' }), facts, 4, FOUR)).toMatchObject({ met: true, value: 66.666666, evidence: ['a', 'b'] });
    expect(foundOn(rate({ 'at-least': 50, excused: 'absent' }), facts, 4, FOUR)).toMatchObject({ met: false, value: 33.333333, evidence: ['a'] });
    expect(flipsOf(rate({ 'at-least': 100 }), [mark('a', 's1', 0, 'present'), mark('b', 's2', 3, 'excused')], FOUR)).toEqual([0, 2, 3, 4]);
  });

  it('counts being late as the rule says', () => {
    const facts = [mark('a', 's1', 0, 'present'), mark('b', 's2', 2, 'late')];
    expect(foundOn(rate({ 'at-least': 75 }), facts, 2, FOUR)).toMatchObject({ met: true, value: 100, evidence: ['a', 'b'] });
    expect(foundOn(rate({ 'at-least': 75, late: 'half' }), facts, 2, FOUR)).toMatchObject({ met: true, value: 75, evidence: ['a', 'b'] });
    expect(foundOn(rate({ 'at-least': 75, late: 'absent' }), facts, 2, FOUR)).toMatchObject({ met: false, value: 50, evidence: ['a'] });
  });

  it('counts the best of several marks of a session, the first of equals', () => {
    const facts = [mark('x', 's1', 0, 'absent'), mark('y', 's1', 0.1, 'excused'), mark('z', 's1', 0.2, 'late'), mark('z2', 's1', 0.3, 'late')];
    const node = rate({ 'at-least': 100 });
    expect(foundOn(node, facts, 1, FOUR)).toMatchObject({ met: true, value: 100, evidence: ['z'] });
    expect(flipsOf(node, facts, FOUR)).toEqual([0.2, 2]);
    expect(flipsOf(node, [mark('a', 's1', 0, 'present'), mark('b', 's1', 1, 'absent')], FOUR)).toEqual([0, 2]);
  });

  it('takes a mark as saying that a session was held', () => {
    const facts = [mark('a', 's1', 0, 'present'), mark('b', 'unnamed', 1, 'absent'), mark('c', 's2', 1.5, 'present')];
    const node = rate({ 'at-least': 60 });
    expect(foundOn(node, facts, 1, FOUR)).toMatchObject({ met: false, value: 50 });
    expect(foundOn(node, facts, 1.5, FOUR)).toMatchObject({ met: true, value: 66.666666 });
    expect(flipsOf(node, facts, FOUR)).toEqual([0, 1, 1.5, 4]);
    expect(foundOn(node, [fact('n', 'AttendanceMarked', undefined, 0, { status: 'present' })], 0, circumstances())).toMatchObject({ met: false, value: 0 });
  });

  it('counts a session once, from when it was first held', () => {
    const at = circumstances({ offers: [held('s1', 0), held('s1', 3), held('s2', 4)] });
    expect(foundOn(rate({ 'at-least': 50 }), [mark('a', 's1', 0, 'present')], 4, at)).toMatchObject({ met: true, value: 50 });
  });

  it('asks sessions missed before enrolment only where the rule does', () => {
    const enrolled = { ...FOUR, learner: { ...FOUR.learner, enrolledAt: onDay(2) } };
    const facts = [mark('b', 's2', 2, 'present'), mark('c', 's3', 4, 'absent')];
    expect(foundOn(rate({ 'at-least': 50 }), facts, 4, enrolled)).toMatchObject({ met: true, value: 50 });
    expect(foundOn(rate({ 'at-least': 50, since: 'course' }), facts, 4, enrolled)).toMatchObject({ met: false, value: 33.333333 });
    expect(foundOn(rate({ 'at-least': 50 }), [mark('a', 's1', 0, 'present'), ...facts], 4, enrolled)).toMatchObject({ value: 66.666666, evidence: ['a', 'b'] });
    const justAfter = { ...FOUR, learner: { ...FOUR.learner, enrolledAt: onDay(2) + 1 } };
    expect(foundOn(rate({ 'at-least': 50 }), [mark('c', 's3', 4, 'present')], 4, justAfter)).toMatchObject({ value: 100 });
    expect(flipsOf(rate({ 'at-least': 60 }), facts, enrolled)).toEqual([2, 4]);
    const onTheDot = [mark('b', 's2', 2, 'absent'), mark('c', 's3', 4, 'present')];
    expect(foundOn(rate({ 'at-least': 60 }), onTheDot, 4, enrolled)).toMatchObject({ met: false, value: 50 });
    expect(foundOn(rate({ 'at-least': 60 }), onTheDot, 4, justAfter)).toMatchObject({ met: true, value: 100 });
    expect(kindOf('attendance-rate').depends?.({})).toContain('learner');
    expect(kindOf('attendance-rate').depends?.({ since: 'course' })).not.toContain('learner');
  });

  it('goes by the tags, kind and day of the session, and by those of the mark where nobody named the session', () => {
    const at = circumstances({ offers: [held('s1', 0, { kind: 'lab', tags: ['team'] }), held('s2', 1, { kind: 'talk' }), held('s3', 5, { kind: 'lab' })] });
    const facts = [
      mark('a', 's1', 3, 'present'), mark('b', 's2', 1, 'absent'), mark('c', 's3', 5, 'absent'),
      fact('d', 'AttendanceMarked', 'x', 1, { status: 'absent' }), fact('e', 'AttendanceMarked', 'y', 1, { status: 'present', kind: 'lab', tags: ['team'] }),
    ];
    const found = (more: Partial<Selector>) => foundOn(rate({ 'at-least': 50 }, more), facts, 6, at);
    expect(found({ kind: 'lab' })).toMatchObject({ value: 66.666666, evidence: ['e', 'a'] });
    expect(found({ kind: 'lab', toDay: 1 })).toMatchObject({ value: 100, evidence: ['e', 'a'] });
    expect(found({ tag: 'team' })).toMatchObject({ value: 100, evidence: ['e', 'a'] });
    expect(found({ activities: ['s1', 's2'] })).toMatchObject({ value: 50, evidence: ['a'] });
    expect(found({ fromDay: 5 })).toMatchObject({ value: 0 });
    const contradicting = fact('f', 'AttendanceMarked', 's2', 1, { status: 'present', kind: 'lab' });
    expect(foundOn(rate({ 'at-least': 50 }, { kind: 'lab' }), [contradicting], 1, at)).toMatchObject({ value: 0, evidence: [] });
  });

  it('knows no course day before it is known when the course starts', () => {
    const at = circumstances({ offers: [held('s1', 0)], calendar: undefined });
    expect(foundOn(rate({ 'at-least': 50 }, { toDay: 5 }), [mark('a', 's1', 0, 'present')], 1, at)).toMatchObject({ met: false, value: 0 });
    expect(flipsOf(rate({ 'at-least': 50 }), [mark('a', 's1', 0, 'present')], at)).toEqual([0]);
  });

  it('forgets marks that were taken back, and looks at other offers when they change', () => {
    const node = rate({ 'at-least': 100 });
    expect(flipsOf(node, [mark('a', 's1', 0, 'present')], FOUR, [mark('b', 's2', 2, 'present')])).toEqual([0, 2]);
    const tracker = kindOf('attendance-rate').track(node);
    tracker.insert(mark('a', 's1', 0, 'present'), FOUR);
    expect(tracker.truth(node.settings, FOUR).flips).toEqual([onDay(0), onDay(2)]);
    expect(tracker.truth(node.settings, circumstances({ offers: [held('s1', 0), held('s9', 9)] })).flips).toEqual([onDay(0), onDay(9)]);
  });

  it('says what it asks for', () => {
    expect(kindOf('attendance-rate').label(rate({ 'at-least': 80 }, { kind: 'lab' }), NO_NAMES)).toEqual({
      en: 'Attended at least 80 % of the sessions held so far (lab)', ko: '지금까지 진행된 수업(lab) 출석률 80% 이상',
    });
  });
});
