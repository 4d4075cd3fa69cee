import type { Fact } from '#domain/facts.js';
import type { CriterionVerdict, Verdict } from '#domain/verdict.js';
import type { CourseContext } from './course-context.js';
import { kindOf } from './criteria/all.js';
import type { Criterion, Rule } from './rule.js';
import { compareFacts, selects } from './selector.js';
import type { CriterionNode } from './criterion.js';

/** Whether a rule awards its badge to a learner, and since when. */
export interface Outcome {
  readonly supported: boolean;
  /** Event time at which it was earned, epoch milliseconds; absent where not supported. */
  readonly earnedAt?: number;
}

const NOT_SUPPORTED: Outcome = { supported: false };

/** The leaf criteria of a tree, from left to right. */
export const leavesOf = (criterion: Criterion): readonly CriterionNode[] =>
  'leaf' in criterion ? [criterion.leaf] : criterion.parts.flatMap(leavesOf);

/** The moment at which an at-close rule decides; undefined where it decides otherwise or the moment is not known. */
export const closingTime = (rule: Rule, course: CourseContext): number | undefined => {
  if (rule.decides.mode !== 'at-close') return undefined;
  if (rule.decides.of === 'course') return course.closedAt;
  return course.calendar?.endOfDay(rule.decides.of.courseDay);
};

/** Whether the log says that the rule's closing time has come; true for rules that need not wait. */
export const isDecided = (rule: Rule, course: CourseContext): boolean => {
  if (rule.decides.mode !== 'at-close') return true;
  const closing = closingTime(rule, course);
  if (closing === undefined) return false;
  return rule.decides.of === 'course' || course.clock >= closing;
};

/** Evaluates a criterion tree on facts: the trace, with value, need and evidence of each criterion. */
export const measureTree = (
  criterion: Criterion,
  facts: readonly Fact[],
  course: CourseContext,
  path = '',
): CriterionVerdict => {
  if ('leaf' in criterion) {
    const node = criterion.leaf;
    const selected = facts.filter((fact) => selects(node.select, fact, course)).sort(compareFacts);
    const { evidence, ...measure } = kindOf(node.keyword).measure(node, selected, course);
    return {
      criterion: node.keyword,
      path: path ? `${path}.${node.keyword}` : node.keyword,
      ...measure,
      evidence: evidence.map((fact) => fact.id),
    };
  }
  const here = path ? `${path}.${criterion.group}` : criterion.group;
  const parts = criterion.parts.map((part, i) => measureTree(part, facts, course, `${here}[${i}]`));
  const value = parts.filter((part) => part.met).length;
  const needed = criterion.group === 'all' ? parts.length : criterion.group === 'any' ? 1 : 0;
  const met = criterion.group === 'not' ? value === 0 : value >= needed;
  return { criterion: criterion.group, path: here, met, value, needed, unit: 'criteria', evidence: [], parts };
};

/** The facts of the rule's course that any of its criteria looks at, by event time. */
export const relevantFacts = (rule: Rule, facts: Iterable<Fact>, course: CourseContext): readonly Fact[] => {
  const leaves = leavesOf(rule.criteria);
  const relevant: Fact[] = [];
  for (const fact of facts) {
    if (fact.course === rule.course && leaves.some((leaf) => selects(leaf.select, fact, course))) relevant.push(fact);
  }
  return relevant.sort(compareFacts);
};

/**
 * The decision trace behind an outcome: on the facts up to the moment at which it was earned, or, for an at-close
 * rule and where it is not supported, on all facts.
 */
export const verdictOf = (
  rule: Rule,
  outcome: Outcome,
  facts: Iterable<Fact>,
  course: CourseContext,
): Verdict => {
  const all = relevantFacts(rule, facts, course);
  const decided = isDecided(rule, course);
  const asOf = rule.decides.mode === 'at-close' ? undefined : outcome.earnedAt;
  const counted = asOf === undefined ? all : all.filter((fact) => fact.time <= asOf);
  const root = measureTree(rule.criteria, counted, course);
  return { met: outcome.supported, decided, root, ...(asOf !== undefined && { asOf }) };
};

/**
 * The reference evaluator: tries every moment at which something happened. Slow and obviously right; the tests hold
 * the incremental one to it.
 */
export const referenceOutcome = (rule: Rule, facts: Iterable<Fact>, course: CourseContext): Outcome => {
  const all = relevantFacts(rule, facts, course);
  const metAt = (time: number): boolean =>
    measureTree(rule.criteria, all.filter((fact) => fact.time <= time), course).met;
  const moments = [...new Set(all.map((fact) => fact.time))];
  switch (rule.decides.mode) {
    case 'as-soon-as-met': {
      const earnedAt = moments.find(metAt);
      return earnedAt === undefined ? NOT_SUPPORTED : { supported: true, earnedAt };
    }
    case 'continuously': {
      let since: number | undefined;
      for (const moment of moments) since = metAt(moment) ? (since ?? moment) : undefined;
      return since === undefined ? NOT_SUPPORTED : { supported: true, earnedAt: since };
    }
    case 'at-close': {
      const earnedAt = closingTime(rule, course);
      if (earnedAt === undefined || !isDecided(rule, course) || all.length === 0 || !metAt(Infinity)) return NOT_SUPPORTED;
      return { supported: true, earnedAt };
    }
  }
};
