import type { RuleReference } from '#domain/award.js';
import type { Fact } from '#domain/facts.js';
import type { LearnerFactType } from '#domain/learning-event.js';
import type { CourseContext } from './course-context.js';
import { leavesOf } from './evaluate.js';
import type { Rule } from './rule.js';
import { selects, type Selector } from './selector.js';

/** A published rule version. */
export interface LiveRule {
  readonly rule: Rule;
  readonly reference: RuleReference;
}

interface Leaf {
  readonly rule: LiveRule;
  /** Its place among the rule's leaves. */
  readonly leaf: number;
  readonly select: Selector;
}

/** The leaves that facts of one course and type can touch, by what narrows them most. */
interface TypeIndex {
  readonly byActivity: Map<string, Leaf[]>;
  readonly byTag: Map<string, Leaf[]>;
  readonly others: Leaf[];
}

interface CourseIndex {
  readonly rules: readonly LiveRule[];
  readonly types: ReadonlyMap<LearnerFactType, TypeIndex>;
}

/** Rules, with an index from (course, event type, activity or tag) to the criteria that an event can touch. */
export interface Rulebook {
  readonly rules: readonly LiveRule[];
  /** The rules of a course; [] for one that has none. */
  readonly ofCourse: (course: string) => readonly LiveRule[];
  /** Calls `visit` for each criterion that the fact counts for. */
  readonly forEachTouched: (fact: Fact, course: CourseContext, visit: (rule: LiveRule, leaf: number) => void) => void;
}

const NO_RULES: readonly LiveRule[] = [];

/** Builds the index. */
export const createRulebook = (rules: readonly LiveRule[]): Rulebook => {
  const courses = new Map<string, CourseIndex>();
  for (const [course, ofCourse] of groupByCourse(rules)) courses.set(course, indexCourse(ofCourse));
  return {
    rules,
    ofCourse: (course) => courses.get(course)?.rules ?? NO_RULES,
    forEachTouched: (fact, course, visit) => {
      const index = courses.get(fact.course)?.types.get(fact.type as LearnerFactType);
      if (!index) return;
      const visitAll = (leaves: readonly Leaf[] | undefined): void => {
        for (const leaf of leaves ?? NO_LEAVES) {
          if (selects(leaf.select, fact, course)) visit(leaf.rule, leaf.leaf);
        }
      };
      visitAll(index.others);
      if (fact.activity !== undefined && index.byActivity.size > 0) visitAll(index.byActivity.get(fact.activity));
      if (fact.values.tags && index.byTag.size > 0) for (const tag of new Set(fact.values.tags)) visitAll(index.byTag.get(tag));
    },
  };
};

const NO_LEAVES: readonly Leaf[] = [];

const groupByCourse = (rules: readonly LiveRule[]): ReadonlyMap<string, LiveRule[]> => {
  const groups = new Map<string, LiveRule[]>();
  for (const rule of rules) push(groups, rule.rule.course, rule);
  return groups;
};

const indexCourse = (rules: readonly LiveRule[]): CourseIndex => {
  const types = new Map<LearnerFactType, TypeIndex>();
  for (const rule of rules) {
    leavesOf(rule.rule.criteria).forEach(({ select }, i) => {
      let index = types.get(select.type);
      if (!index) types.set(select.type, (index = { byActivity: new Map(), byTag: new Map(), others: [] }));
      const leaf: Leaf = { rule, leaf: i, select };
      if (select.activities) for (const activity of new Set(select.activities)) push(index.byActivity, activity, leaf);
      else if (select.tag !== undefined) push(index.byTag, select.tag, leaf);
      else index.others.push(leaf);
    });
  }
  return { rules, types };
};

const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};
