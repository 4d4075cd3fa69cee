import type { Fact } from '#domain/facts.js';
import type { CriterionNode } from '../criterion.js';
import type { Selector } from '../selector.js';
import type { Words } from '../words.js';

/** The most that a criterion can ever find, and why no more. */
export interface Bound {
  readonly most: number;
  readonly because: Words;
  /** False where the course could still come to offer more. */
  readonly sure: boolean;
}

const bound = (most: number, en: string, ko: string, sure = true): Bound => ({ most, because: { en, ko }, sure });

/** Days in a window that has both ends. */
const daysIn = ({ fromDay, toDay, fromEnrolmentDay, toEnrolmentDay, fromDate, toDate }: Selector): number => {
  const length = (from: number | undefined, to: number | undefined): number => (from === undefined || to === undefined ? Infinity : to - from + 1);
  return Math.min(length(fromDay, toDay), length(fromEnrolmentDay, toEnrolmentDay), length(fromDate, toDate));
};

/** Course weeks that a window can touch. */
const weeksIn = (select: Selector): number => {
  const { fromDay, toDay } = select;
  const days = daysIn(select);
  const anywhere = days === 1 ? 1 : Math.floor((days - 2) / 7) + 2;
  return Math.min(anywhere, fromDay === undefined || toDay === undefined ? Infinity : Math.floor(toDay / 7) - Math.floor(fromDay / 7) + 1);
};

const OFFERED_AS: Readonly<Partial<Record<Selector['type'], Fact['type']>>> = {
  AttendanceMarked: 'SessionHeld',
  AssignmentSubmitted: 'AssignmentPublished',
  AssignmentGraded: 'AssignmentPublished',
  MissionStarted: 'MissionPublished',
  MissionCompleted: 'MissionPublished',
};

/** How many activities of a kind a course offers; undefined where it says nothing of such activities. */
const offered = ({ type, tag, kind, activities }: Selector, offers: readonly Fact[]): number | undefined => {
  const ofType = offers.filter((offer) => offer.type === OFFERED_AS[type]);
  if (ofType.length === 0) return undefined;
  const fitting = ofType.filter(
    ({ activity, values }) =>
      (tag === undefined || values.tags?.includes(tag)) && (kind === undefined || values.kind === kind) && (!activities || activities.includes(activity ?? '')),
  );
  return new Set(fitting.map(({ activity }) => activity)).size;
};

const boundsOfCount = (select: Selector, distinct: unknown, offers: readonly Fact[] | undefined): readonly Bound[] => {
  if (distinct === 'activity') {
    const bounds: Bound[] = [];
    if (select.activities) {
      const named = new Set(select.activities).size;
      bounds.push(bound(named, `it names ${named}`, `${named}개만 지정되어 있음`));
    }
    const known = offers && offered(select, offers);
    if (known !== undefined) bounds.push(bound(known, `the course offers ${known}`, `강의가 ${known}개를 제공함`, false));
    return bounds;
  }
  if (distinct === 'course-day') {
    const days = daysIn(select);
    return days === Infinity ? [] : [bound(days, `its window has ${days} day${days === 1 ? '' : 's'}`, `기간이 ${days}일임`)];
  }
  if (distinct === 'course-week') {
    const weeks = weeksIn(select);
    return weeks === Infinity ? [] : [bound(weeks, `its window touches ${weeks} course week${weeks === 1 ? '' : 's'}`, `기간이 ${weeks}주에 걸침`)];
  }
  return [];
};

/** What bounds the value of a leaf, if anything does. */
export const boundsOf = ({ keyword, selects: [select], settings }: CriterionNode, offers: readonly Fact[] | undefined): readonly Bound[] =>
  keyword === 'count' && select ? boundsOfCount(select, settings['distinct'], offers) : [];
