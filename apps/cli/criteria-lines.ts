import type { CriterionProgress } from '#rules/explain.js';

/** What was reached, beside what is needed: "3 of 5", but no "89 of 82 %". */
export const measureText = ({ value, needed, unit, atMost }: Pick<CriterionProgress, 'value' | 'needed' | 'unit' | 'atMost'>): string => {
  const inUnit = (amount: number): string => (unit === 'percent' ? `${amount} %` : unit === 'count' ? String(amount) : `${amount} ${unit}`);
  if (atMost) return `${inUnit(value)} (at most ${inUnit(needed)})`;
  return value > needed || unit === 'percent' ? `${inUnit(value)} (${inUnit(needed)} needed)` : `${value} of ${inUnit(needed)}`;
};

/** A badge's criteria as a tree, each with what was reached and its path; `missing` adds what it still takes. */
export function* criteriaLines(progress: CriterionProgress, { missing }: { readonly missing: boolean }): Generator<string> {
  const { label, met, path, parts } = progress;
  const measured = parts ? '' : `   ${measureText(progress)}`;
  const lacking = missing && progress.missing && !parts ? `; ${progress.missing.text.en}` : '';
  yield `${met ? '✓' : '○'} ${label.en}${measured}${lacking}   [${path}]`;
  for (const part of parts ?? []) for (const line of criteriaLines(part, { missing })) yield `  ${line}`;
}
