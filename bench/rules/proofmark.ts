import { award as awardDecider, type Award } from '#domain/award.js';
import { currentFacts, type Fact } from '#domain/facts.js';
import { factId, isCorrection } from '#domain/learning-event.js';
import { decideAward } from '#awarding/decide-award.js';
import { emptyLearner, factsOf, foldLearnerEvent, keepAward, learnerCourse, trackersOf, type LearnerState } from '#awarding/learner-state.js';
import { causeOf, Touches, type Touch, type Trigger } from '#awarding/touches.js';
import type { Outcome } from '#rules/evaluate.js';
import { judgementsOf } from '#rules/judge.js';
import { outcomeOf } from '#rules/progress.js';
import { createRulebook, type LiveRule } from '#rules/rulebook.js';
import type { Contender } from './contender.js';
import { contextOf, type LearnerEvent } from './workload.js';

/** Our own engine, with what the correctness check asks it. */
export interface EngineUnderTest extends Contender {
  consume(event: LearnerEvent): void;
  facts(learner: string): Iterable<Fact>;
  outcome(learner: string, rule: LiveRule): Outcome;
  award(learner: string, rule: LiveRule): Award;
}

const TENANT = 'bench';
/** As the live engine reads the log. */
const BATCH = 2000;

/**
 * What awarding does with a learner's events once they are read, without the log: facts, progress, outcomes, and the
 * award events with their traces. All the engine's own types are named in this file alone.
 */
export const proofmark = (rules: readonly LiveRule[]): EngineUnderTest => {
  const rulebook = createRulebook(rules);
  const learners = new Map<string, LearnerState>();
  const touches = new Touches();
  const counts: Record<string, number> = {};
  let taken = 0;

  const trackers = (state: LearnerState, rule: LiveRule) => {
    const program = rulebook.program(rule.rule.course);
    if (!program) throw new Error(`no rules of ${rule.rule.course}`);
    const known = learnerCourse(state, program, contextOf);
    return { at: known.at, trackers: trackersOf(known, rule) };
  };
  const outcome = (state: LearnerState | undefined, rule: LiveRule): Outcome => {
    if (!state?.courses.has(rule.rule.course)) return { supported: false };
    const followed = trackers(state, rule);
    return outcomeOf(rule.rule, followed.trackers, followed.at).outcome;
  };

  const decide = (touch: Touch): void => {
    const { learner, rule, earliest } = touch;
    const { badge, course } = rule.rule;
    const award = learner.awards.get(badge)?.state ?? awardDecider.initialState;
    const followed = trackers(learner, rule);
    const [judgement] = judgementsOf(rule.rule, { [Symbol.iterator]: () => factsOf(learner) }, followed.at, () =>
      outcomeOf(rule.rule, followed.trackers, followed.at),
    );
    if (!judgement) return;
    const { commands } = decideAward({
      tenant: TENANT, learner: learner.learner, rule, judgement, award, facts: () => factsOf(learner), clock: followed.at.course.clock,
      changedFrom: earliest, cause: causeOf(touch), basis: taken, now: taken,
    });
    const events = commands.flatMap((command) => awardDecider.decide(command, award));
    if (events.length === 0) return;
    for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
    const revision = (learner.awards.get(badge)?.revision ?? -1) + events.length;
    keepAward(learner, course, badge, '', { state: events.reduce(awardDecider.evolve, award), revision });
  };
  const settle = (): void => touches.take().forEach(decide);
  return {
    consume: (event) => {
      const { learner = '' } = event;
      let state = learners.get(learner);
      if (!state) learners.set(learner, (state = emptyLearner(TENANT, learner, true)));
      const touched = state;
      const trigger: Trigger = { kind: isCorrection(event) ? 'correction' : 'facts', id: factId(event.source, event.id) };
      foldLearnerEvent(state, event, { rulebook, contextOf, onTouch: (rule, time) => touches.add(touched, rule, time, trigger) });
      taken += 1;
      if (taken % BATCH === 0) settle();
    },
    settle,
    met: () =>
      [...learners.keys()].flatMap((learner) =>
        rules.filter((rule) => outcome(learners.get(learner), rule).supported).map(({ rule }) => `${learner} ${rule.badge}`),
      ),
    counts: () => counts,
    facts: (learner) => {
      const state = learners.get(learner);
      return state ? currentFacts(state.book) : [];
    },
    outcome: (learner, rule) => outcome(learners.get(learner), rule),
    award: (learner, rule) => learners.get(learner)?.awards.get(rule.rule.badge)?.state ?? awardDecider.initialState,
    close: () => undefined,
  };
};
