import { award as awardDecider, type Award, type AwardEvent } from '#domain/award.js';
import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import { CASE_LEARNER, CASE_SOURCE, type Arrival, type CaseEvents } from '#rules/cases/case-events.js';
import { cohortsOf, cutoffOf, standingOf } from '#rules/cohort.js';
import { cohortKey, type CohortNode } from '#rules/criteria/cohort.js';
import { learnerContext, type Circumstances } from '#rules/circumstances.js';
import { evolveCourse, unknownCourse } from '#rules/course-context.js';
import { closingTime, relevantFacts } from '#rules/evaluate.js';
import { evaluateLive, judgementsOf } from '#rules/judge.js';
import type { Rule } from '#rules/rule.js';
import { decideAward } from './decide-award.js';

/** What has come of a case in the end. */
export interface CaseTerm {
  readonly facts: readonly Fact[];
  readonly at: Circumstances;
  /** By period; '' for a badge that is earned once. */
  readonly awards: ReadonlyMap<string, Award>;
  /** Everything that happened to the awards; `decidedAt` is the case's own time. */
  readonly history: readonly AwardEvent[];
}

/** A case in which more happens by the passing of time alone is cut off: it would take a lifetime. */
const MAX_WAKES = 2000;

/** Goes through a case as the engine would: each event decided as it arrives, and each moment at which time alone decides. */
export const playCase = (rule: Rule, { course, ofCourse, ofLearner, held, closedAt, now, others }: CaseEvents): CaseTerm => {
  const state = unknownCourse();
  for (const event of ofCourse) evolveCourse(state, event);
  const book = emptyFactBook();
  const holding: Fact[] = [];
  const awards = new Map<string, Award>();
  const history: AwardEvent[] = [];
  let wakeAt = Infinity;

  const facts = (): readonly Fact[] => [...currentFacts(book), ...holding];
  const circumstances = (): Circumstances => ({ course: state.context, learner: learnerContext(currentFacts(book), rule.course) });
  const decide = (): void => {
    const { clock } = state.context;
    wakeAt = Infinity;
    for (const judgement of judgementsOf(rule, facts(), circumstances(), evaluateLive, awards.keys())) {
      const award = awards.get(judgement.period) ?? awardDecider.initialState;
      const decision = decideAward({
        tenant: CASE_SOURCE, learner: CASE_LEARNER, rule: { rule, reference: { badge: rule.badge, version: 1, hash: '' } },
        judgement, award, facts, clock, changedFrom: -Infinity, cause: { kind: 'facts', events: [], reason: 'the case' }, basis: 0, now: clock,
      });
      wakeAt = Math.min(wakeAt, decision.wakeAt);
      let after: Award = award;
      for (const command of decision.commands) {
        const events = awardDecider.decide(command, after);
        after = events.reduce(awardDecider.evolve, after);
        history.push(...events);
      }
      if (after.status !== 'none') awards.set(judgement.period, after);
    }
  };

  /** What everybody in the course reached in a cohort, the learner among them. */
  const standingsOf = (node: CohortNode, closing: number): readonly number[] => {
    const at = circumstances();
    const relevant = relevantFacts(rule, facts(), at);
    const own = standingOf(node, relevant, at, Math.max(closing, relevant.at(-1)?.time ?? -Infinity));
    return [...(others ?? []), ...(own === undefined ? [] : [own])];
  };
  const rank = (at: number): void => {
    if (!others) return;
    for (const node of cohortsOf(rule)) {
      const standings = standingsOf(node, at);
      evolveCourse(state, { type: 'CohortRanked', course, cohort: cohortKey(node), at, size: standings.length, cutoff: cutoffOf(node, standings) });
    }
  };

  // What comes at its own time, whatever the learner does.
  const pending: Arrival<() => void>[] = held.map((fact) => ({ at: fact.time, what: () => void holding.push(fact) }));
  if (closedAt !== undefined) {
    pending.push({
      at: closedAt,
      what: () => {
        evolveCourse(state, { type: 'CourseClosed', id: 'closed', source: CASE_SOURCE, course, time: closedAt });
        rank(closedAt);
      },
    });
  }
  const closing = closingTime(rule, state.context); // of a day of the course; the course itself has not closed yet
  if (closing !== undefined) pending.push({ at: closing, what: () => rank(closing) });
  pending.sort((a, b) => a.at - b.at);

  const advance = (to: number): void => {
    for (let wakes = 0; wakes < MAX_WAKES; wakes++) {
      const next = Math.min(pending[0]?.at ?? Infinity, wakeAt > state.context.clock ? wakeAt : Infinity);
      if (next > to || next === Infinity) break;
      evolveCourse(state, { type: 'ClosingTimeReached', course, at: next });
      if (pending[0]?.at === next) pending.shift()?.what();
      decide();
    }
    evolveCourse(state, { type: 'ClosingTimeReached', course, at: to });
  };

  for (const { at, what } of ofLearner) {
    advance(at);
    applyEvent(book, what);
    decide();
  }
  advance(now ?? Math.max(state.context.clock, closedAt ?? -Infinity, ...held.map(({ time }) => time)));
  decide();
  return { facts: facts(), at: circumstances(), awards, history };
};
