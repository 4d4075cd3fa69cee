import type { Fact } from '#domain/facts.js';
import { hashUuid } from '#domain/ids.js';
import { readLogEvent, writeLogEvent, type CohortRanked } from '#domain/log-event.js';
import { cohortStream } from '#domain/streams.js';
import type { Append, EventStore } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import { learnerContext, type Circumstances } from '#rules/circumstances.js';
import { cohortsOf, cutoffOf, standingOf } from '#rules/cohort.js';
import type { CourseContext } from '#rules/course-context.js';
import { cohortKey, type CohortNode } from '#rules/criteria/cohort.js';
import { closingTime, relevantFacts } from '#rules/evaluate.js';
import type { Rule } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { LearnerCourse } from './learner-course.js';
import { factsOf, type LearnerState } from './learner-state.js';

/** A cohort whose course is over, and which nobody has ranked yet as far as the log was read. */
interface DueCohort {
  readonly key: string;
  readonly node: CohortNode;
  readonly rule: Rule;
  /** When the rule decides, epoch milliseconds. */
  readonly at: number;
  readonly standings: number[];
}

const dueCohorts = (rules: Iterable<Rule>, context: CourseContext): DueCohort[] => {
  const due = new Map<string, DueCohort>();
  for (const rule of rules) {
    const at = closingTime(rule, context);
    if (at === undefined || context.clock < at) continue;
    for (const node of cohortsOf(rule)) {
      const key = cohortKey(node);
      if (!context.cutoffs.has(key) && !due.has(key)) due.set(key, { key, node, rule, at, standings: [] });
    }
  }
  return [...due.values()];
};

/** Takes in where a learner with these facts stands in some cohorts. */
const takeStandings = (cohorts: readonly DueCohort[], all: () => Iterable<Fact>, at: Circumstances): void => {
  for (const { rule, node, at: closing, standings } of cohorts) {
    const facts = relevantFacts(rule, all(), at);
    const standing = standingOf(node, facts, at, Math.max(closing, facts.at(-1)?.time ?? -Infinity));
    if (standing !== undefined) standings.push(standing);
  }
};

/**
 * A course as it would be if the cohorts of a rule were ranked now; those that were ranked before keep their value.
 * `learners` gives the facts of everybody in the course.
 */
export const withCohortsRanked = async (rule: Rule, context: CourseContext, learners: () => AsyncIterable<readonly Fact[]>): Promise<CourseContext> => {
  const due = dueCohorts([rule], context);
  if (due.length === 0) return context;
  for await (const facts of learners()) takeStandings(due, () => facts, { course: context, learner: learnerContext(facts, rule.course) });
  return { ...context, cutoffs: new Map([...context.cutoffs, ...due.map(({ key, node, standings }) => [key, cutoffOf(node, standings)] as const)]) };
};

/** The ranking of a course's cohorts: once the clock of the course has reached what their rules wait for, and only once. */
export class CohortRanking {
  private constructor(
    private readonly tenant: string,
    private readonly course: string,
    private readonly revision: number,
    private readonly cohorts: readonly DueCohort[],
  ) {}

  /** What is to be ranked by the course's live rules; undefined where nothing is, or somebody has done it already. */
  static async open(store: EventStore, tenant: string, course: string, rules: Iterable<LiveRule>, context: CourseContext): Promise<CohortRanking | undefined> {
    const due = dueCohorts([...rules].map(({ rule }) => rule), context);
    if (due.length === 0) return undefined;
    // A replay, or another worker, may have ranked them further on in the log: that counts once the reading gets there.
    const recorded = await store.readStream(cohortStream(tenant, course));
    const ranked = new Set(recorded.map(({ type, schema, json }) => (readLogEvent(type, schema, json) as CohortRanked).cohort));
    const open = due.filter(({ key }) => !ranked.has(key));
    return open.length === 0 ? undefined : new CohortRanking(tenant, course, recorded.at(-1)?.revision ?? -1, open);
  }

  /** Takes a learner of the course in. */
  take(learner: LearnerState, { at }: LearnerCourse): void {
    takeStandings(this.cohorts, () => factsOf(learner), at);
  }

  /** What settles the cohorts, given everybody; refused by the store where another worker was first. */
  append(): Append {
    const stream = cohortStream(this.tenant, this.course);
    const events = this.cohorts.map(({ key, node, at, standings }, i) => {
      const cutoff = cutoffOf(node, standings);
      const event: CohortRanked = { type: 'CohortRanked', course: this.course, cohort: key, at, size: standings.length, cutoff };
      return toNewEvent(event, hashUuid(stream, String(this.revision + 1 + i), writeLogEvent(event)));
    });
    return { stream, expected: this.revision < 0 ? 'no-stream' : this.revision, events };
  }
}
