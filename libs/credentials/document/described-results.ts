import type { CriterionVerdict, Unit } from '#domain/verdict.js';
import { UNKNOWN_LEARNER } from '#rules/circumstances.js';
import { UNKNOWN_COURSE } from '#rules/course-context.js';
import { kindOf } from '#rules/criteria/all.js';
import { measureTree } from '#rules/evaluate.js';
import { labelOf } from '#rules/explain.js';
import { isLimit } from '#rules/limit.js';
import type { Criterion } from '#rules/rule.js';
import { NO_NAMES, type Words } from '#rules/words.js';

/** A mean, a rate or points that a rule asks for: OB 3.0 `ResultDescription`, before it is put into a language. */
export interface DescribedResult {
  /** Place in the rule, for example "all[1].mean". */
  readonly path: string;
  readonly label: Words;
  readonly resultType: 'Percent' | 'RawScore';
  /** What is needed; absent where the rule alone does not say, since a cohort settles it. */
  readonly needed?: number;
}

const RESULT_TYPES: Readonly<Partial<Record<Unit, DescribedResult['resultType']>>> = { percent: 'Percent', points: 'RawScore' };

const collect = (criterion: Criterion, { path, unit, needed, parts = [] }: CriterionVerdict): readonly DescribedResult[] => {
  if ('leaf' in criterion) {
    const { leaf } = criterion;
    const resultType = RESULT_TYPES[unit];
    const byCohort = kindOf(leaf.keyword).depends?.(leaf.settings).includes('cohort') === true;
    if (!resultType || (isLimit(leaf, needed) && !byCohort)) return [];
    return [{ path, label: labelOf(criterion, NO_NAMES), resultType, ...(!byCohort && { needed }) }];
  }
  if (criterion.group === 'not') return [];
  return criterion.parts.flatMap((part, i) => {
    const found = parts[i];
    return found ? collect(part, found) : [];
  });
};

/**
 * The results that a rule describes, whoever earns its badge and whatever the course is called by then: they follow from
 * the criteria alone, so that they are as immutable as the rule version. Counts are no results but evidence.
 */
export const describedResults = (criteria: Criterion): readonly DescribedResult[] =>
  collect(criteria, measureTree(criteria, [], { course: UNKNOWN_COURSE, learner: UNKNOWN_LEARNER }, 0));
