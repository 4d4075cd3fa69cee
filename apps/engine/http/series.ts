import { utcDay } from '#projections/issuer-analytics.js';

/** How days are put together. */
export type Interval = 'day' | 'week' | 'month';

const DAY = 86_400_000;

/** The first day of the interval that a UTC day ("2024-05-31") is in; weeks begin on Monday. */
export const startOf = (day: string, interval: Interval): string => {
  if (interval === 'day' || day === '') return day;
  if (interval === 'month') return `${day.slice(0, -2)}01`;
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : utcDay(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY);
};

/** Sums of named amounts by interval, in order of time. */
export const series = <Name extends string>(
  rows: readonly Readonly<Record<string, unknown>>[],
  interval: Interval,
  names: readonly Name[],
): readonly ({ readonly start: string } & Readonly<Record<Name, number>>)[] => {
  const sums = new Map<string, Record<Name, number>>();
  for (const row of rows) {
    const start = startOf(String(row['day']), interval);
    const sum = sums.get(start) ?? (Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>);
    for (const name of names) sum[name] += Number(row[name] ?? 0);
    sums.set(start, sum);
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([start, sum]) => ({ start, ...sum }));
};
