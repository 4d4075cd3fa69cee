import type { Backtest } from '#awarding/backtest.js';
import type { ChangedOutcome, Difference } from '#awarding/difference.js';
import { isoTime } from '#projections/timeline-view.js';

const changedView = ({ earnedBefore, earnedAfter, ...changed }: ChangedOutcome) => ({
  ...changed,
  ...(earnedBefore !== undefined && { earnedBefore: isoTime(earnedBefore) }),
  ...(earnedAfter !== undefined && { earnedAfter: isoTime(earnedAfter) }),
});

/** A comparison as it is sent: times in ISO 8601. */
export const differenceView = ({ first, ...difference }: Difference) => ({
  ...difference,
  first: {
    gained: first.gained.map(changedView),
    lost: first.lost.map(changedView),
    earlier: first.earlier.map(changedView),
    later: first.later.map(changedView),
  },
});

/** A backtest as it is sent: times in ISO 8601. */
export const backtestView = ({ first, difference, ...result }: Backtest) => ({
  ...result,
  first: first.map(({ earnedAt, validUntil, ...award }) => ({
    ...award,
    earnedAt: isoTime(earnedAt),
    ...(validUntil !== undefined && { validUntil: isoTime(validUntil) }),
  })),
  ...(difference && { difference: differenceView(difference) }),
});

/** A backtest as it is sent. */
export type BacktestView = ReturnType<typeof backtestView>;
