import type { Fact } from '#domain/facts.js';
import type { Rule } from '#rules/rule.js';
import { compareFacts } from '#rules/sorted-facts.js';
import { badgeNames } from '#rules/badge-names.js';
import type { Names } from '#rules/words.js';

/** The names of activities by what a course's latest facts call them, and of badges by their rules. */
export const namesOf = (courseFacts: Iterable<Fact>, rules: Iterable<Rule>): Names => {
  const titles = new Map<string, string>();
  for (const { activity, values } of [...courseFacts].sort(compareFacts)) if (activity !== undefined && values.title !== undefined) titles.set(activity, values.title);
  return { ...badgeNames(rules), activity: (id) => titles.get(id) };
};
