import { daysBetween } from '../../apps/web/src/progress/days.js';
import { progressSearch } from '../../apps/web/src/progress/search.js';

describe('the address of the progress', () => {
  it('says what is asked, and no more than makes sense', () => {
    const whole = { course: 'C1', badge: 'b', stage: 'close', lacks: 'all[0].count', idle: 14, order: 'idle', text: 'hb' };
    expect(progressSearch(whole)).toEqual(whole);
    expect(progressSearch({ course: 7, stage: 'nearly', lacks: 'all[0].count', idle: 13, order: 'close', text: '' })).toEqual({ course: '7' });
    expect(progressSearch({ idle: '30' })).toEqual({ idle: 30 });
  });
});

it.each([['2026-03-01T10:00:00Z', '2026-03-01T23:00:00Z', 0], ['2026-03-01T10:00:00Z', '2026-03-15T09:59:59Z', 13], ['2026-03-01T10:00:00Z', '2026-03-15T10:00:00Z', 14], ['2026-03-02T00:00:00Z', '2026-03-01T00:00:00Z', 0]])('from %s to %s are %i whole days', (from, to, days) =>
  expect(daysBetween(from, to)).toBe(days));
