import { series, startOf } from './series.js';

describe('series over time', () => {
  it('begins weeks on Monday and months on the first', () => {
    expect(startOf('2026-03-01', 'week')).toBe('2026-02-23');
    expect(startOf('2026-03-02', 'week')).toBe('2026-03-02');
    expect(startOf('2026-03-31', 'month')).toBe('2026-03-01');
    expect(startOf('2026-03-31', 'day')).toBe('2026-03-31');
  });

  it('sums what falls into an interval, in order of time; absent amounts count as 0', () => {
    const rows = [
      { day: '2026-03-03', awarded: 2, revoked: 1 },
      { day: '2026-03-01', awarded: 1 },
      { day: '2026-03-08', awarded: 4, revoked: null },
    ];
    expect(series(rows, 'week', ['awarded', 'revoked'])).toEqual([
      { start: '2026-02-23', awarded: 1, revoked: 0 },
      { start: '2026-03-02', awarded: 6, revoked: 1 },
    ]);
  });
});
