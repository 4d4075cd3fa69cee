import type { CriterionVerdict } from '#domain/verdict.js';
import { millionths } from './millionths.js';

type Amounts = Pick<CriterionVerdict, 'value' | 'needed'>;

/** To two decimals, by way of whole millionths: doubles alone would round 0.29 down to 0.28. */
const hundredths = (value: number, round: (value: number) => number): number => round(millionths(value) / 10_000) / 100;

/** What was reached and what was needed, with two decimals: of what is not met, they are rounded apart, so that it never reads as just met. */
export const toldAmounts = ({ met, value, needed }: Amounts & Pick<CriterionVerdict, 'met'>): Amounts => {
  const [ofValue, ofNeeded] = met || value === needed ? [Math.round, Math.round] : value < needed ? [Math.floor, Math.ceil] : [Math.ceil, Math.floor];
  return { value: hundredths(value, ofValue), needed: hundredths(needed, ofNeeded) };
};
