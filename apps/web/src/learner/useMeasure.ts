import type { CriterionProgress } from '../api/types.ts';
import { useLanguage } from '../language.ts';
import { amountOf, comparedBy } from './measure.ts';

/** How pages write what was reached of a criterion, alone and beside what was needed. */
export const useMeasure = () => {
  const { t, language } = useLanguage();
  const amount = (value: number, unit: CriterionProgress['unit']): string => amountOf(value, unit, language);
  const measure = (progress: CriterionProgress): string => {
    const { value, needed, unit } = progress;
    return t(`path.measure.${comparedBy(progress)}`, { value: amount(value, unit), needed: amount(needed, unit) });
  };
  return { amount, measure };
};
