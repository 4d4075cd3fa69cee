import type { Backtest } from '#awarding/backtest.js';
import type { AwardRate } from '#rules/lint/subject.js';

/** How many learners a backtest found to have earned the badge; undefined where it does not know of all, or cannot yet. */
export const awardRateOf = ({ complete, decided, eligible, earned }: Backtest): AwardRate | undefined =>
  complete && decided ? { eligible, awarded: earned } : undefined;
