import type { Fact } from '#domain/facts.js';
import type { Zone } from '#rules/calendar.js';
import { plain, type Names, type Words } from '#rules/words.js';

const STATUS: Readonly<Record<string, Words>> = {
  present: { en: 'present', ko: '출석' },
  late: { en: 'late', ko: '지각' },
  excused: { en: 'excused', ko: '공결' },
  absent: { en: 'absent', ko: '결석' },
};

const WHAT: Readonly<Record<Fact['type'], Words>> = {
  Enrolled: { en: 'enrolled', ko: '수강 등록' },
  Withdrawn: { en: 'withdrew', ko: '수강 철회' },
  AttendanceMarked: { en: 'attendance', ko: '출석' },
  AssignmentSubmitted: { en: 'handed in', ko: '제출' },
  AssignmentGraded: { en: 'graded', ko: '채점' },
  MissionStarted: { en: 'mission started', ko: '미션 시작' },
  MissionCompleted: { en: 'mission completed', ko: '미션 완료' },
  ExtensionGranted: { en: 'extension granted', ko: '기한 연장' },
  LearnerFlagged: { en: 'flagged', ko: '주의 기록' },
  ApprovalGiven: { en: 'approved', ko: '승인' },
  BadgeHeld: { en: 'badge held', ko: '배지 보유' },
  CourseOpened: { en: 'course opened', ko: '개강' },
  SessionHeld: { en: 'session held', ko: '수업' },
  AssignmentPublished: { en: 'assignment published', ko: '과제 공개' },
  MissionPublished: { en: 'mission published', ko: '미션 공개' },
  CourseClosed: { en: 'course closed', ko: '종강' },
};

const DAY = 86_400_000;

/** A day, counted from 1970-01-01, as ISO 8601 writes it. */
export const isoDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

const valueOf = ({ type, values: { score, max, status } }: Fact): Words | undefined => {
  if (type === 'AssignmentGraded' && score !== undefined) {
    const of = max === undefined ? plain(score) : `${plain(score)}/${plain(max)}`;
    return { en: of, ko: of };
  }
  return type === 'AttendanceMarked' && status !== undefined ? STATUS[status] : undefined;
};

/**
 * What an approval rests on: its attributes "reason" and "evidence". Who approved is a person, or a role: what the class
 * system calls them by id stays out of what strangers read.
 */
const groundsOf = ({ type, values: { attributes } }: Fact): string => {
  if (type !== 'ApprovalGiven') return '';
  const { reason, evidence } = attributes ?? {};
  return `${typeof reason === 'string' && reason.trim() !== '' ? `: ${reason.trim()}` : ''}${typeof evidence === 'string' && evidence.trim() !== '' ? ` (${evidence.trim()})` : ''}`;
};

/** What people call it; ids of the class system say nothing to strangers, and may say too much. */
const nameOf = ({ type, activity, values: { title } }: Fact, names: Names): string | Words | undefined => {
  if (activity === undefined) return title;
  return type === 'BadgeHeld' || type === 'ApprovalGiven' ? names.badge(activity) : (names.activity(activity) ?? title);
};

/** One fact as evidence, without ids: when, what, and with which value ("2026-09-14: Essay 1, graded 18/20"). */
export const factWords = (fact: Fact, names: Names, zone: Zone): Words => {
  const name = nameOf(fact, names);
  const value = valueOf(fact);
  const what = WHAT[fact.type];
  const line = (language: keyof Words): string => {
    const title = typeof name === 'object' ? name[language] : name;
    const said = value ? `${what[language]} ${value[language]}` : what[language];
    return `${isoDay(zone.dayOf(fact.time))}: ${title === undefined ? said : `${title}, ${said}`}${groundsOf(fact)}`;
  };
  return { en: line('en'), ko: line('ko') };
};
