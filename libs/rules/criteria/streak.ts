import type { Fact } from '#domain/facts.js';
import type { Unit } from '#domain/verdict.js';
import { criterionKind, type Depends } from '../criterion.js';
import { factsOfOffers, narrowingOf } from '../offers.js';
import { LEARNING_TYPES } from '../selector.js';
import { choice, flag, integer, optional, required, type Reading } from '../shape.js';
import { compareFacts } from '../sorted-facts.js';
import { narrowing, NOUNS, plain, plural, UNITS, type Noun } from '../words.js';
import { activeDays, DayStreakTracker } from './streak-days.js';
import { attendedSessions, SessionStreakTracker } from './streak-sessions.js';

const PER = ['day', 'week', 'session'] as const;
type Per = (typeof PER)[number];

const members = {
  'at-least': required(integer({ min: 1, max: 10_000 }), 'how many days, weeks or sessions in a row'),
  per: optional(choice(PER), 'what is counted: days (where absent), calendar weeks from Monday to Sunday, or sessions of the course'),
  gaps: optional(integer({ min: 0, max: 1000 }), 'how many in all may be missed within the streak without breaking it; none where absent'),
  'weekdays-only': optional(flag, 'of days, only Monday to Friday: Saturday and Sunday neither count nor break'),
  zone: optional(choice(['course', 'learner']), "whose days and weeks: the course's (where absent), or the learner's own where known"),
};
export type StreakSettings = Reading<typeof members>;

/** One unit with a fact: its place among the units, and its first fact. */
export interface Active {
  readonly place: number;
  readonly fact: Fact;
}

const UNIT: Readonly<Record<Per, Unit>> = { day: 'days', week: 'weeks', session: 'activities' };

/** The longest streak, of several the earliest. */
const longestOf = (active: readonly Active[], gaps: number): readonly Active[] => {
  let longest: readonly Active[] = [];
  active.forEach((end, i) => {
    const begin = active.findIndex(({ place }, j) => end.place - place - (i - j) <= gaps);
    if (i - begin + 1 > longest.length) longest = active.slice(begin, i + 1);
  });
  return longest;
};

/** So many days, weeks or sessions in a row with at least one fact each; the best streak up to the moment counts. */
export const streak = criterionKind<StreakSettings>({
  keyword: 'streak',
  summary: 'so many days, calendar weeks or sessions in a row with at least one such fact each',
  of: LEARNING_TYPES,
  members,
  thresholds: ['at-least'],
  thresholdOf: (settings) => settings['at-least'],

  check: (settings, selector) => {
    if (settings.per === 'session' && selector && selector.type !== 'AttendanceMarked') {
      return { key: 'per', message: '"per: session" is about attendance', expected: 'day or week, or "of: attendance"' };
    }
    if (settings['weekdays-only'] !== undefined && (settings.per ?? 'day') !== 'day') {
      return { key: 'weekdays-only', message: '"weekdays-only" is about days', expected: '"per: day"' };
    }
    return settings.zone !== undefined && settings.per === 'session'
      ? { key: 'zone', message: '"zone" is about days and weeks', expected: 'no "zone"' }
      : undefined;
  },

  selects: ({ per }, selector) => {
    if (!selector) return [];
    return per === 'session' ? factsOfOffers(selector) : [selector];
  },

  depends: ({ per, zone }) => (per === 'session' ? ON_OFFERS : zone === 'learner' ? ON_LEARNER : []),

  measure: ({ selects, settings }, facts, at, now) => {
    const active = settings.per === 'session' ? attendedSessions(selects, facts, at, now) : activeDays(settings, facts, at);
    const longest = longestOf(active, settings.gaps ?? 0);
    const needed = settings['at-least'];
    return {
      met: longest.length >= needed,
      value: longest.length,
      needed,
      unit: UNIT[settings.per ?? 'day'],
      evidence: longest.map(({ fact }) => fact).sort(compareFacts),
    };
  },

  track: (node) => (node.settings.per === 'session' ? new SessionStreakTracker(node) : new DayStreakTracker(node)),

  label: ({ selects, settings }, names) => {
    const select = narrowingOf(selects);
    const only = narrowing(select, names);
    const needed = settings['at-least'];
    const noun = nounOf(settings);
    const { gaps = 0 } = settings;
    const but = gaps > 0 ? { en: `, at most ${gaps} missed in between`, ko: `, 중간에 최대 ${gaps}${noun.ko} 누락 허용` } : { en: '', ko: '' };
    const en = `${needed} ${plural(noun, needed)} in a row${but.en}: ${NOUNS[select.type].many}${only.en}`;
    return { en, ko: `${needed}${noun.ko} 연속${but.ko}: ${NOUNS[select.type].ko}${only.ko}` };
  },

  missing: ({ settings }, { value, needed, unit }) => {
    const amount = Math.max(0, needed - value);
    const noun = nounOf(settings);
    const en = `${plain(amount)} more ${plural(noun, amount)} in a row than the best streak so far (${plain(value)})`;
    return { amount, unit, text: { en, ko: `지금까지 최고 연속 기록(${plain(value)}${noun.ko})보다 ${plain(amount)}${noun.ko} 더 필요` } };
  },
});

const ON_OFFERS: readonly Depends[] = ['offers'];
const ON_LEARNER: readonly Depends[] = ['learner'];

const SESSIONS: Noun = { one: 'session', many: 'sessions', ko: '회' };
const WEEKDAY_NOUN: Noun = { one: 'weekday', many: 'weekdays', ko: '일(평일)' };

const nounOf = (settings: StreakSettings): Noun => {
  if (settings.per === 'session') return SESSIONS;
  if (settings.per === 'week') return UNITS.weeks;
  return settings['weekdays-only'] ? WEEKDAY_NOUN : UNITS.days;
};
