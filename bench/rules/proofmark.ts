import { award as awardDecider, type Award } from '#domain/award.js';
import { currentFacts, type Fact } from '#domain/facts.js';
import { commandFor } from '#awarding/decide-award.js';
import { emptyLearner, foldLearnerEvent, type LearnerState } from '#awarding/learner-state.js';
import { causeOf, Touches, type Touch } from '#awarding/touches.js';
import type { Outcome } from '#rules/evaluate.js';
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

  const decide = ({ learner, rule, ...why }: Touch): void => {
    const { badge, course } = rule.rule;
    let known = learner.awards.get(badge);
    if (!known) learner.awards.set(badge, (known = { state: awardDecider.initialState, revision: -1 }));
    const progress = learner.progress.get(rule);
    if (!progress) return;
    const command = commandFor({
      tenant: TENANT,
      learner: learner.learner,
      rule,
      outcome: outcomeOf(rule.rule, progress, contextOf(course)),
      award: known.state,
      facts: learner.book,
      course: contextOf(course),
      changedFrom: why.earliest,
      cause: causeOf({ rule, ...why }),
      now: taken,
    });
    if (!command) return;
    const events = awardDecider.decide(command, known.state);
    if (events.length === 0) return;
    for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
    learner.awards.set(badge, { state: events.reduce(awardDecider.evolve, known.state), revision: known.revision + events.length });
  };
  const settle = (): void => touches.take().forEach(decide);
  const outcome = (learner: string, rule: LiveRule): Outcome => {
    const progress = learners.get(learner)?.progress.get(rule);
    return progress ? outcomeOf(rule.rule, progress, contextOf(rule.rule.course)) : { supported: false };
  };

  return {
    consume: (event) => {
      const { learner = '' } = event;
      let state = learners.get(learner);
      if (!state) learners.set(learner, (state = emptyLearner(TENANT, learner, true)));
      const touched = state;
      foldLearnerEvent(state, event, rulebook, contextOf, (rule, time) => touches.add(touched, rule, time, event));
      taken += 1;
      if (taken % BATCH === 0) settle();
    },
    settle,
    met: () =>
      [...learners.keys()].flatMap((learner) =>
        rules.filter((rule) => outcome(learner, rule).supported).map(({ rule }) => `${learner} ${rule.badge}`),
      ),
    counts: () => counts,
    facts: (learner) => {
      const state = learners.get(learner);
      return state ? currentFacts(state.book) : [];
    },
    outcome,
    award: (learner, rule) => learners.get(learner)?.awards.get(rule.rule.badge)?.state ?? awardDecider.initialState,
    close: () => undefined,
  };
};
