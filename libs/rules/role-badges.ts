import type { Criterion, Rule } from './rule.js';

/** One of the badges of a role, or some of which any counts: levels of a family. */
export interface RoleBadge {
  readonly badges: readonly string[];
  /** The family, where any of its levels from a rank on counts. */
  readonly level?: { readonly of: string; readonly fromRank: number };
}

/** What has to be held, not what must not. */
const asked = (criterion: Criterion): readonly Criterion[] => ('leaf' in criterion ? [criterion] : criterion.group === 'not' ? [] : criterion.parts.flatMap(asked));

/**
 * The badges that a role rests on, as its criteria name them, each once. Whether all of them are needed, or some in place of others, its
 * criteria say; a family of levels is one badge, since who holds the higher level needs no lower one.
 */
export const badgesOfRole = (role: Rule, rules: readonly Rule[]): readonly RoleBadge[] => {
  const found = new Map<string, RoleBadge>();
  for (const criterion of asked(role.criteria)) {
    if (!('leaf' in criterion)) continue;
    for (const { type, activities, kind, minRank } of criterion.leaf.selects) {
      if (type !== 'BadgeHeld') continue;
      for (const badge of activities ?? []) found.set(badge, { badges: [badge] });
      if (activities || kind === undefined) continue;
      const fromRank = minRank ?? 1;
      const badges = rules.flatMap(({ badge, design: { level } }) => (level?.of === kind && level.rank >= fromRank ? [badge] : []));
      found.set(`${kind} ${fromRank}`, { badges, level: { of: kind, fromRank } });
    }
  }
  return [...found.values()];
};

/** Whether whoever has the role has all of its badges: nothing is asked in place of something else. */
export const takesAll = ({ criteria }: Rule): boolean => {
  const all = (criterion: Criterion): boolean => {
    if (!('leaf' in criterion)) return criterion.group === 'all' ? criterion.parts.every(all) : criterion.group === 'not' || criterion.parts.length === 1;
    const least = criterion.leaf.settings['at-least'];
    return criterion.leaf.selects.every(({ type, activities }) => type !== 'BadgeHeld' || activities === undefined || least === undefined || Number(least) >= new Set(activities).size);
  };
  return all(criteria);
};
