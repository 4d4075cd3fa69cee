import type { Cause } from '#domain/award.js';
import { changeOfCourse, REASONS, type Reason } from '#domain/cause-reasons.js';
import type { Words } from '#rules/words.js';

const WORDS: Readonly<Record<Reason, Words>> = {
  facts: { en: 'new records changed what the rule sees', ko: '새로운 기록이 규칙의 판정에 반영되었습니다' },
  correction: { en: 'corrected records changed what the rule sees', ko: '정정된 기록이 규칙의 판정에 반영되었습니다' },
  award: { en: 'a badge that the rule asks for was awarded or changed', ko: '이 배지에 필요한 다른 배지가 수여되거나 변경되었습니다' },
  time: { en: 'the time at which the rule changes its verdict has come', ko: '규칙의 판정이 바뀌는 시점이 되었습니다' },
  closing: { en: 'the time at which the rule decides has come', ko: '규칙이 판정하는 시점이 되었습니다' },
  ranked: { en: 'everybody in the course was ranked', ko: '과정의 전체 순위가 정해졌습니다' },
  validity: { en: 'the validity of the badge has ended', ko: '배지의 유효 기간이 끝났습니다' },
  erased: { en: 'the learner was erased', ko: '학습자의 정보가 삭제되었습니다' },
};
const BY_REASON: ReadonlyMap<string, Words> = new Map(Object.entries(REASONS).map(([name, reason]) => [reason, WORDS[name as Reason]]));

const COURSE: Readonly<Record<string, Words>> = {
  CourseOpened: { en: 'the course was opened', ko: '과정이 개설되었습니다' },
  CourseClosed: { en: 'the course was closed', ko: '과정이 종료되었습니다' },
  SessionHeld: { en: 'a session of the course was recorded', ko: '과정의 수업이 기록되었습니다' },
  AssignmentPublished: { en: 'an assignment of the course was published', ko: '과정의 과제가 공개되었습니다' },
  MissionPublished: { en: 'a mission of the course was published', ko: '과정의 미션이 공개되었습니다' },
};
const COURSE_OTHERWISE: Words = { en: 'what the course offers has changed', ko: '과정의 내용이 변경되었습니다' };

/** Of reasons that another version of the program has written, by what kind they are of. */
const BY_KIND: Readonly<Record<Exclude<Cause['kind'], 'person'>, string>> = {
  facts: WORDS.facts.ko, correction: WORDS.correction.ko, course: COURSE_OTHERWISE.ko, rule: '배지의 규칙이 공개되었습니다', award: WORDS.award.ko, time: WORDS.time.ko,
};

/** Why an award changed, for people. What a person has written stays in their language. */
export const causeWords = ({ kind, reason }: Pick<Cause, 'kind' | 'reason'>): Words => {
  const known = BY_REASON.get(reason);
  if (known) return known;
  if (kind === 'person') return { en: reason, ko: reason };
  const change = changeOfCourse(reason);
  return change === undefined ? { en: reason, ko: BY_KIND[kind] } : (COURSE[change] ?? COURSE_OTHERWISE);
};
