import type { CriterionKind } from '../criterion.js';
import { activityRate } from './activity-rate.js';
import { attendanceRate } from './attendance-rate.js';
import { count } from './count.js';
import { mean } from './mean.js';
import { noneMissing } from './none-missing.js';
import { none } from './none.js';
import { streak } from './streak.js';

/** Every kind of leaf criterion, by keyword. */
export const CRITERIA: ReadonlyMap<string, CriterionKind> = new Map(
  [count, mean, none, attendanceRate, activityRate, noneMissing, streak].map((kind) => [kind.keyword, kind]),
);

/** The kind of a parsed criterion; parsing lets only known keywords through. */
export const kindOf = (keyword: string): CriterionKind => {
  const kind = CRITERIA.get(keyword);
  if (!kind) throw new Error(`unknown criterion "${keyword}"`);
  return kind;
};
