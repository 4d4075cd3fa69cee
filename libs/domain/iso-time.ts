const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(0\d|1[0-8]):?([0-5]\d)))?$/;

const FIRST_YEAR = 1900;

const utcDay = (year: number, month: number, day: number): number | undefined => {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  // Date.UTC turns 31 February into 3 March; what a source gives must exist in the calendar.
  return year >= FIRST_YEAR && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : undefined;
};

/**
 * Epoch milliseconds of an ISO 8601 instant with its offset, or of a date's UTC midnight; undefined for anything else,
 * and for dates that no calendar has. Finer than milliseconds is cut off.
 */
export const parseIsoTime = (value: unknown): number | undefined => {
  if (typeof value !== 'string') return undefined;
  const parts = ISO.exec(value);
  if (!parts) return undefined;
  const [, year, month, date, hour = '0', minute = '0', second = '0', fraction = '', sign, offHour = '0', offMinute = '0'] =
    parts;
  const day = utcDay(Number(year), Number(month), Number(date));
  if (day === undefined) return undefined;
  const offset = (Number(offHour) * 60 + Number(offMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return day + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + ms - offset;
};

const digits = (text: string, from: number, to: number): number => {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
};

/** As above for YYYY-MM-DD only, without a regular expression: for files with millions of dates. */
export const parseIsoDate = (text: string): number | undefined =>
  text.length === 10 && text[4] === '-' && text[7] === '-'
    ? utcDay(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10))
    : undefined;
