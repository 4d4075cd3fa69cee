import type { Unit } from '#domain/verdict.js';
import { isOfAnyCourse, type SelectedType, type Selector } from './selector.js';

/** A text for people, in the languages of the product. */
export interface Words {
  readonly en: string;
  readonly ko: string;
}

/** The names of things that rules mention by id, where they are known. */
export interface Names {
  readonly activity: (id: string) => string | undefined;
  readonly badge: (id: string) => Words | undefined;
  /** The badges of a level family from a rank on, the lowest first; none where they are not known. */
  readonly levels: (of: string, fromRank: number) => readonly Words[];
}

/** Nothing has a name. */
export const NO_NAMES: Names = { activity: () => undefined, badge: () => undefined, levels: () => [] };

/** What is still needed: how much, and in words. */
export interface Missing {
  readonly amount: number;
  readonly unit: Unit;
  readonly text: Words;
  /** What is on record stands in the way, and nothing new outweighs it. */
  readonly impossible?: true;
}

/** A thing with its plural. */
export interface Noun {
  readonly one: string;
  readonly many: string;
  readonly ko: string;
  /** The Korean counter, where it is not the one for things. */
  readonly counter?: string;
}

/** What people call the facts of a type. */
export const NOUNS: Readonly<Record<SelectedType, Noun>> = {
  Enrolled: { one: 'enrolment', many: 'enrolments', ko: '수강 등록', counter: '건' },
  Withdrawn: { one: 'withdrawal', many: 'withdrawals', ko: '수강 철회', counter: '건' },
  AttendanceMarked: { one: 'attendance mark', many: 'attendance marks', ko: '출석 기록', counter: '건' },
  AssignmentSubmitted: { one: 'submission', many: 'submissions', ko: '과제 제출', counter: '건' },
  AssignmentGraded: { one: 'graded assignment', many: 'graded assignments', ko: '채점된 과제' },
  MissionStarted: { one: 'started mission', many: 'started missions', ko: '시작한 미션' },
  MissionCompleted: { one: 'completed mission', many: 'completed missions', ko: '완료한 미션' },
  ExtensionGranted: { one: 'extension', many: 'extensions', ko: '기한 연장', counter: '건' },
  LearnerFlagged: { one: 'flag', many: 'flags', ko: '주의 기록', counter: '건' },
  ApprovalGiven: { one: 'approval', many: 'approvals', ko: '승인', counter: '건' },
  BadgeHeld: { one: 'badge', many: 'badges', ko: '배지' },
};

/** What people call units. */
export const UNITS: Readonly<Record<Unit, Noun>> = {
  count: { one: 'time', many: 'times', ko: '번' },
  percent: { one: 'percentage point', many: 'percentage points', ko: '퍼센트포인트' },
  points: { one: 'point', many: 'points', ko: '점' },
  days: { one: 'day', many: 'days', ko: '일' },
  weeks: { one: 'week', many: 'weeks', ko: '주' },
  activities: { one: 'activity', many: 'activities', ko: '개' },
  criteria: { one: 'condition', many: 'conditions', ko: '개 조건' },
  steps: { one: 'step', many: 'steps', ko: '단계' },
  badges: { one: 'badge', many: 'badges', ko: '개 배지' },
  approvals: { one: 'approval', many: 'approvals', ko: '건 승인' },
};

const STATUS_KO: Readonly<Record<string, string>> = { present: '출석', late: '지각', excused: '공결', absent: '결석' };

/** A number as people read it: at most two decimals. */
export const plain = (value: number): string => String(Math.round(value * 100) / 100);

/** One or many of a thing. */
export const plural = (noun: Noun, amount: number): string => (amount === 1 ? noun.one : noun.many);

/** So many of a thing, as Korean counts them. */
export const countedKo = ({ counter = '개' }: Noun, amount: number): string => `${plain(amount)}${counter}`;

/** A day of the course in Korean, whose ordinals count from 1; ours count from 0. */
export const courseDayKo = (day: number): string => (day === 0 ? '개강일' : day > 0 ? `개강 ${day}일 후` : `개강 ${-day}일 전`);

/** A length of time as people say it; milliseconds. */
export const span = (length: number): Words => {
  for (const [size, en, ko] of [[604_800_000, 'week', '주'], [86_400_000, 'day', '일'], [3_600_000, 'hour', '시간']] as const) {
    const amount = length / size;
    if (Number.isInteger(amount)) return { en: `${amount} ${en}${amount === 1 ? '' : 's'}`, ko: `${amount}${ko}` };
  }
  return { en: `${plain(length / 60_000)} minutes`, ko: `${plain(length / 60_000)}분` };
};

const between = (from: number | undefined, to: number | undefined, en: (day: number) => string, ko: (day: number) => string): Words[] => {
  if (from !== undefined && to !== undefined) return [{ en: `${en(from)} to ${en(to)}`, ko: `${ko(from)}~${ko(to)}` }];
  if (to !== undefined) return [{ en: `by ${en(to)}`, ko: `${ko(to)}까지` }];
  if (from !== undefined) return [{ en: `from ${en(from)}`, ko: `${ko(from)}부터` }];
  return [];
};

/** A calendar day as files have it; days since 1970-01-01. */
export const date = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

/** What narrows the facts down, in brackets; '' where nothing does. */
export const narrowing = (select: Selector, names: Names): Words => {
  const parts: Words[] = [];
  const { kind, tag, role, minScore } = select;
  if (kind !== undefined) parts.push({ en: kind, ko: kind });
  if (tag !== undefined) parts.push({ en: `tagged “${tag}”`, ko: `‘${tag}’ 태그` });
  if (role !== undefined) parts.push(role === 'staff' ? { en: 'as staff', ko: '교직원' } : { en: 'as a learner', ko: '학습자' });
  if (minScore !== undefined) parts.push({ en: `with at least ${plain(minScore)} %`, ko: `${plain(minScore)}% 이상` });
  if (select.activities) {
    const named = select.activities.map((id) => (isOfAnyCourse(select.type) ? names.badge(id) : names.activity(id)) ?? id);
    const of = (language: 'en' | 'ko'): string => named.map((name) => (typeof name === 'string' ? name : name[language])).join(', ');
    parts.push({ en: of('en'), ko: of('ko') });
  }
  if (select.statuses) {
    parts.push({ en: select.statuses.join(' or '), ko: select.statuses.map((status) => STATUS_KO[status] ?? status).join('·') });
  }
  const { fromDay, toDay, fromEnrolmentDay, toEnrolmentDay, fromDate, toDate } = select;
  parts.push(...between(fromDay, toDay, (day) => `course day ${day}`, courseDayKo));
  parts.push(...between(fromEnrolmentDay, toEnrolmentDay, (day) => `day ${day} after enrolment`, (day) => `수강 등록 ${day}일 후`));
  parts.push(...between(fromDate, toDate, date, date));
  if (parts.length === 0) return { en: '', ko: '' };
  return { en: ` (${parts.map(({ en }) => en).join(', ')})`, ko: `(${parts.map(({ ko }) => ko).join(', ')})` };
};
