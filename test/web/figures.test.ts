import { barsOf, heightOf, scaleOf } from '../../apps/web/src/analytics/bars.js';
import { meanOf, perEach, total } from '../../apps/web/src/analytics/totals.js';

const tomorrow = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

describe('figures of several badges', () => {
  it('add up what is told, and say how much is not', () => {
    expect(total([])).toEqual({ sum: 0, untold: 0 });
    expect(total([5, null, 0, 7])).toEqual({ sum: 12, untold: 1 });
    expect(total([null, null])).toEqual({ sum: null, untold: 2 });
  });

  it('have the mean over everything that is told, not over badges', () => {
    expect(meanOf([{ mean: 10, of: 30 }, { mean: 20, of: 10 }, { mean: null, of: null }])).toBe(12.5);
    expect(meanOf([{ mean: null, of: null }])).toBeNull();
    expect(meanOf([{ mean: null, of: 0 }])).toBeUndefined();
    expect(meanOf([])).toBeUndefined();
  });

  it('are set beside each other where both are told', () => {
    expect(perEach([6, 100, null, 3], [10, null, 50, 8])).toBe(0.5);
    expect(perEach([4, 1], [0, null])).toBeUndefined();
  });
});

describe('bars', () => {
  it('last as long as what is told together, at its average', () => {
    const bars = barsOf([{ start: '2026-03-01', awarded: 6 }, { start: '2026-03-02', until: '2026-03-05', awarded: 6 }, { start: '2026-03-05', awarded: null }], tomorrow);
    expect(bars.map(({ end, intervals }) => [end, intervals])).toEqual([['2026-03-02', 1], ['2026-03-05', 3], ['2026-03-06', 1]]);
    expect(bars.map(heightOf)).toEqual([6, 2, 0]);
  });

  it.each([[0, [0, 1]], [1, [0, 1]], [3, [0, 1, 2, 3]], [41, [0, 20, 40, 60]], [100, [0, 50, 100]], [1_303, [0, 500, 1_000, 1_500]]])('up to %d stand beside round numbers', (most, lines) => {
    expect(scaleOf(most)).toEqual(lines);
  });
});
