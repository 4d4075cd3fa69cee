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
}
/** What the address of the list of awards says. */
export interface AwardsSearch extends Filter {
  readonly state?: SoughtState;
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
  return { ...filterIn(said), ...(interval && { interval }) };
};

/** What an address asks of the list of awards; what makes no sense there is left out. */
export const awardsSearch = (said: Said): AwardsSearch => {
  const state = SOUGHT_STATES.find((one) => one === said['state']);
  return { ...filterIn(said), ...(state && { state }) };
};
