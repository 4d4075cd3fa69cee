const DAY = 86_400_000;
const HOUR = 3_600_000;
const QUARTER = HOUR / 4;

/** Calendar days of a time zone, counted from 1970-01-01. */
export interface Zone {
  /** The local calendar day of an instant, as days since 1970-01-01. */
  readonly dayOf: (time: number) => number;
  /** The last millisecond of a local calendar day. */
  readonly endOfDay: (day: number) => number;
  /** The instant at which clocks show so many milliseconds since midnight on a local day; of two, the first. */
  readonly instantOf: (day: number, sinceMidnight: number) => number;
}

/** Days and weeks of a course, in its own time zone; day 0 is the calendar day on which it starts. */
export interface CourseCalendar {
  /** Course day of an instant; negative before the course. */
  readonly dayOf: (time: number) => number;
  /** Course week of an instant; week 0 is days 0 to 6. */
  readonly weekOf: (time: number) => number;
  /** The last millisecond of a course day. */
  readonly endOfDay: (day: number) => number;
}

/** True when the runtime knows the IANA time zone. */
export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

/** Milliseconds that a zone's wall clock is ahead of UTC, looked up once an hour of event time (offsets change on the hour or half hour). */
const offsets = (timezone: string): ((time: number) => number) => {
  if (timezone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (time) => {
    const slot = Math.floor(time / (HOUR / 2));
    let offset = known.get(slot);
    if (offset === undefined) {
      const at = slot * (HOUR / 2);
      const parts: Record<string, number> = {};
      for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
      offset = Date.UTC(year, month - 1, day, hour, minute, second) - at;
      if (known.size > 50_000) known.clear();
      known.set(slot, offset);
    }
    return offset;
  };
};

const createZone = (timezone: string): Zone => {
  const offsetAt = offsets(timezone);
  const dayOf = (time: number): number => Math.floor((time + offsetAt(time)) / DAY);
  return {
    dayOf,
    endOfDay: (day) => {
      // Clocks may be changed at midnight: then it does not exist, or comes twice. So look for the last instant near it
      // at which the day changes; both offsets and changes fall on quarters of an hour.
      const near = (day + 1) * DAY;
      const midnight = near - offsetAt(near);
      for (let time = midnight + 3 * HOUR; time > midnight - 3 * HOUR; time -= QUARTER) {
        if (dayOf(time - 1) === day && dayOf(time) > day) return time - 1;
      }
      return midnight - 1;
    },
    instantOf: (day, sinceMidnight) => {
      const wall = day * DAY + sinceMidnight;
      // The offset of a day before: where clocks go back, the earlier of the two instants that they show.
      const early = wall - offsetAt(wall - DAY);
      return early + offsetAt(early) === wall ? early : wall - offsetAt(early);
    },
  };
};

const zones = new Map<string, Zone>();

/** The calendar of an IANA time zone; of UTC for a name that the runtime does not know. One object a zone. */
export const zoneOf = (timezone: string): Zone => {
  let zone = zones.get(timezone);
  if (!zone) zones.set(timezone, (zone = isTimeZone(timezone) ? createZone(timezone) : zoneOf('UTC')));
  return zone;
};

/** The calendar of a course that starts at an instant (epoch milliseconds), in a time zone. */
export const courseCalendar = (start: number, timezone: string): CourseCalendar => {
  const zone = zoneOf(timezone);
  const first = zone.dayOf(start);
  const dayOf = (time: number): number => zone.dayOf(time) - first;
  return {
    dayOf,
    weekOf: (time) => Math.floor(dayOf(time) / 7),
    endOfDay: (day) => zone.endOfDay(first + day),
  };
};
