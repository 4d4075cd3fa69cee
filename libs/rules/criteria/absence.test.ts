import type { Fact } from '#domain/facts.js';
import { kindOf } from './all.js';
import { course, fact, flips, found, label, leafOf, missing } from './leaf-under-test.js';

const END = 1 - 1 / 86_400_000;
const enrolled = fact('Enrolled', 'e', 0.5);
const flag = (id: string, onDay: number): Fact => fact('LearnerFlagged', id, onDay, { values: { kind: 'misconduct' } });

describe('absence until a course day', () => {
  const none = leafOf('{ absence: { of: flags, kind: misconduct, until-course-day: 5 } }');

  it('is met at the end of that day, not before', () => {
    expect(found(none, [enrolled], 5)).toMatchObject({ met: false, value: 0, needed: 0, unit: 'count', evidence: [] });
    expect(found(none, [enrolled], 5 + END)).toMatchObject({ met: true, value: 0 });
    expect(flips(none, [enrolled])).toEqual([false, 5 + END]);
  });

  it('is not met, ever, after such a fact', () => {
    expect(found(none, [enrolled, flag('f', 1)], 9)).toMatchObject({ met: false, value: 1, evidence: ['f'] });
    expect(flips(none, [flag('f', 1), enrolled])).toEqual([false]);
  });

  it('does not look beyond the deadline', () => {
    expect(flips(none, [enrolled, flag('f', 5 + END)])).toEqual([false]);
    expect(found(none, [enrolled, flag('f', 5 + END)], 9)).toMatchObject({ met: false, value: 1, evidence: ['f'] });
    expect(flips(none, [enrolled, flag('f', 6)])).toEqual([false, 5 + END]);
    expect(found(none, [enrolled, flag('f', 6)], 9)).toMatchObject({ met: true, value: 0, evidence: [] });
  });

  it('looks at what its selector takes', () => {
    expect(flips(none, [enrolled, fact('LearnerFlagged', 'f', 1, { values: { kind: 'praise' } })])).toEqual([false, 5 + END]);
  });

  it('is never met while it is not known when the course starts', () => {
    expect(flips(none, [enrolled], course({ calendar: undefined }))).toEqual([false]);
    expect(found(none, [enrolled], 99, course({ calendar: undefined }))).toMatchObject({ met: false });
  });

  it('looks at enrolments to give everybody a start, and counts them only where they are meant', () => {
    expect(none.selects).toEqual([{ type: 'LearnerFlagged', kind: 'misconduct' }, { type: 'Enrolled' }]);
    const noStaff = leafOf('{ absence: { of: enrolment, role: staff, until-course-day: 5 } }');
    expect(flips(noStaff, [enrolled])).toEqual([false, 5 + END]);
    expect(found(noStaff, [fact('Enrolled', 's', 1, { values: { role: 'staff' } })], 9)).toMatchObject({ met: false, value: 1, evidence: ['s'] });
  });

  it('depends on the clock', () => expect(kindOf('absence').depends?.(none.settings)).toEqual(['clock']));

  it('says so', () => {
    expect(label(none)).toEqual({ en: 'No flag (misconduct) until the end of course day 5', ko: '개강 5일 후까지 주의 기록(misconduct) 없음' });
    expect(missing(none, found(none, [enrolled], 1))).toEqual({
      amount: 0, unit: 'count', text: { en: 'Met if there is no flag until the end of course day 5', ko: '개강 5일 후까지 주의 기록 없으면 충족' },
    });
    expect(missing(none, found(none, [flag('f', 1)], 1))).toMatchObject({ amount: 1, text: { en: 'Not possible while 1 flag on record' } });
  });
});

describe('absence until a date', () => {
  it('ends with that day in the time zone of the course', () => {
    const none = leafOf('{ absence: { of: withdrawal, until: 2026-03-04 } }');
    expect(flips(none, [enrolled])).toEqual([false, 2 + END]);
    expect(label(none).en).toBe('No withdrawal until the end of 2026-03-04');
  });
});

describe('absence for a time', () => {
  const none = leafOf('{ absence: { of: withdrawal, for: 30 days } }');

  it('runs from the enrolment', () => {
    expect(flips(none, [enrolled])).toEqual([false, 30.5]);
    expect(flips(none, [enrolled, fact('Withdrawn', 'w', 30.5)])).toEqual([false]);
    expect(flips(none, [enrolled, fact('Withdrawn', 'w', 30.6)])).toEqual([false, 30.5]);
    expect(kindOf('absence').depends?.(none.settings)).toEqual(['clock', 'learner']);
    expect(label(none).en).toBe('No withdrawal for 30 days after enrolment');
  });

  it('is never met by somebody of whom no enrolment is known', () => {
    expect(flips(none, [fact('MissionCompleted', 'm', 0)])).toEqual([false]);
    expect(found(none, [], 999)).toMatchObject({ met: false });
  });
});

describe('the deadline of an absence', () => {
  it.each(['{ absence: { of: withdrawal } }', '{ absence: { of: withdrawal, for: 1 day, until-course-day: 1 } }'])('has to be one: %s', (text) => {
    expect(() => leafOf(text)).toThrow('"absence" needs one deadline');
  });
});
