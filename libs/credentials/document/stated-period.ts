import type { Zone } from '#rules/calendar.js';
import { periodNamed } from '#rules/periods.js';
import type { Recurs } from '#rules/rule.js';
import type { Words } from '#rules/words.js';
import { isoDay } from './fact-words.js';

/** For which stretch of time a badge that recurs was earned, as a credential says it. */
export interface StatedPeriod {
  /** "March 2026", or the term's name. */
  readonly name: Words;
  /** Its first and last day in the course's time zone, ISO 8601; absent where the rule version has no such period. */
  readonly days?: { readonly from: string; readonly to: string };
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const;

const calendarWords = (name: string): Words => {
  const [year = name, part] = name.split('-');
  if (part === undefined) return { en: year, ko: `${year}년` };
  const number = Number(part.replace(/^\D/, ''));
  switch (part[0]) {
    case 'h':
      return { en: `${number === 1 ? 'first' : 'second'} half of ${year}`, ko: `${year}년 ${number === 1 ? '상반기' : '하반기'}` };
    case 'q':
      return { en: `Q${number} ${year}`, ko: `${year}년 ${number}분기` };
    case 'w':
      return { en: `week ${number} of ${year}`, ko: `${year}년 ${number}주차` };
    default:
      return { en: `${MONTHS[number - 1] ?? part} ${year}`, ko: `${year}년 ${number}월` };
  }
};

/** The period of an award by its name there; undefined where the badge does not recur. */
export const statedPeriod = (recurs: Recurs | undefined, name: string, zone: Zone): StatedPeriod | undefined => {
  if (!recurs || name === '') return undefined;
  const period = periodNamed(recurs, name, zone);
  return {
    name: 'terms' in recurs ? { en: name, ko: name } : calendarWords(name),
    ...(period && { days: { from: isoDay(period.from), to: isoDay(zone.dayOf(period.end)) } }),
  };
};
