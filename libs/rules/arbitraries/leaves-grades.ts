import fc from 'fast-check';
import { kindOf } from '../criteria/all.js';
import type { CriterionNode, Settings } from '../criterion.js';
import type { Selector } from '../selector.js';
import { withoutUndefined } from './histories.js';
import { selector, selectorOf } from './selectors.js';

/* TEST SUPPORT: random leaf criteria on grades and points. */

const or = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 2 });

const grades = selectorOf('AssignmentGraded');
const percent = fc.constantFrom(0, 1, 50, 66.7, 70);

const late = or(
  fc.oneof(
    fc.constantFrom('count', 'zero'),
    fc.record({ 'percent-per-day': fc.constantFrom(3.3, 20, 60), 'at-most': or(fc.constantFrom(10, 66.6)) }).map(withoutUndefined),
  ),
);

/** A leaf as the parser makes it. */
const leafOf = (keyword: string, settings: Settings, select?: Selector): CriterionNode => {
  const given = withoutUndefined(settings);
  return { keyword, settings: given, selects: kindOf(keyword).selects?.(given, select, 'b') ?? (select ? [select] : []) };
};

const mean: fc.Arbitrary<CriterionNode> = fc
  .record({
    select: grades,
    'at-least': percent,
    attempt: or(fc.constantFrom('latest', 'best', 'first', 'each')),
    weights: or(fc.constantFrom('equal', 'course')),
    bound: fc.constantFrom('best', 'drop-lowest', undefined, undefined),
    bounded: fc.integer({ min: 1, max: 3 }),
    missing: or(fc.constantFrom('leave-out', 'zero')),
    late,
  })
  .map(({ select, bound, bounded, ...settings }) => leafOf('mean', { ...settings, ...(bound && { [bound]: bounded }) }, select));

/** The mean that most rules ask for: grades taken one by one. */
const plainMean: fc.Arbitrary<CriterionNode> = fc
  .record({ select: grades, 'at-least': percent, attempt: or(fc.constantFrom('latest', 'best', 'first', 'each')) })
  .map(({ select, ...settings }) => leafOf('mean', settings, select));

const score: fc.Arbitrary<CriterionNode> = fc
  .record({
    select: grades,
    'at-least': percent,
    in: fc.constantFrom(undefined, 'any', 'all', 1, 2, 3),
    attempt: or(fc.constantFrom('latest', 'best', 'first')),
    late,
  })
  .map(({ select, ...settings }) => leafOf('score', settings, select));

const sum: fc.Arbitrary<CriterionNode> = fc
  .record({
    select: selector,
    'at-least': fc.constantFrom(0.3, 3, 60, 140),
    of: fc.constantFrom({ value: 'score' }, { value: 'max' }, { attribute: 'minutes' }),
  })
  .map(({ select, of, ...settings }) => leafOf('sum', { ...settings, ...of }, select));

const source = fc
  .record({
    select: selector,
    gives: fc.constantFrom({ each: 10 }, { each: 0.1 }, { score: 'percent' }, { score: 'points' }),
    'at-most': or(fc.constantFrom(5, 20, 100)),
    limit: fc.constantFrom(undefined, 'course-day', 'course-week', 'activity'),
    'at-most-per': fc.constantFrom(0.2, 15, 70),
  })
  .map(({ gives, limit: per, 'at-most-per': most, ...rest }) => withoutUndefined({ ...rest, ...gives, ...(per && { per, 'at-most-per': most }) }));

const points: fc.Arbitrary<CriterionNode> = fc
  .record({ 'at-least': fc.constantFrom(0.3, 10, 30, 100), from: fc.array(source, { minLength: 1, maxLength: 3 }) })
  .map((settings) => leafOf('points', settings));

/** Each of them by keyword. */
export const gradeLeaves: Readonly<Record<string, fc.Arbitrary<CriterionNode>>> = {
  mean: fc.oneof(plainMean, mean),
  score,
  sum,
  points,
};
