import fc from 'fast-check';
import { courseCalendar, isTimeZone } from './calendar.js';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);

describe('a course calendar', () => {
  it('in UTC begins with the calendar day of the start, whatever the hour', () => {
    const { dayOf, weekOf, endOfDay } = courseCalendar(at('2026-03-02T15:30:00Z'), 'UTC');
    expect([at('2026-03-01T23:59:59.999Z'), at('2026-03-02T00:00:00Z'), at('2026-03-02T23:59:59.999Z'), at('2026-03-03T00:00:00Z')].map(dayOf)).toEqual([-1, 0, 0, 1]);
    expect([at('2026-03-01T00:00:00Z'), at('2026-03-08T23:59:59Z'), at('2026-03-09T00:00:00Z')].map(weekOf)).toEqual([-1, 0, 1]);
    expect(endOfDay(0)).toBe(at('2026-03-02T23:59:59.999Z'));
    expect(endOfDay(-1)).toBe(at('2026-03-01T23:59:59.999Z'));
  });

  it('in Seoul has its days nine hours earlier', () => {
    const { dayOf, endOfDay } = courseCalendar(at('2026-03-02T00:00:00+09:00'), 'Asia/Seoul');
    expect([at('2026-03-01T14:59:59.999Z'), at('2026-03-01T15:00:00Z'), at('2026-03-02T14:59:59.999Z'), at('2026-03-02T15:00:00Z')].map(dayOf)).toEqual([-1, 0, 0, 1]);
    expect(endOfDay(0)).toBe(at('2026-03-02T14:59:59.999Z'));
  });

  it('in New York has a day of 23 hours in spring and one of 25 in autumn', () => {
    const { dayOf, endOfDay } = courseCalendar(at('2026-03-07T12:00:00-05:00'), 'America/New_York');
    expect(endOfDay(0)).toBe(at('2026-03-08T00:00:00-05:00') - 1);
    expect(endOfDay(1)).toBe(at('2026-03-09T00:00:00-04:00') - 1);
    expect(endOfDay(1) - endOfDay(0)).toBe(23 * HOUR);
    const autumn = dayOf(at('2026-11-01T12:00:00-05:00'));
    expect(endOfDay(autumn)).toBe(at('2026-11-02T00:00:00-05:00') - 1);
    expect(endOfDay(autumn) - endOfDay(autumn - 1)).toBe(25 * HOUR);
    expect(dayOf(at('2026-11-01T23:30:00-05:00'))).toBe(autumn);
  });

  it('in Kathmandu goes by an offset of five hours and three quarters', () => {
    const { dayOf, endOfDay } = courseCalendar(at('2026-03-02T09:00:00+05:45'), 'Asia/Kathmandu');
    expect(endOfDay(0)).toBe(at('2026-03-02T18:15:00Z') - 1);
    expect([at('2026-03-02T18:14:59.999Z'), at('2026-03-02T18:15:00Z')].map(dayOf)).toEqual([0, 1]);
  });

  it('where the clocks change at midnight, ends the day before at the change', () => {
    // Beirut, 2026-03-29: midnight does not exist, the clocks go from 24:00 to 01:00.
    const { dayOf, endOfDay } = courseCalendar(at('2026-03-28T12:00:00+02:00'), 'Asia/Beirut');
    expect(endOfDay(0)).toBe(at('2026-03-29T00:00:00+02:00') - 1);
    expect([endOfDay(0), endOfDay(0) + 1].map(dayOf)).toEqual([0, 1]);
    // Azores, 2026-10-25: 00:00 to 01:00 comes twice; the day has 25 hours.
    const azores = courseCalendar(at('2026-10-24T12:00:00Z'), 'Atlantic/Azores');
    expect([azores.endOfDay(0), azores.endOfDay(0) + 1].map(azores.dayOf)).toEqual([0, 1]);
    expect(azores.endOfDay(1) - azores.endOfDay(0)).toBe(25 * HOUR);
  });

  const zones = ['UTC', 'Asia/Seoul', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Asia/Beirut', 'Atlantic/Azores', 'America/Havana', 'Africa/Cairo', 'America/St_Johns'];
  const start = fc.integer({ min: at('2005-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') });
  it('ends each day at its last millisecond', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), start, fc.integer({ min: -800, max: 800 }), (zone, from, day) => {
        const { dayOf, endOfDay, weekOf } = courseCalendar(from, zone);
        const end = endOfDay(day);
        expect([dayOf(end), dayOf(end + 1)]).toEqual([day, day + 1]);
        expect([weekOf(end), weekOf(end + 1)]).toEqual([Math.floor(day / 7), Math.floor((day + 1) / 7)]);
      }),
      { numRuns: 1000 },
    );
  });

  it('puts each instant between the end of the day before and that of its own', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), start, start, (zone, from, time) => {
        const { dayOf, endOfDay } = courseCalendar(from, zone);
        const day = dayOf(time);
        expect(endOfDay(day - 1)).toBeLessThan(time);
        expect(endOfDay(day)).toBeGreaterThanOrEqual(time);
        expect(dayOf(from)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});

it.each([['UTC', true], ['Asia/Seoul', true], ['Mars/Olympus', false], ['', false]])('%s is a time zone: %s', (name, known) => expect(isTimeZone(name)).toBe(known));
