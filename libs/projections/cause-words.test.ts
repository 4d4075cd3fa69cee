import { courseChanged, REASONS, rulePublished } from '#domain/cause-reasons.js';
import { causeWords } from './cause-words.js';

const HANGUL = /[가-힣]/;

describe('why an award changed', () => {
  it.each([...Object.values(REASONS), ...(['CourseOpened', 'CourseClosed', 'SessionHeld', 'AssignmentPublished', 'MissionPublished', 'FactReplaced', 'ClosingTimeReached'] as const).map(courseChanged), rulePublished('sql')])('is told in both languages: %s', (reason) => {
    const { en, ko } = causeWords({ kind: reason === REASONS.erased ? 'person' : 'rule', reason });
    expect([HANGUL.test(ko), HANGUL.test(en), /[A-Z][a-z]+[A-Z]/.test(en)]).toEqual([true, false, false]);
  });

  it('stays as a person has written it', () => {
    expect(causeWords({ kind: 'person', reason: '성적 오류' })).toEqual({ en: '성적 오류', ko: '성적 오류' });
  });

  it('is told by its kind where another version of the program wrote it', () => {
    expect(causeWords({ kind: 'correction', reason: 'something was corrected' })).toEqual({ en: 'something was corrected', ko: '정정된 기록이 규칙의 판정에 반영되었습니다' });
  });
});
