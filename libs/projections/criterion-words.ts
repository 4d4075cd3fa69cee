import type { LearnerFactType } from '#domain/learning-event.js';
import type { CriterionVerdict, Unit } from '#domain/verdict.js';
import type { CriterionNode } from '#rules/criterion.js';
import type { Criterion } from '#rules/rule.js';
import type { Selector } from '#rules/selector.js';

/** A text for people, in the languages of the product. */
export interface Words {
  readonly en: string;
  readonly ko: string;
}

/** The name of an activity, where it is known. */
export type TitleOf = (activity: string) => string | undefined;

/** What is still needed: how much, and in words. */
export interface Missing {
  readonly amount: number;
  readonly unit: Unit;
  readonly text: Words;
}

interface Noun {
  readonly one: string;
  readonly many: string;
  readonly ko: string;
}

const NOUNS: Readonly<Record<LearnerFactType, Noun>> = {
  Enrolled: { one: 'enrolment', many: 'enrolments', ko: '수강 등록' },
  Withdrawn: { one: 'withdrawal', many: 'withdrawals', ko: '수강 철회' },
  AttendanceMarked: { one: 'attendance mark', many: 'attendance marks', ko: '출석 기록' },
  AssignmentSubmitted: { one: 'submission', many: 'submissions', ko: '과제 제출' },
  AssignmentGraded: { one: 'graded assignment', many: 'graded assignments', ko: '채점된 과제' },
  MissionStarted: { one: 'started mission', many: 'started missions', ko: '시작한 미션' },
  MissionCompleted: { one: 'completed mission', many: 'completed missions', ko: '완료한 미션' },
  ExtensionGranted: { one: 'extension', many: 'extensions', ko: '기한 연장' },
  LearnerFlagged: { one: 'flag', many: 'flags', ko: '주의 기록' },
  ApprovalGiven: { one: 'approval', many: 'approvals', ko: '승인' },
};

const UNITS: Readonly<Record<Unit, Noun>> = {
  count: { one: 'time', many: 'times', ko: '번' },
  percent: { one: 'percentage point', many: 'percentage points', ko: '퍼센트포인트' },
  points: { one: 'point', many: 'points', ko: '점' },
  days: { one: 'day', many: 'days', ko: '일' },
  weeks: { one: 'week', many: 'weeks', ko: '주' },
  activities: { one: 'activity', many: 'activities', ko: '개' },
  criteria: { one: 'condition', many: 'conditions', ko: '개 조건' },
};

const STATUS_KO: Readonly<Record<string, string>> = { present: '출석', late: '지각', excused: '공결', absent: '결석' };

/** A number as people read it: at most two decimals. */
export const plain = (value: number): string => String(Math.round(value * 100) / 100);

const plural = (noun: Noun, amount: number): string => (amount === 1 ? noun.one : noun.many);

const daysOf = ({ fromDay, toDay }: Selector): Words | undefined => {
  if (fromDay !== undefined && toDay !== undefined) return { en: `course days ${fromDay} to ${toDay}`, ko: `강의 ${fromDay}~${toDay}일차` };
  if (toDay !== undefined) return { en: `by course day ${toDay}`, ko: `강의 ${toDay}일차까지` };
  if (fromDay !== undefined) return { en: `from course day ${fromDay}`, ko: `강의 ${fromDay}일차부터` };
  return undefined;
};

/** What narrows the facts down, in brackets; '' where nothing does. */
const narrowing = (select: Selector, titleOf: TitleOf): Words => {
  const parts: Words[] = [];
  if (select.kind !== undefined) parts.push({ en: select.kind, ko: select.kind });
  if (select.tag !== undefined) parts.push({ en: `tagged “${select.tag}”`, ko: `‘${select.tag}’ 태그` });
  if (select.activities) {
    const names = select.activities.map((activity) => titleOf(activity) ?? activity).join(', ');
    parts.push({ en: names, ko: names });
  }
  if (select.statuses) {
    const ko = select.statuses.map((status) => STATUS_KO[status] ?? status).join('·');
    parts.push({ en: select.statuses.join(' or '), ko });
  }
  const days = daysOf(select);
  if (days) parts.push(days);
  if (parts.length === 0) return { en: '', ko: '' };
  return { en: ` (${parts.map(({ en }) => en).join(', ')})`, ko: ` (${parts.map(({ ko }) => ko).join(', ')})` };
};

const countLabel = (node: CriterionNode, needed: number, noun: Noun, only: Words): Words => {
  const facts = `${plural(noun, needed)}${only.en}`;
  const all = `${noun.many}${only.en}`;
  const ko = `${noun.ko}${only.ko}`;
  switch (node.settings['distinct']) {
    case 'activity':
      return { en: `At least ${needed} different ${facts}`, ko: `서로 다른 ${ko} ${needed}개 이상` };
    case 'course-day':
      return { en: `On at least ${needed} different days: ${all}`, ko: `서로 다른 ${needed}일 이상: ${ko}` };
    case 'course-week':
      return { en: `In at least ${needed} different weeks: ${all}`, ko: `서로 다른 ${needed}주 이상: ${ko}` };
    default:
      return { en: `At least ${needed} ${facts}`, ko: `${ko} ${needed}개 이상` };
  }
};

const leafLabel = (node: CriterionNode, verdict: CriterionVerdict, titleOf: TitleOf): Words => {
  const noun = NOUNS[node.select.type];
  const only = narrowing(node.select, titleOf);
  const needed = plain(verdict.needed);
  switch (node.keyword) {
    case 'count':
      return countLabel(node, verdict.needed, noun, only);
    case 'mean':
      return { en: `Average of ${noun.many}${only.en} at least ${needed} %`, ko: `${noun.ko}${only.ko} 평균 ${needed}% 이상` };
    case 'none':
      return { en: `No ${noun.one}${only.en}`, ko: `${noun.ko} 없음${only.ko}` };
    default: {
      const unit = UNITS[verdict.unit];
      return { en: `${node.keyword}: at least ${needed} ${plural(unit, verdict.needed)}, ${noun.many}${only.en}`, ko: `${noun.ko}${only.ko} ${needed}${unit.ko} 이상` };
    }
  }
};

const GROUPS: Readonly<Record<'all' | 'any' | 'not', Words>> = {
  all: { en: 'All of these', ko: '다음을 모두 충족' },
  any: { en: 'Any one of these', ko: '다음 중 하나 이상 충족' },
  not: { en: 'Not this', ko: '다음에 해당하지 않음' },
};

/** What a criterion asks for. */
export const labelOf = (criterion: Criterion, verdict: CriterionVerdict, titleOf: TitleOf): Words =>
  'leaf' in criterion ? leafLabel(criterion.leaf, verdict, titleOf) : GROUPS[criterion.group];

const leafMissing = (node: CriterionNode, { value, needed, unit, evidence }: CriterionVerdict): Missing => {
  const noun = NOUNS[node.select.type];
  if (node.keyword === 'none') {
    const text = { en: `Not possible while ${value} ${plural(noun, value)} on record`, ko: `${noun.ko} ${value}건이 기록되어 있어 충족할 수 없음` };
    return { amount: value, unit, text };
  }
  const amount = Math.max(0, Math.round((needed - value) * 100) / 100);
  if (node.keyword === 'mean') {
    const text =
      evidence.length === 0
        ? { en: 'No score yet', ko: '아직 점수가 없음' }
        : { en: `The average must rise by ${plain(amount)} points`, ko: `평균이 ${plain(amount)}점 더 올라야 함` };
    return { amount, unit, text };
  }
  if (unit === 'count' || unit === 'activities') {
    return { amount, unit, text: { en: `${plain(amount)} more ${plural(noun, amount)}`, ko: `${noun.ko} ${plain(amount)}개 더 필요` } };
  }
  const words = UNITS[unit];
  return { amount, unit, text: { en: `${plain(amount)} more ${plural(words, amount)}`, ko: `${plain(amount)}${words.ko} 더 필요` } };
};

/** What a criterion that is not met still needs. */
export const missingOf = (criterion: Criterion, verdict: CriterionVerdict): Missing => {
  if ('leaf' in criterion) return leafMissing(criterion.leaf, verdict);
  const { unit } = verdict;
  const unmet = (verdict.parts ?? []).filter(({ met }) => !met).length;
  switch (criterion.group) {
    case 'all':
      return { amount: unmet, unit, text: { en: `${unmet} more of these`, ko: `이 중 ${unmet}개 더 필요` } };
    case 'any':
      return { amount: 1, unit, text: { en: 'One of these', ko: '이 중 하나 필요' } };
    case 'not':
      return { amount: verdict.value, unit, text: { en: 'Not possible while this holds', ko: '이 조건이 성립하는 동안 충족할 수 없음' } };
  }
};
