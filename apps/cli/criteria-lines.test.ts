import type { CriterionProgress } from '#rules/explain.js';
import { criteriaLines, measureText } from './criteria-lines.js';

it.each([
  [{ value: 3, needed: 5, unit: 'count' }, '3 of 5'],
  [{ value: 7, needed: 5, unit: 'count' }, '7 (5 needed)'],
  [{ value: 89, needed: 82, unit: 'percent' }, '89 % (82 % needed)'],
  [{ value: 4.5, needed: 10, unit: 'points' }, '4.5 of 10 points'],
  [{ value: 4, needed: 3, unit: 'count', atMost: true }, '4 (at most 3)'],
] as const)('%j reads as %s', (measured, text) => expect(measureText(measured)).toBe(text));

it('shows criteria as a tree, with what is missing where that is asked for', () => {
  const part: CriterionProgress = { path: 'all[0].count', label: { en: '5 missions', ko: '' }, value: 3, needed: 5, unit: 'count', met: false, missing: { amount: 2, unit: 'count', text: { en: '2 more', ko: '' } } };
  const tree: CriterionProgress = { path: 'all', label: { en: 'All of these', ko: '' }, value: 0, needed: 1, unit: 'criteria', met: false, missing: null, parts: [part] };
  expect([...criteriaLines(tree, { missing: true })]).toEqual(['○ All of these   [all]', '  ○ 5 missions   3 of 5; 2 more   [all[0].count]']);
  expect([...criteriaLines(tree, { missing: false })][1]).toBe('  ○ 5 missions   3 of 5   [all[0].count]');
});
