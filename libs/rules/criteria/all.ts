import type { CriterionKind } from '../criterion.js';
import { count } from './count.js';
import { mean } from './mean.js';
import { none } from './none.js';
import { points } from './points.js';
import { score } from './score.js';
import { sum } from './sum.js';

/** Every kind of leaf criterion, by keyword. */
export const CRITERIA: ReadonlyMap<string, CriterionKind> = new Map(
  [count, mean, none, points, score, sum].map((kind) => [kind.keyword, kind]),
);

/** The kind of a parsed criterion; parsing lets only known keywords through. */
export const kindOf = (keyword: string): CriterionKind => {
  const kind = CRITERIA.get(keyword);
  if (!kind) throw new Error(`unknown criterion "${keyword}"`);
  return kind;
};
