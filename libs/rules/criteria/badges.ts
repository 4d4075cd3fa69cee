import type { Fact } from '#domain/facts.js';
import { criterionKind } from '../criterion.js';
import { DistinctTracker } from '../distinct-tracker.js';
import { integer, mentioned, oneOrMore, optional, type Reading } from '../shape.js';
import { ID } from '../text-shapes.js';
import { from, type Truth } from '../truth.js';
import { plural, UNITS, type Names } from '../words.js';

const members = {
  badge: optional(oneOrMore(mentioned('badge', ID)), 'these badges'),
  'level-of': optional(ID, 'the badges that are levels of this'),
  'from-rank': optional(integer({ min: 1, max: 100 }), 'only levels of this rank or a higher one'),
  'at-least': optional(integer({ min: 1, max: 200 }), 'how many different ones; all that are named, or one level, where absent'),
};
type Settings = Reading<typeof members>;

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
    return { met: firsts.size >= needed, value: firsts.size, needed, unit: 'badges', evidence: [...firsts.values()] };
  },

  track: () => new DistinctTracker<Settings>(badgeOf, truthOf),

  label: ({ settings }, names) => {
    const { badge, 'level-of': family, 'from-rank': rank = 1 } = settings;
    const needed = neededOf(settings);
    if (family !== undefined) {
      const level = rank > 1 ? { en: ` of rank ${rank} or higher`, ko: ` ${rank}등급 이상` } : { en: '', ko: '' };
      return {
        en: `Holds at least ${needed} ${plural({ one: 'level', many: 'levels', ko: '' }, needed)} of “${family}”${level.en}`,
        ko: `‘${family}’${level.ko} 레벨 배지 ${needed}개 이상 보유`,
      };
    }
    const all = different(badge ?? []);
    const en = all.map((id) => nameOf(id, names, 'en')).join(', ');
    const ko = all.map((id) => nameOf(id, names, 'ko')).join(', ');
    if (needed < all.length) return { en: `Holds at least ${needed} of the badges ${en}`, ko: `배지 ${ko} 중 ${needed}개 이상 보유` };
    return { en: `Holds the ${plural(UNITS.badges, all.length)} ${en}`, ko: `배지 ${ko} 보유` };
  },

  missing: (_node, { value, needed, unit }) => {
    const amount = Math.max(0, needed - value);
    return { amount, unit, text: { en: `${amount} more ${plural(UNITS.badges, amount)}`, ko: `배지 ${amount}개 더 필요` } };
  },
});

const nameOf = (id: string, names: Names, language: 'en' | 'ko'): string => names.badge(id)?.[language] ?? id;

const truthOf = (settings: Settings, firsts: readonly Fact[]): Truth => from(firsts[neededOf(settings) - 1]?.time ?? Infinity);
