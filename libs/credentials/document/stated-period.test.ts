import { zoneOf } from '#rules/calendar.js';
import { RECURRENCES } from '#rules/rule.js';
import { periodOf } from '#rules/periods.js';
import { statedPeriod } from './stated-period.js';

const SEOUL = zoneOf('Asia/Seoul');
const DAY = 86_400_000;

describe('the period of a badge that recurs', () => {
  it.each([
    ['year', '2026', '2026', '2026년', '2026-01-01', '2026-12-31'],
    ['half-year', '2026-h2', 'second half of 2026', '2026년 하반기', '2026-07-01', '2026-12-31'],
    ['quarter', '2026-q2', 'Q2 2026', '2026년 2분기', '2026-04-01', '2026-06-30'],
    ['month', '2024-02', 'February 2024', '2024년 2월', '2024-02-01', '2024-02-29'],
    ['week', '2026-w01', 'week 1 of 2026', '2026년 1주차', '2025-12-29', '2026-01-04'],
  ] as const)('each %s: %s', (each, period, en, ko, from, to) => {
    expect(statedPeriod({ each }, period, SEOUL)).toEqual({ name: { en, ko }, days: { from, to } });
  });

  it('is called what its author calls it where it is a term', () => {
    const [from, to] = [Date.parse('2026-03-02') / DAY, Date.parse('2026-06-20') / DAY];
    expect(statedPeriod({ terms: [{ name: 'Spring 26', from, to }] }, 'Spring 26', SEOUL)).toEqual({ name: { en: 'Spring 26', ko: 'Spring 26' }, days: { from: '2026-03-02', to: '2026-06-20' } });
    expect(statedPeriod({ terms: [] }, 'Spring 26', SEOUL)).toEqual({ name: { en: 'Spring 26', ko: 'Spring 26' } });
  });

  it('is none of a badge that is earned once', () => expect(statedPeriod(undefined, '', SEOUL)).toBeUndefined());

  it('has its own days, whatever day somebody earned it on, and another name than the one before', () => {
    for (const each of RECURRENCES) {
      let before = '';
      for (let time = Date.parse('2023-12-20'); time < Date.parse('2027-01-20'); time += DAY) {
        const name = periodOf({ each }, time, SEOUL)?.name ?? '';
        const stated = statedPeriod({ each }, name, SEOUL);
        const day = new Date(time).toISOString().slice(0, 10);
        expect((stated?.days?.from ?? '9') <= day && day <= (stated?.days?.to ?? '0')).toBe(true);
        if (name !== before) expect(stated?.name).not.toEqual(statedPeriod({ each }, before, SEOUL)?.name);
        before = name;
      }
    }
  });
});
