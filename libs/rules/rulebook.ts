import type { RuleReference } from '#domain/award.js';
import { canonicalJson } from '#domain/ids.js';
import { aggregateIndex, type AggregateIndex } from './aggregate-index.js';
import { kindOf } from './criteria/all.js';
import type { CriterionKind, CriterionNode, Depends } from './criterion.js';
import { leavesOf } from './evaluate.js';
import { isRepeated } from './judge.js';
import { planOf, type RulePlan } from './plan.js';
import { allPrerequisites } from './prerequisites.js';
import type { Rule } from './rule.js';
import { dependsOnEnrolment, isOfAnyCourse, LEARNING_TYPES, testOf, type FactTest } from './selector.js';

/** A published rule version. */
export interface LiveRule {
  readonly rule: Rule;
  readonly reference: RuleReference;
  /** It also judges awards of earlier versions. */
  readonly backfill?: boolean;
}

/** A rule that asks for an aggregate, with its threshold. */
export interface User {
  readonly rule: LiveRule;
  readonly plan: RulePlan;
  readonly threshold: number;
  /** How many facts must be taken before it can matter to the rule. */
  readonly least: number;
}

/** What one tracker a learner follows for all criteria of a course that differ in their threshold alone. */
export interface Aggregate {
  readonly course: string;
  /** Its place among the aggregates of its course. */
  readonly id: number;
  readonly node: CriterionNode;
  /** The node's selectors. */
  readonly tests: readonly FactTest[];
  readonly kind: CriterionKind;
  /** Those that a fact can only change by moving a value past their threshold, by threshold. */
  readonly users: readonly User[];
  /** Those that any fact can change: time passes for them, too. */
  readonly timed: readonly User[];
  /** How many facts must be taken before it can matter to any of them. */
  readonly least: number;
  /** Those of `users` that the first fact can earn, whatever it says. */
  readonly vacuous: readonly User[];
}

/** The rules of one course, compiled: an event touches only what it can change. */
export interface CourseProgram {
  readonly course: string;
  readonly rules: readonly LiveRule[];
  readonly aggregates: readonly Aggregate[];
  /** The aggregates that a fact of the course can touch. */
  readonly index: AggregateIndex;
  /** The versions of each badge's rule. */
  readonly ofBadge: ReadonlyMap<string, readonly LiveRule[]>;
  /** How each rule is evaluated; the slots are the ids of aggregates. */
  readonly plans: ReadonlyMap<LiveRule, RulePlan>;
  /** The rules that depend on something besides facts. */
  readonly dependents: Readonly<Record<Depends, readonly LiveRule[]>>;
  /** The rules to which time matters. */
  readonly timed: readonly LiveRule[];
}

/** Rules, with an index from (course, event type, and activity, tag, kind or status) to the aggregates that an event can touch. */
export interface Rulebook {
  readonly rules: readonly LiveRule[];
  readonly programs: ReadonlyMap<string, CourseProgram>;
  /** The compiled rules of a course; undefined for one that has none. */
  readonly program: (course: string) => CourseProgram | undefined;
  /** Badges that some criterion asks for, by name or by their level. */
  readonly prerequisites: ReadonlySet<string>;
  /** The aggregates of all courses that facts can touch which count in any course. */
  readonly anyCourse: AggregateIndex;
}

/** Builds the index. */
export const createRulebook = (rules: readonly LiveRule[]): Rulebook => {
  const ofCourses = new Map<string, LiveRule[]>();
  for (const rule of rules) push(ofCourses, rule.rule.course, rule);
  const programs = new Map(Array.from(ofCourses, ([course, ofCourse]) => [course, compile(course, ofCourse)]));
  const all = [...programs.values()].flatMap(({ aggregates }) => aggregates);
  return {
    rules,
    programs,
    program: (course) => programs.get(course),
    prerequisites: allPrerequisites(rules.map(({ rule }) => rule)),
    anyCourse: aggregateIndex(all, isOfAnyCourse),
  };
};

/** A number for the type of facts that a criterion looks at first. */
const typeOf = ({ node: { selects: [select] } }: { readonly node: CriterionNode }): number => (select ? LEARNING_TYPES.indexOf(select.type) : -1);

const ALL_DEPENDS: readonly Depends[] = ['offers', 'learner', 'clock', 'cohort'];

/** What a leaf depends on besides facts. */
const dependsOf = (node: CriterionNode): ReadonlySet<Depends> => {
  const depends = new Set(kindOf(node.keyword).depends?.(node.settings));
  if (node.selects.some(dependsOnEnrolment)) depends.add('learner');
  return depends;
};

/** Whether time matters to a rule: its verdict or an award can change though nothing happens. */
export const isTimed = ({ hold, validity, recurs, decides, criteria }: Rule): boolean =>
  hold !== undefined || validity !== undefined || (recurs !== undefined && decides.mode === 'at-close') || leavesOf(criteria).some((leaf) => dependsOf(leaf).has('clock'));

const compile = (course: string, rules: readonly LiveRule[]): CourseProgram => {
  interface Draft {
    readonly node: CriterionNode;
    readonly users: User[];
    readonly timed: User[];
    id: number;
  }
  const drafts = new Map<string, Draft>();
  const draftsOf = new Map<LiveRule, Draft[]>();
  for (const rule of rules) {
    draftsOf.set(rule, leavesOf(rule.rule.criteria).map((node) => {
      const key = aggregateKey(node, kindOf(node.keyword));
      let draft = drafts.get(key);
      if (!draft) drafts.set(key, (draft = { node, users: [], timed: [], id: drafts.size }));
      return draft;
    }));
  }
  // Those of one type lie side by side: an event looks at them together.
  const byType = [...drafts.values()].sort((a, b) => typeOf(a) - typeOf(b));
  byType.forEach((draft, id) => (draft.id = id));
  const dependents: Record<Depends, LiveRule[]> = { offers: [], learner: [], clock: [], cohort: [] };
  const plans = new Map<LiveRule, RulePlan>();
  for (const [rule, ofRule] of draftsOf) {
    const plan = planOf(rule.rule, (_leaf, place) => ofRule[place]?.id ?? -1);
    plans.set(rule, plan);
    const depends = new Set(plan.leaves.flatMap((node) => [...dependsOf(node)]));
    for (const on of ALL_DEPENDS) if (depends.has(on)) dependents[on].push(rule);
    for (const [place, draft] of ofRule.entries()) {
      const { keyword, settings } = plan.leaves[place] ?? draft.node;
      const user: User = { rule, plan, threshold: kindOf(keyword).thresholdOf?.(settings) ?? 0, least: plan.least[place] ?? 1 };
      const list = depends.has('clock') || isRepeated(rule.rule) ? draft.timed : draft.users;
      if (!list.some((known) => known.rule === rule && known.threshold === user.threshold)) list.push(user);
    }
  }
  const aggregates = byType.map(({ node, users, timed, id }): Aggregate => {
    users.sort((a, b) => a.threshold - b.threshold);
    const vacuous = users.filter(({ rule }) => plans.get(rule)?.vacuous);
    return { course, id, node, tests: node.selects.map(testOf), kind: kindOf(node.keyword), users, timed, vacuous, least: leastOf(node, users, timed, vacuous) };
  });
  const index = aggregateIndex(aggregates, (type) => !isOfAnyCourse(type));
  const ofBadge = new Map<string, LiveRule[]>();
  for (const rule of rules) push(ofBadge, rule.rule.badge, rule);
  return { course, rules, ofBadge, aggregates, index, plans, dependents, timed: rules.filter(({ rule }) => isTimed(rule)) };
};

/** Where time or a first fact matters, or several types are counted together, the first fact matters. */
const leastOf = ({ selects }: CriterionNode, users: readonly User[], timed: readonly User[], vacuous: readonly User[]): number => {
  const counted = selects.length === 1 && !selects.some(({ type }) => isOfAnyCourse(type)) && timed.length === 0 && vacuous.length === 0;
  return counted ? Math.min(...users.map(({ least }) => least)) : 1;
};

/** Equal for leaves that one tracker serves. */
const aggregateKey = ({ keyword, selects, settings }: CriterionNode, kind: CriterionKind): string => {
  const shared = Object.entries(settings).filter(([key]) => !kind.thresholds?.includes(key));
  return canonicalJson([keyword, selects, Object.fromEntries(shared)]);
};

/** Calls `visit` for the users whose threshold is above `above` and at most `upTo`. */
export const forEachUser = (users: readonly User[], above: number, upTo: number, visit: (user: User) => void): void => {
  let low = 0;
  let high = users.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((users[middle]?.threshold ?? Infinity) <= above) low = middle + 1;
    else high = middle;
  }
  for (let user = users[low]; user && user.threshold <= upTo; user = users[++low]) visit(user);
};

const push = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};
