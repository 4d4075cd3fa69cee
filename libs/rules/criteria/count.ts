import type { Fact } from '#domain/facts.js';
import type { Unit } from '#domain/verdict.js';
import type { CourseContext } from '../course-context.js';
import type { CriterionKind, CriterionNode, Tracker } from '../criterion.js';
import { SortedFacts } from '../sorted-facts.js';
import { from } from '../truth.js';

const DISTINCT = ['activity', 'course-day', 'course-week'] as const;
type Distinct = (typeof DISTINCT)[number];

const UNIT: Readonly<Record<Distinct, Unit>> = { activity: 'activities', 'course-day': 'days', 'course-week': 'weeks' };

const settingsOf = (node: CriterionNode): { readonly needed: number; readonly distinct: Distinct | undefined } => ({
  needed: node.settings['at-least'] as number,
  distinct: node.settings['distinct'] as Distinct | undefined,
});

/** What two facts must share to count once; undefined for a fact that cannot be placed. */
const groupOf = (fact: Fact, distinct: Distinct, course: CourseContext): string | number | undefined => {
  switch (distinct) {
    case 'activity':
      return fact.activity;
    case 'course-day':
      return course.calendar?.dayOf(fact.time);
    case 'course-week':
      return course.calendar?.weekOf(fact.time);
  }
};

/** At least so many facts, or so many different activities, course days or course weeks that have one. */
export const count: CriterionKind = {
  keyword: 'count',
  summary: 'at least so many facts; with `distinct`, so many different activities, course days or course weeks',

  parse: (settings) => {
    const needed = settings.integer('at-least', { min: 1, max: 100_000 });
    const distinct = settings.optionalChoice('distinct', DISTINCT);
    if (needed === undefined) return undefined;
    return { 'at-least': needed, ...(distinct && { distinct }) };
  },

  measure: (node, facts, course) => {
    const { needed, distinct } = settingsOf(node);
    if (!distinct) {
      return { met: facts.length >= needed, value: facts.length, needed, unit: 'count', evidence: facts };
    }
    const firstOfGroup = new Map<string | number, Fact>();
    for (const fact of facts) {
      const group = groupOf(fact, distinct, course);
      if (group !== undefined && !firstOfGroup.has(group)) firstOfGroup.set(group, fact);
    }
    const value = firstOfGroup.size;
    return { met: value >= needed, value, needed, unit: UNIT[distinct], evidence: [...firstOfGroup.values()] };
  },

  track: (node, course) => {
    const { needed, distinct } = settingsOf(node);
    return distinct ? trackDistinct(needed, (fact) => groupOf(fact, distinct, course)) : trackCount(needed);
  },
};

const trackCount = (needed: number): Tracker => {
  const facts = new SortedFacts();
  return {
    insert: (fact) => void facts.insert(fact),
    remove: (fact) => void facts.remove(fact),
    first: () => facts.first(),
    truth: () => from(facts.items[needed - 1]?.time ?? Infinity),
  };
};

const trackDistinct = (needed: number, groupOf: (fact: Fact) => string | number | undefined): Tracker => {
  const facts = new SortedFacts();
  const groups = new Map<string | number, SortedFacts>();
  const firsts = new SortedFacts();
  return {
    insert: (fact) => {
      facts.insert(fact);
      const key = groupOf(fact);
      if (key === undefined) return;
      const group = groups.get(key);
      if (!group) {
        groups.set(key, new SortedFacts(fact));
        firsts.insert(fact);
        return;
      }
      const former = group.items[0];
      if (group.insert(fact) > 0) return;
      if (former) firsts.remove(former);
      firsts.insert(fact);
    },
    remove: (fact) => {
      facts.remove(fact);
      const key = groupOf(fact);
      const group = key === undefined ? undefined : groups.get(key);
      if (key === undefined || !group || group.remove(fact) > 0) return;
      firsts.remove(fact);
      const next = group.items[0];
      if (next) firsts.insert(next);
      else groups.delete(key);
    },
    first: () => facts.first(),
    truth: () => from(firsts.items[needed - 1]?.time ?? Infinity),
  };
};
