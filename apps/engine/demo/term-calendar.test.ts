import { dayBefore, seoulDate, termCalendar } from './term-calendar.js';

describe('the calendar of a term', () => {
  it.each([
    ['2026-03-01', 83, '2025-12-08'],
    ['2026-03-02', 84, '2025-12-08'],
    ['2026-03-07', 89, '2025-12-08'],
    ['2026-03-08', 83, '2025-12-15'],
  ])('ends on %s, its day %i, and starts on Monday %s', (lastDate, lastDay, monday) => {
    const calendar = termCalendar(lastDate);
    expect(calendar.lastDay).toBe(lastDay);
    expect(calendar.iso(calendar.at(0, 0))).toBe(`${monday}T00:00:00+09:00`);
    expect(calendar.iso(calendar.at(lastDay, 17, 5))).toBe(`${lastDate}T17:05:00+09:00`);
    expect(new Date(`${monday}T00:00:00Z`).getUTCDay()).toBe(1);
  });

  it('refuses what is no date', () => {
    for (const text of ['', '2026-3-1', '2026-02-31', 'yesterday', '2026-13-01']) expect(() => termCalendar(text)).toThrow(RangeError);
  });

  it('knows the date in Seoul and the day before', () => {
    expect(seoulDate(Date.parse('2026-02-28T14:59:59Z'))).toBe('2026-02-28');
    expect(seoulDate(Date.parse('2026-02-28T15:00:00Z'))).toBe('2026-03-01');
    expect(dayBefore('2026-03-01')).toBe('2026-02-28');
  });
});
