import { AGAINST, type Against } from './comparison.ts';
import { INTERVALS, isDay, type Interval } from './days.ts';

/** States in which one can look for awards. */
export const SOUGHT_STATES = ['active', 'suspended', 'revoked', 'expired'] as const;
type SoughtState = (typeof SOUGHT_STATES)[number];

/** What figures are about; the last day is meant with it. */
export interface Filter {
  readonly from?: string;
  readonly to?: string;
  readonly course?: string;
  readonly badge?: string;
}
/** What the address of the analytics says. */
export interface AnalyticsSearch extends Filter {
  readonly interval?: Interval;
  /** With what figures of a time are compared; the time before where absent. */
  readonly against?: Against;
  readonly otherFrom?: string;
  readonly otherTo?: string;
}
/** What the address of the list of awards says. */
export interface AwardsSearch extends Filter {
  readonly state?: SoughtState;
}

/** What the address of the learners behind a figure says; no time, since it is about now. */
export interface LearnersSearch {
  /** '' for who is in no department. */
  readonly group?: string;
  readonly competency?: string;
  readonly course?: string;
  readonly badge?: string;
}

/** What the address of the learners on the way to a role says: how many of its badges they hold. */
export interface RoleSearch {
  readonly from?: number;
  readonly to?: number;
}

type Said = Readonly<Record<string, unknown>>;

// The router reads an id of digits alone as a number.
const idIn = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined);

const filterIn = ({ from, to, course, badge }: Said): Filter => {
  const [ofCourse, ofBadge] = [idIn(course), idIn(badge)];
  return { ...(isDay(from) && { from }), ...(isDay(to) && { to }), ...(ofCourse !== undefined && { course: ofCourse }), ...(ofBadge !== undefined && { badge: ofBadge }) };
};

// The router adds to what is found here whatever else the address says, so that pages read it by these functions, too.
/** What an address asks of the analytics; what makes no sense there is left out. */
export const analyticsSearch = (said: Said): AnalyticsSearch => {
  const interval = INTERVALS.find((one) => one === said['interval']);
  const against = AGAINST.find((one) => one === said['against']);
  const [otherFrom, otherTo] = [said['otherFrom'], said['otherTo']];
  return { ...filterIn(said), ...(interval && { interval }), ...(against && { against }), ...(isDay(otherFrom) && { otherFrom }), ...(isDay(otherTo) && { otherTo }) };
};

/** What an address asks of the list of awards; what makes no sense there is left out. */
export const awardsSearch = (said: Said): AwardsSearch => {
  const state = SOUGHT_STATES.find((one) => one === said['state']);
  return { ...filterIn(said), ...(state && { state }) };
};

const textIn = (value: unknown): string | undefined => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value === 'string' ? value : undefined);

/** What an address asks of the learners behind a figure; what makes no sense there is left out. */
export const learnersSearch = ({ group, competency, course, badge }: Said): LearnersSearch => {
  const [inGroup, holds, ofCourse, ofBadge] = [textIn(group), idIn(competency), idIn(course), idIn(badge)];
  return { ...(inGroup !== undefined && { group: inGroup }), ...(holds !== undefined && { competency: holds }), ...(ofCourse !== undefined && { course: ofCourse }), ...(ofBadge !== undefined && { badge: ofBadge }) };
};

const countIn = (value: unknown): number | undefined => (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 1_000 ? Number(value) : undefined);

/** What an address asks of the learners on the way to a role; what makes no sense there is left out. */
export const roleSearch = ({ from, to }: Said): RoleSearch => {
  const [least, most] = [countIn(from), countIn(to)];
  return { ...(least !== undefined && { from: least }), ...(most !== undefined && { to: most }) };
};
