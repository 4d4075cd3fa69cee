import type { Rule } from './rule.js';
import type { Names, Words } from './words.js';

/** What rules call their badges. */
export const badgeNames = (rules: Iterable<Rule>): Pick<Names, 'badge' | 'levels'> => {
  const byBadge = new Map([...rules].map((rule) => [rule.badge, rule]));
  return {
    badge: (id) => nameOf(byBadge.get(id)),
    levels: (of, fromRank) =>
      [...byBadge.values()]
        .filter(({ design: { level } }) => level?.of === of && level.rank >= fromRank)
        .sort((a, b) => (a.design.level?.rank ?? 0) - (b.design.level?.rank ?? 0))
        .flatMap((rule) => nameOf(rule) ?? []),
  };
};

const nameOf = (rule: Rule | undefined): Words | undefined => {
  const english = rule?.name['en'];
  return english === undefined ? undefined : { en: english, ko: rule?.name['ko'] ?? english };
};
