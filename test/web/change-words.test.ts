import { changeWords } from '../../apps/web/src/studio/change-words.js';

describe('a difference between two versions of a rule', () => {
  it.each<[string, string, string, string]>([
    ['decides', 'as-soon-as-met', 'as soon as it is met', '충족하는 즉시'],
    ['decides', 'at-close: period', 'At the end of: each period', '종료 시점: 각 기간'],
    ['decides', 'at-close: course-day 9', 'At the end of: Day of the course 9', '종료 시점: 개강 후 일수 9'],
    ['when-corrected', 'revoke', 'the badge is taken back', '배지를 회수'],
    ['stakes', 'high', 'high: two people for each change', '높음: 변경하려면 두 사람이 필요'],
    ['recurs', '{"each":"half-year"}', 'Each: half-year', '반복 단위: 반기'],
    ['tags', '["sql","data"]', 'sql, data', 'sql, data'],
    ['level', '{"name":{"en":"Silver","ko":"은"},"of":"sql","rank":2}', 'Name: Silver, Of: sql, Rank: 2', '이름: 은, 대상: sql, 순서: 2'],
    ['alignments', '[{"framework":"ESCO","name":"SQL","url":"https://x.test"}]', 'Framework: ESCO, Name: SQL, Address: https://x.test', '역량 체계: ESCO, 이름: SQL, 주소: https://x.test'],
    ['name', 'en: Good; ko: 좋은', 'English: Good; Korean: 좋은', '영어: Good; 한국어: 좋은'],
    ['criteria-text', '[not JSON]', '[not JSON]', '[not JSON]'],
    ['criteria', 'all(count, any(mean, not(none)))', 'All of these (How many, Any of these (Average, Not this (None)))', '모두 충족 (횟수, 하나 이상 충족 (평균, 충족하지 않을 것 (없을 것)))'],
    ['criteria', 'at least 1 of(count, attendance-rate)', 'Some of these: At least 1 (How many, Attendance)', '일정 개수 이상 충족: 최소 1 (횟수, 출석률)'],
    ['criteria all[0].count', 'At least 2 missions', 'At least 2 missions', 'At least 2 missions'],
  ])('reads to people as the builder says it: %s %s', (part, text, en, ko) => {
    expect([changeWords(part, text, 'en'), changeWords(part, text, 'ko')]).toEqual([en, ko]);
  });
  it('says validity in the words of both', () => {
    expect([changeWords('validity', 'for 2 weeks, renewal: earn-again', 'en'), changeWords('validity', '2주, renewal: none', 'ko')]).toEqual(['for 2 weeks, Renewal: by earning it again', '2주, 갱신: 없음']);
  });
});
