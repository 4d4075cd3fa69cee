/** How much happened from a day up to before another. */
export interface Bar {
  readonly start: string;
  readonly end: string;
  /** null where it is about too few learners. */
  readonly amount: number | null;
  /** Over how many intervals it is told together. */
  readonly intervals: number;
}

interface Told {
  readonly start: string;
  readonly until?: string;
  readonly awarded: number | null;
}

/** The intervals of a series as they are drawn: one that is told together with others lasts until these are over. */
export const barsOf = (series: readonly Told[], next: (start: string) => string): readonly Bar[] =>
  series.map(({ start, until, awarded }) => {
    const end = until ?? next(start);
    let intervals = 1;
    for (let day = next(start); day < end; day = next(day)) intervals++;
    return { start, end, amount: awarded, intervals };
  });

/** How high a bar is: what happened in one of its intervals on average, so that its area is what happened. */
export const heightOf = ({ amount, intervals }: Bar): number => (amount ?? 0) / intervals;

/** The amounts at which a scale has lines: 0 and up to four round ones, the last of which nothing exceeds. */
export const scaleOf = (most: number): readonly number[] => {
  const rough = Math.max(most, 1) / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, unit * ([1, 2, 5, 10].find((factor) => factor * unit >= rough) ?? 10));
  return Array.from({ length: Math.ceil(Math.max(most, 1) / step) + 1 }, (_, i) => i * step);
};
