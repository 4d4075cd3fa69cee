import { award as awardDecider, type Award } from '#domain/award.js';
import { currentFacts, type Fact } from '#domain/facts.js';
import { decideAward } from '#awarding/decide-award.js';
import { judgeTouch } from '#awarding/judge-touch.js';
import { beginningsOf, courseOf, emptyLearner, foldLearnerEvent, keepAward, type LearnerState } from '#awarding/learner-state.js';
import { learnersTogether } from '#awarding/learners-together.js';
import { causeOf, Touches, triggerOf, type Touch, type Trigger } from '#awarding/touches.js';
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
export const BATCH = 2000;

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

  const outcome = (state: LearnerState | undefined, rule: LiveRule): Outcome => {
    const known = state && courseOf(state, rule.rule.course);
    const plan = known?.program.plans.get(rule);
    return known && plan ? outcomeOf(plan, known.trackers, known.at).outcome : { supported: false };
  };

  const decide = (touch: Touch): void => {
    const { learner, rule, earliest } = touch;
    const { badge, course } = rule.rule;
    const award = learner.awards.get(badge)?.state ?? awardDecider.initialState;
    const [judgement] = judgeTouch(touch, rulebook, contextOf);
    if (!judgement) return;
    const { commands } = decideAward({
      tenant: TENANT, learner: learner.learner, rule, judgement, award, facts: () => beginningsOf(learner, course), clock: contextOf(course).clock,
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
    arrange: (events) => learnersTogether(events, ({ learner }) => learner),
    consume: (event) => {
      const { learner = '' } = event;
      let state = learners.get(learner);
      if (!state) learners.set(learner, (state = emptyLearner(TENANT, learner, true)));
      const touched = state;
      let trigger: Trigger | undefined;
      foldLearnerEvent(state, event, { rulebook, contextOf, onTouch: (rule, time) => touches.add(touched, rule, time, (trigger ??= triggerOf(event))) });
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
