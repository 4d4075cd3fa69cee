import type { Fact } from '#domain/facts.js';
import type { Rule } from '#rules/rule.js';
import { compareFacts } from '#rules/sorted-facts.js';
import type { Names, Words } from '#rules/words.js';

/** The names of activities by what a course's latest facts call them, and of badges by their rules. */
export const namesOf = (courseFacts: Iterable<Fact>, ruleOf: (badge: string) => Rule | undefined): Names => {
  const titles = new Map<string, string>();
  for (const { activity, values } of [...courseFacts].sort(compareFacts)) if (activity !== undefined && values.title !== undefined) titles.set(activity, values.title);
  return {
    activity: (id) => titles.get(id),
    badge: (id): Words | undefined => {
      const name = ruleOf(id)?.name;
      const english = name?.['en'];
      return english === undefined ? undefined : { en: english, ko: name?.['ko'] ?? english };
    },
  };
};
