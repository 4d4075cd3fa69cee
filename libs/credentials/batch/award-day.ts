import { parseIsoTime } from '#domain/iso-time.js';
import type { Zone } from '#rules/calendar.js';
import type { RowProblem } from './row-problem.js';

const DAY = 86_400_000;
/** The day begins so much earlier on some islands than in Greenwich. */
const EARLIEST = 14 * 3_600_000;
const FIRST_YEAR = 1970;

const FORMS = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})$/,
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})$/,
  /^(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?$/,
  /^(\d{4})(\d{2})(\d{2})$/,
  /^(\d{4})년 ?(\d{1,2})월 ?(\d{1,2})일$/,
];

/** The day that a text names, as days since 1970-01-01. */
const dayIn = (text: string): number | undefined => {
  for (const form of FORMS) {
    const [, year, month, date] = (form.exec(text) ?? []).map(Number);
    if (year === undefined || month === undefined || date === undefined) continue;
    const time = Date.UTC(year, month - 1, date);
    const read = new Date(time);
    const exists = read.getUTCFullYear() === year && read.getUTCMonth() === month - 1 && read.getUTCDate() === date;
    return exists && year >= FIRST_YEAR ? time / DAY : undefined;
  }
  return undefined;
};

/** When something was achieved, epoch milliseconds, or why a text does not say. */
export type AwardTime = { readonly ok: true; readonly time: number } | { readonly ok: false; readonly problem: RowProblem };

/**
 * Reads a date as spreadsheets write it, year first: its first instant in a time zone; or an ISO 8601 time with its
 * offset. A day that has begun somewhere on earth, but not yet in the zone, counts as now.
 */
export const readAwardTime = (text: string, zone: Zone, now: number): AwardTime => {
  const day = dayIn(text);
  const time = day === undefined ? (text.includes('T') ? parseIsoTime(text) : undefined) : zone.instantOf(day, 0);
  if (time === undefined || time < 0) {
    const shown = JSON.stringify(text.slice(0, 40));
    return { ok: false, problem: { en: `the date ${shown} cannot be read; write it like 2026-03-01`, ko: `날짜 ${shown}을(를) 읽을 수 없습니다. 2026-03-01처럼 적어 주세요`, field: 'date' } };
  }
  if (time <= now) return { ok: true, time };
  if (day !== undefined && day * DAY - EARLIEST <= now) return { ok: true, time: now };
  return { ok: false, problem: { en: `the date ${text.slice(0, 40)} is in the future`, ko: `날짜 ${text.slice(0, 40)}은(는) 아직 오지 않은 날입니다`, field: 'date' } };
};
