import type { CriterionProgress } from '../api/types.ts';

type Measured = Pick<CriterionProgress, 'value' | 'needed' | 'unit' | 'atMost'>;

/** How what was reached is told beside what was needed: "1 of 2" only of what is counted and no more than was needed. */
export const comparedBy = ({ value, needed, unit, atMost }: Measured): 'atMost' | 'reached' | 'outOf' => {
  if (atMost) return 'atMost';
  return value > needed || unit === 'percent' ? 'reached' : 'outOf';
};

/** A value with the sign of its unit, where a number alone would not do. */
export const amountOf = (value: number, unit: Measured['unit'], language: 'en' | 'ko'): string => {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value);
  return unit !== 'percent' ? number : language === 'ko' ? `${number}%` : `${number} %`;
};
