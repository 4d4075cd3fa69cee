import type { CriterionKind } from '../criterion.js';
import { absence } from './absence.js';
import { activityRate } from './activity-rate.js';
import { approval } from './approval.js';
import { attendanceRate } from './attendance-rate.js';
import { badges } from './badges.js';
import { cohort } from './cohort.js';
import { count } from './count.js';
import { mean } from './mean.js';
import { noneMissing } from './none-missing.js';
import { none } from './none.js';
import { points } from './points.js';
import { score } from './score.js';
import { sequence } from './sequence.js';
import { streak } from './streak.js';
import { sum } from './sum.js';

const OF_ONE_LEARNER: readonly CriterionKind[] = [
  count, none, sum, points, score, mean, attendanceRate, activityRate, noneMissing, streak, sequence, absence, badges, approval,
];

/** Every kind of leaf criterion, by keyword. */
export const CRITERIA: ReadonlyMap<string, CriterionKind> = new Map(
  [...OF_ONE_LEARNER, cohort(OF_ONE_LEARNER)].map((kind) => [kind.keyword, kind]),
);

/** The kind of a parsed criterion; parsing lets only known keywords through. */
export const kindOf = (keyword: string): CriterionKind => {
  const kind = CRITERIA.get(keyword);
  if (!kind) throw new Error(`unknown criterion "${keyword}"`);
  return kind;
};
