import type { Fact } from '#domain/facts.js';
import type { CriterionNode } from '../criterion.js';
import type { Selector } from '../selector.js';
import { plain, type Words } from '../words.js';

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
    if (known !== undefined) bounds.push(bound(known, `the course offers ${known}`, `과정이 ${known}개를 제공함`, false));
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

/** What a streak counts, as what a count tells apart. */
const STREAK_OF: Readonly<Record<string, string>> = { day: 'course-day', week: 'course-week', session: 'activity' };

/** The points that all sources give together, where each of them is limited. */
const boundOfPoints = (from: readonly { readonly 'at-most'?: number }[]): readonly Bound[] => {
  const most = from.reduce((sum, source) => sum + (source['at-most'] ?? Infinity), 0);
  return most === Infinity ? [] : [bound(most, `its sources give at most ${plain(most)} points`, `항목에서 얻을 수 있는 점수가 최대 ${plain(most)}점임`)];
};

/** What bounds the value of a leaf, if anything does. */
export const boundsOf = (node: CriterionNode, offers: readonly Fact[] | undefined): readonly Bound[] => {
  const { keyword, selects, settings } = node;
  const select = selects.find(({ type }) => type in OFFERED_AS) ?? selects[0];
  if (!select) return [];
  switch (keyword) {
    case 'count':
      return boundsOfCount(select, settings['distinct'], offers);
    case 'streak':
      return boundsOfCount(select, STREAK_OF[(settings['per'] as string | undefined) ?? 'day'], offers);
    case 'score':
      return boundsOfCount(select, 'activity', offers);
    case 'points':
      return boundOfPoints(settings['from'] as readonly { readonly 'at-most'?: number }[]);
    default:
      return [];
  }
};

/** How much a leaf asks for, in the terms of its bounds, and the setting that says so; undefined where it does not. */
export const askedOf = ({ keyword, settings }: CriterionNode): { readonly setting: string; readonly least: number } | undefined => {
  const setting = keyword === 'score' ? 'in' : 'at-least';
  const least = settings[setting];
  return typeof least === 'number' ? { setting, least } : undefined;
};

/** Whether the windows of the steps of an order leave no time for one of them. */
export const isBackwards = ({ keyword, settings }: CriterionNode): boolean => {
  if (keyword !== 'sequence') return false;
  let begin = -Infinity;
  return (settings['steps'] as readonly Selector[]).some(({ fromDay, toDay }) => {
    begin = Math.max(begin, fromDay ?? -Infinity);
    return (toDay ?? Infinity) < begin;
  });
};
