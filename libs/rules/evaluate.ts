import type { Fact } from '#domain/facts.js';
import type { CriterionVerdict, Verdict } from '#domain/verdict.js';
import type { Circumstances } from './circumstances.js';
import type { CourseContext } from './course-context.js';
import { kindOf } from './criteria/all.js';
import { cohortKey, type CohortNode } from './criteria/cohort.js';
import type { CriterionNode } from './criterion.js';
import type { Criterion, Rule } from './rule.js';
import { isOfAnyCourse, selects } from './selector.js';
import { compareFacts, factsUpTo, lastTime } from './sorted-facts.js';

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
  if (rule.decides.of === 'period') return undefined;
  return course.calendar?.endOfDay(rule.decides.of.courseDay);
};

/** Whether everybody was ranked in all cohorts that the criteria ask for. */
const isRanked = ({ criteria }: Rule, { cutoffs }: CourseContext): boolean =>
  leavesOf(criteria).every((leaf) => leaf.keyword !== 'cohort' || cutoffs.has(cohortKey(leaf as unknown as CohortNode)));

/**
 * Whether the log says that the rule's closing time has come, and, for one that asks for a cohort, that everybody was
 * ranked then; true for rules that need not wait.
 */
export const isDecided = (rule: Rule, course: CourseContext): boolean => {
  if (rule.decides.mode !== 'at-close') return true;
  const closing = closingTime(rule, course);
  if (closing === undefined) return false;
  return (rule.decides.of === 'course' || course.clock >= closing) && isRanked(rule, course);
};

/** Whether a criterion takes a fact. */
export const takes = (node: CriterionNode, fact: Fact, at: Circumstances): boolean => {
  for (const selector of node.selects) if (selects(selector, fact, at)) return true;
  return false;
};

/** How many of a group's parts must hold. */
const neededOf = (criterion: Extract<Criterion, { group: string }>): number => {
  switch (criterion.group) {
    case 'all':
      return criterion.parts.length;
    case 'any':
      return 1;
    case 'some':
      return criterion.atLeast;
    case 'not':
      return 0;
  }
};

/** The facts that a leaf criterion takes, by event time, then id. */
export type TakenBy = (leaf: CriterionNode) => readonly Fact[];

/** Evaluates a criterion tree at a moment, on facts up to it: the trace, with value, need and evidence of each criterion. */
export const measureTree = (criterion: Criterion, facts: readonly Fact[], at: Circumstances, now: number): CriterionVerdict =>
  measured(criterion, (leaf) => facts.filter((fact) => takes(leaf, fact, at)).sort(compareFacts), at, now, '');

const measured = (criterion: Criterion, takenBy: TakenBy, at: Circumstances, now: number, path: string): CriterionVerdict => {
  if ('leaf' in criterion) {
    const node = criterion.leaf;
    const { met, value, needed, unit, lacking, evidence } = kindOf(node.keyword).measure(node, takenBy(node), at, now);
    const here = path ? `${path}.${node.keyword}` : node.keyword;
    const ids = evidence.map((fact) => fact.id);
    // Written out twice: an object that is made at once takes less than one that members are added to.
    return lacking
      ? { criterion: node.keyword, path: here, met, value, needed, unit, lacking, evidence: ids }
      : { criterion: node.keyword, path: here, met, value, needed, unit, evidence: ids };
  }
  const here = path ? `${path}.${criterion.group}` : criterion.group;
  const parts = criterion.parts.map((part, i) => measured(part, takenBy, at, now, `${here}[${i}]`));
  const value = parts.filter((part) => part.met).length;
  const needed = neededOf(criterion);
  const met = criterion.group === 'not' ? value === 0 : value >= needed;
  return { criterion: criterion.group, path: here, met, value, needed, unit: 'criteria', evidence: [], parts };
};

/** Whether a rule may look at a fact at all: those of its course, and badges and approvals of any. */
export const concerns = (rule: Rule, fact: Fact): boolean => fact.course === rule.course || isOfAnyCourse(fact.type);

/** The facts that any of a rule's criteria looks at, by event time. */
export const relevantFacts = (rule: Rule, facts: Iterable<Fact>, at: Circumstances): readonly Fact[] => {
  const leaves = leavesOf(rule.criteria);
  const relevant: Fact[] = [];
  for (const fact of facts) {
    if (concerns(rule, fact) && leaves.some((leaf) => takes(leaf, fact, at))) relevant.push(fact);
  }
  return relevant.sort(compareFacts);
};

/**
 * How far time has come for a rule: the later of the course's clock (its closing, for a rule that decides then) and
 * the latest fact that it looks at.
 */
const horizonOf = (rule: Rule, latest: number, { course }: Circumstances): number => Math.max(closingTime(rule, course) ?? course.clock, latest);

/**
 * The decision trace behind an outcome: at the moment at which it was earned, or, for an at-close rule and where it is
 * not supported, on all facts.
 */
export const verdictOf = (rule: Rule, outcome: Outcome, facts: Iterable<Fact>, at: Circumstances): Verdict => {
  const all = relevantFacts(rule, facts, at);
  return traceOf(rule, outcome, (leaf) => all.filter((fact) => takes(leaf, fact, at)), at);
};

/** The same where it is known what each leaf takes. */
export const traceOf = (rule: Rule, outcome: Outcome, takenBy: TakenBy, at: Circumstances): Verdict => {
  const decided = isDecided(rule, at.course);
  const asOf = rule.decides.mode === 'at-close' ? undefined : outcome.earnedAt;
  if (asOf === undefined) {
    const latest = Math.max(...leavesOf(rule.criteria).map((leaf) => lastTime(takenBy(leaf))));
    return { met: outcome.supported, decided, root: measured(rule.criteria, takenBy, at, horizonOf(rule, latest, at), '') };
  }
  return { met: outcome.supported, decided, root: measured(rule.criteria, (leaf) => factsUpTo(takenBy(leaf), asOf), at, asOf, ''), asOf };
};

/**
 * The reference evaluator: tries every moment at which something could change. Slow and obviously right; the tests hold
 * the incremental one to it.
 */
export const referenceOutcome = (rule: Rule, facts: Iterable<Fact>, at: Circumstances): Outcome => {
  const all = relevantFacts(rule, facts, at);
  const [first] = all;
  if (!first) return NOT_SUPPORTED;
  const horizon = horizonOf(rule, lastTime(all), at);
  const metAt = (time: number): boolean =>
    measureTree(rule.criteria, all.filter((fact) => fact.time <= time), at, time).met;
  const moments = [...new Set([...all.map((fact) => fact.time), ...momentsOf(rule, all, at)])]
    .filter((moment) => moment >= first.time && moment <= horizon)
    .sort((a, b) => a - b);
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
      const earnedAt = closingTime(rule, at.course);
      if (earnedAt === undefined || !isDecided(rule, at.course) || !metAt(horizon)) return NOT_SUPPORTED;
      return { supported: true, earnedAt };
    }
  }
};

const momentsOf = (rule: Rule, facts: readonly Fact[], at: Circumstances): readonly number[] =>
  leavesOf(rule.criteria).flatMap((node) => {
    const { moments } = kindOf(node.keyword);
    return moments ? moments(node, facts.filter((fact) => takes(node, fact, at)).sort(compareFacts), at) : [];
  });
