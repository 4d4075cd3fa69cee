import type { Fact } from '#domain/facts.js';
import { criterionKind } from '../criterion.js';
import { DistinctTracker } from '../distinct-tracker.js';
import { integer, mentioned, oneOrMore, optional, type Reading } from '../shape.js';
import { ID } from '../text-shapes.js';
import { from, type Truth } from '../truth.js';
import { plural, UNITS, type Names, type Words } from '../words.js';

const members = {
  badge: optional(oneOrMore(mentioned('badge', ID)), 'these badges'),
  'level-of': optional(ID, 'the badges that are levels of this'),
  'from-rank': optional(integer({ min: 1, max: 100 }), 'only levels of this rank or a higher one'),
  'at-least': optional(integer({ min: 1, max: 200 }), 'how many different ones; all that are named, or one level, where absent'),
};
type Settings = Reading<typeof members>;

/** More need not be named. */
const MAX_NAMED = 5;

const different = (badges: readonly string[]): readonly string[] => [...new Set(badges)];

/** How many different badges are needed. */
const neededOf = ({ badge, 'at-least': least }: Settings): number => least ?? (badge ? different(badge).length : 1);

/** An award of a badge in another period is still the same badge. */
const badgeOf = (fact: Fact): string | undefined => fact.activity;

/** Other badges that the learner holds: each counts from the moment at which it was earned, once. */
export const badges = criterionKind<Settings>({
  keyword: 'badges',
  summary: 'how many of some other badges the learner holds',
  of: [],
  members,
  thresholds: ['at-least'],
  thresholdOf: neededOf,

  check: (settings) => {
    const { badge, 'level-of': family, 'from-rank': rank, 'at-least': least } = settings;
    if ((badge === undefined) === (family === undefined)) {
      return { key: 'badge', message: '"badges" needs either "badge" or "level-of"', expected: 'one of the two' };
    }
    if (rank !== undefined && family === undefined) {
      return { key: 'from-rank', message: '"from-rank" is only for "level-of"', expected: 'no "from-rank"' };
    }
    const named = badge ? different(badge).length : Infinity;
    if (least === undefined || least <= named) return undefined;
    return { key: 'at-least', message: `"at-least" asks for ${least} of ${named}`, expected: `a whole number from 1 to ${named}` };
  },

  selects: ({ badge, 'level-of': family, 'from-rank': rank }) => [
    badge || family === undefined
      ? { type: 'BadgeHeld', activities: different(badge ?? []) }
      : { type: 'BadgeHeld', kind: family, minRank: rank ?? 1 },
  ],

  measure: ({ settings }, facts) => {
    const firsts = new Map<string, Fact>();
    for (const fact of facts) {
      const badge = badgeOf(fact);
      if (badge !== undefined && !firsts.has(badge)) firsts.set(badge, fact);
    }
    const needed = neededOf(settings);
    const met = firsts.size >= needed;
    const lacking = met ? [] : different(settings.badge ?? []).filter((badge) => !firsts.has(badge)).slice(0, MAX_NAMED);
    return { met, value: firsts.size, needed, unit: 'badges', evidence: [...firsts.values()], ...(lacking.length > 0 && { lacking }) };
  },

  track: () => new DistinctTracker<Settings>(badgeOf, truthOf),

  label: ({ settings }, names) => {
    const { badge, 'level-of': family, 'from-rank': rank = 1 } = settings;
    const needed = neededOf(settings);
    if (family !== undefined) {
      const level = rank > 1 ? { en: ` of rank ${rank} or higher`, ko: ` ${rank}단계 이상` } : { en: '', ko: '' };
      const which = familyWords(names.levels(family, rank));
      return needed === 1
        ? { en: `Holds a level of “${family}”${level.en}${which.en}`, ko: `‘${family}’${level.ko} 배지${which.ko} 보유` }
        : { en: `Holds at least ${needed} levels of “${family}”${level.en}${which.en}`, ko: `‘${family}’${level.ko} 배지${which.ko} ${needed}개 이상 보유` };
    }
    const all = different(badge ?? []);
    const { en, ko } = listOf(all, names);
    if (needed < all.length) return { en: `Holds at least ${needed} of the badges ${en}`, ko: `${ko} 배지 중 ${needed}개 이상 보유` };
    return { en: `Holds the ${plural(UNITS.badges, all.length)} ${en}`, ko: `${ko} 배지 보유` };
  },

  missing: ({ settings }, { value, needed, unit, lacking = [] }, names) => {
    const amount = Math.max(0, needed - value);
    const open = different(settings.badge ?? []).length - value;
    const unnamed = open - lacking.length;
    const { en, ko } = listOf(lacking, names);
    if (lacking.length > 0 && amount === open) {
      const more = unnamed > 0 ? { en: ` and ${unnamed} more`, ko: ` 외 ${unnamed}개` } : { en: '', ko: '' };
      return { amount, unit, text: { en: `Still to be earned: ${en}${more.en}`, ko: `더 받아야 할 배지: ${ko}${more.ko}` } };
    }
    if (lacking.length > 0 && unnamed === 0) return { amount, unit, text: { en: `${amount} more of the badges ${en}`, ko: `${ko} 배지 중 ${amount}개 더 필요` } };
    return { amount, unit, text: { en: `${amount} more ${plural(UNITS.badges, amount)}`, ko: `배지 ${amount}개 더 필요` } };
  },
});

/** The names of some badges; where Korean runs on after a name, quotes tell where it ends. */
const listOf = (ids: readonly string[], names: Names): Words => {
  const named = ids.map((id) => names.badge(id) ?? { en: id, ko: id });
  return { en: named.map(({ en }) => en).join(', '), ko: named.map(({ ko }) => `‘${ko}’`).join(', ') };
};

/** The badges of a level family, in brackets; '' where they are not known. */
const familyWords = (levels: readonly Words[]): Words => {
  if (levels.length === 0) return { en: '', ko: '' };
  const named = levels.slice(0, MAX_NAMED);
  const more = levels.length > named.length ? ', …' : '';
  return { en: ` (${named.map(({ en }) => en).join(', ')}${more})`, ko: `(${named.map(({ ko }) => ko).join(', ')}${more})` };
};

const truthOf = (settings: Settings, firsts: readonly Fact[]): Truth => from(firsts[neededOf(settings) - 1]?.time ?? Infinity);
