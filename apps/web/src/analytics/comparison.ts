const DAY_MS = 86_400_000;

/** Days from one to another, both meant. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** With what one can compare: the time of the same length before, the same days a year before, other days, or nothing. */
export const AGAINST = ['before', 'year', 'other', 'nothing'] as const;
export type Against = (typeof AGAINST)[number];

/** What says which times are asked for. */
interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly against?: Against;
  readonly otherFrom?: string;
  readonly otherTo?: string;
}

const shifted = (day: string, days: number): string => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** The same day of the year before; of the 29th of February the 28th. */
const yearBefore = (day: string): string => {
  const [year = '', rest = ''] = [day.slice(0, 4), day.slice(4)];
  const same = `${String(Number(year) - 1).padStart(4, '0')}${rest}`;
  return Number.isNaN(Date.parse(same)) || new Date(same).toISOString().slice(0, 10) !== same ? `${same.slice(0, 8)}28` : same;
};

/** The time that is asked for, up to today where it has no end; undefined where it has no beginning: nothing is as long as that. */
export const periodOf = ({ from, to }: Pick<Asked, 'from' | 'to'>, today: string): Period | undefined => {
  const last = to ?? today;
  return from === undefined || last < from ? undefined : { from, to: last };
};

/** The time to compare with. */
export const comparedPeriod = ({ against = 'before', otherFrom, otherTo, ...asked }: Asked, today: string): Period | undefined => {
  const period = periodOf(asked, today);
  if (!period || against === 'nothing') return undefined;
  if (against === 'other') return otherFrom !== undefined && otherTo !== undefined && otherFrom <= otherTo ? { from: otherFrom, to: otherTo } : undefined;
  if (against === 'year') return { from: yearBefore(period.from), to: yearBefore(period.to) };
  const length = Math.round((Date.parse(period.to) - Date.parse(period.from)) / DAY_MS) + 1;
  return { from: shifted(period.from, -length), to: shifted(period.from, -1) };
};

/** How a figure has changed: by how much, and by which share of what it was; undefined where one of the two is not known. */
export const changeOf = (now: number | null, then: number | null): { readonly by: number; readonly share: number | undefined } | undefined =>
  now === null || then === null ? undefined : { by: now - then, share: then === 0 ? undefined : (now - then) / then };
