import { leavesOf } from './evaluate.js';
import type { Rule } from './rule.js';

/** The badges that a rule asks for; those of a level family are looked up among some rules. */
export const prerequisitesOf = (rule: Rule, rules: Iterable<Rule>): readonly string[] => {
  const badges = new Set<string>();
  const known = [...rules];
  for (const { selects } of leavesOf(rule.criteria)) {
    for (const { type, activities, kind } of selects) {
      if (type !== 'BadgeHeld') continue;
      for (const badge of activities ?? known.filter(({ design }) => design.level?.of === kind).map((one) => one.badge)) badges.add(badge);
    }
  }
  return [...badges];
};
