import type { Fact } from '#domain/facts.js';
import { zoneOf } from '#rules/calendar.js';
import { NO_NAMES, type Names } from '#rules/words.js';
import { factWords } from './fact-words.js';

const NAMES: Names = { ...NO_NAMES, badge: () => ({ en: 'Data Workshop', ko: '데이터 워크숍' }) };

const words = (values: Fact['values']) => {
  const fact: Fact = { id: 'batch/1', type: 'ApprovalGiven', course: 'c', activity: 'workshop', occurrence: 'hr-kim', time: Date.parse('2026-03-01T20:00:00Z'), values, correctedBy: [] };
  return factWords(fact, NAMES, zoneOf('Asia/Seoul'));
};

const of = (fact: Partial<Fact>, names = NAMES): string => {
  const whole: Fact = { id: 'lms/e-991', type: 'AssignmentSubmitted', course: 'c', activity: 'act-77', occurrence: 'sub-4711', time: Date.parse('2026-03-01T20:00:00Z'), values: {}, correctedBy: [] };
  return factWords({ ...whole, ...fact }, names, zoneOf('Asia/Seoul')).en;
};

describe('a fact as evidence', () => {
  const named = { ...NAMES, activity: () => 'Essay 1' };
  it('says when and what, by the name that people know it by', () => {
    expect(of({}, named)).toBe('2026-03-02: Essay 1, handed in');
    expect(of({ type: 'AttendanceMarked', values: { status: 'late' } }, named)).toBe('2026-03-02: Essay 1, attendance late');
    expect(of({ type: 'AssignmentGraded', values: { score: 18, max: 20 } }, named)).toBe('2026-03-02: Essay 1, graded 18/20');
    expect(of({ values: { title: 'Own title' } })).toBe('2026-03-02: Own title, handed in');
  });

  it('has no id of the class system, whatever is not known by a name', () => {
    const types: readonly Fact['type'][] = [
      'Enrolled', 'Withdrawn', 'AttendanceMarked', 'AssignmentSubmitted', 'AssignmentGraded', 'MissionStarted', 'MissionCompleted', 'ExtensionGranted', 'LearnerFlagged', 'ApprovalGiven', 'BadgeHeld',
    ];
    for (const type of types) expect([type, of({ type }, NO_NAMES)]).toEqual([type, expect.not.stringMatching(/act-77|sub-4711|e-991/)]);
  });
});

describe('an approval as evidence', () => {
  it('says why, and where the evidence is, and never who approved', () => {
    expect(words({ attributes: { reason: 'Presented a finding', evidence: 'https://x.example/1', room: 'B' } })).toEqual({
      en: '2026-03-02: Data Workshop, approved: Presented a finding (https://x.example/1)',
      ko: '2026-03-02: 데이터 워크숍, 승인: Presented a finding (https://x.example/1)',
    });
    expect(words({}).en).toBe('2026-03-02: Data Workshop, approved');
    expect(words({ attributes: { evidence: 'https://x.example/1', reason: 7 } }).en).toBe('2026-03-02: Data Workshop, approved (https://x.example/1)');
  });
});
