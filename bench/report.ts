/** One measured figure: the same thing measured once or several times. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** What is wanted of the median. */
  readonly goal?: { readonly least: number } | { readonly most: number };
}

/** Least, middle and greatest of the values; the middle of an even number is the mean of the two. */
export const spread = (values: readonly number[]): { readonly min: number; readonly median: number; readonly max: number } => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (i: number): number => sorted[i] ?? NaN;
  const half = Math.floor(sorted.length / 2);
  return { min: at(0), median: sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2, max: at(sorted.length - 1) };
};

export const medianOf = (values: readonly number[]): number => spread(values).median;

/** The value that the given share (0 to 1) of the values does not exceed: the nearest rank. */
export const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? NaN;

/** Whether the median is as wanted; undefined where nothing is. */
export const reached = ({ goal, values }: Figure): boolean | undefined => {
  if (!goal) return undefined;
  const median = medianOf(values);
  return 'least' in goal ? median >= goal.least : median <= goal.most;
};

const text = (value: number): string => {
  if (!Number.isFinite(value)) return '-';
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};

const goalText = (figure: Figure): string => {
  const { goal } = figure;
  if (!goal) return '';
  const wanted = 'least' in goal ? `≥ ${goal.least.toLocaleString('en')}` : `≤ ${goal.most.toLocaleString('en')}`;
  return `${wanted} ${reached(figure) ? '✓' : '✗'}`;
};

/** The figures as a table of plain text, one a line. */
export const table = (figures: readonly Figure[]): string => {
  const head = ['', 'unit', 'runs', 'min', 'median', 'max', 'goal'];
  const rows = figures.map((figure) => {
    const { min, median, max } = spread(figure.values);
    return [figure.name, figure.unit, String(figure.values.length), text(min), text(median), text(max), goalText(figure)];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i < 2 || i === 6 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd();
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
};
