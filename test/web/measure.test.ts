import { amountOf, comparedBy } from '../../apps/web/src/learner/measure.js';
import { en } from '../../apps/web/src/texts/en.js';
import { ko } from '../../apps/web/src/texts/ko.js';

const of = (value: number, needed: number, more: Partial<Parameters<typeof comparedBy>[0]> = {}) => ({ value, needed, unit: 'count' as const, ...more });

const told = (language: 'en' | 'ko', progress: ReturnType<typeof of>): string => {
  const { value, needed, unit } = progress;
  return { en, ko }[language].path.measure[comparedBy(progress)].replace('{{value}}', amountOf(value, unit, language)).replace('{{needed}}', amountOf(needed, unit, language));
};

describe('what was reached', () => {
  it.each([
    ['of what is counted and still on the way', of(1, 2), 'outOf'],
    ['of what is just met', of(2, 2), 'outOf'],
    ['of what is more than was needed', of(3, 2), 'reached'],
    ['of percents, of which nothing can be a part', of(61, 80, { unit: 'percent' }), 'reached'],
    ['of what there may be at most, and is', of(2, 3, { atMost: true }), 'atMost'],
    ['of what there may be at most, and is too much', of(4, 3, { atMost: true }), 'atMost'],
  ])('is told beside what was needed %s', (_what, progress, form) => {
    expect(comparedBy(progress)).toBe(form);
  });

  it('is written as readers of each language write it', () => {
    const all = [of(89.126, 82, { unit: 'percent' }), of(1812, 600, { unit: 'points' }), of(1, 2), of(2, 3, { atMost: true })];
    expect(all.map((progress) => told('en', progress))).toEqual(['89.13 % (82 % needed)', '1,812 (600 needed)', '1 of 2', '2 (at most 3)']);
    expect(all.map((progress) => told('ko', progress))).toEqual(['89.13% (기준 82%)', '1,812 (기준 600)', '1/2', '2 (최대 3)']);
  });
});
