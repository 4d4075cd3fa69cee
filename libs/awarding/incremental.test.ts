import fc from 'fast-check';
import { currentFacts } from '#domain/facts.js';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { context, rule } from '#rules/arbitraries/rules.js';
import { history } from '#rules/arbitraries/histories.js';
import { learnerContext, type Circumstances } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import { referenceOutcome, verdictOf } from '#rules/evaluate.js';
import { evaluateLive } from '#rules/judge.js';
import { outcomeOf } from '#rules/progress.js';
import type { Rule } from '#rules/rule.js';
import { createRulebook, type LiveRule, type Rulebook } from '#rules/rulebook.js';
import { emptyLearner, foldLearnerEvent, learnerCourse, trackersOf, type LearnerState } from './learner-state.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 3000);

const live = (made: Rule): LiveRule => ({ rule: made, reference: { badge: 'b', version: 1, hash: 'h' } });

/** What is known of the learner, straight from the facts. */
const circumstances = (state: LearnerState, course: CourseContext): Circumstances => ({
  course,
  learner: learnerContext(currentFacts(state.book), 'c1'),
});

/** A learner followed through some events, and what the followed rules come to. */
const follow = (rulebook: Rulebook, course: CourseContext, onTouch: (rule: LiveRule) => void = () => undefined) => {
  const state = emptyLearner('t', 'l', true);
  return {
    state,
    fold: (event: LearnerFactEvent | CorrectionEvent) => foldLearnerEvent(state, event, { rulebook, contextOf: () => course, onTouch }),
    outcome: (liveRule: LiveRule) => {
      const program = rulebook.program('c1');
      if (!program) throw new Error('no program');
      const known = learnerCourse(state, program, () => course);
      return outcomeOf(liveRule.rule, trackersOf(known, liveRule), known.at).outcome;
    },
  };
};

describe('the incremental evaluation', () => {
  it('agrees with the reference after every event of any history, late, repeated and corrected ones included', () => {
    fc.assert(
      fc.property(rule, history, context, (made, events, course) => {
        const liveRule = live(made);
        const learner = follow(createRulebook([liveRule]), course);
        for (const event of events) {
          learner.fold(event);
          const expected = referenceOutcome(made, currentFacts(learner.state.book), circumstances(learner.state, course));
          expect(learner.outcome(liveRule)).toEqual(expected);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('touches every rule whose outcome an event changes, though rules share what is followed', () => {
    const rules = fc.array(rule, { minLength: 1, maxLength: 5 }).map((made) => made.map((one, i) => live({ ...one, badge: `b${i}` })));
    fc.assert(
      fc.property(rules, history, context, (liveRules, events, course) => {
        const touched = new Set<LiveRule>();
        const learner = follow(createRulebook(liveRules), course, (one) => touched.add(one));
        const before = new Map(liveRules.map((one) => [one, JSON.stringify({ supported: false })]));
        for (const event of events) {
          touched.clear();
          learner.fold(event);
          for (const one of liveRules) {
            const after = JSON.stringify(learner.outcome(one));
            if (after !== before.get(one)) expect(touched.has(one)).toBe(true);
            before.set(one, after);
          }
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('comes to the same outcome and trace for every order of arrival', () => {
    const shuffled = history.chain((events) =>
      // Two different events with one identity and version are a conflict, which intake refuses; keep the first.
      fc.tuple(fc.constant(events), fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 })),
    );
    fc.assert(
      fc.property(rule, shuffled, context, (made, [events, arrival], course) => {
        const known = new Map<string, unknown>();
        const consistent = events.filter((event) => {
          const key = `${event.id} ${event.version ?? ''} ${event.time ?? ''}`;
          if (known.has(key)) return false;
          known.set(key, event);
          return true;
        });
        const liveRule = live(made);
        const rulebook = createRulebook([liveRule]);
        const run = (order: readonly (LearnerFactEvent | CorrectionEvent)[]) => {
          const learner = follow(rulebook, course);
          for (const event of order) learner.fold(event);
          const outcome = learner.outcome(liveRule);
          return { outcome, verdict: verdictOf(made, outcome, currentFacts(learner.state.book), circumstances(learner.state, course)) };
        };
        expect(run(arrival.filter((event) => consistent.includes(event)))).toEqual(run(consistent));
      }),
      { numRuns: RUNS },
    );
  });

  it('gives the trace of an earned badge with every criterion measured up to the moment it was earned', () => {
    fc.assert(
      fc.property(rule, history, context, (made, events, course) => {
        const liveRule = live(made);
        const learner = follow(createRulebook([liveRule]), course);
        for (const event of events) learner.fold(event);
        const facts = [...currentFacts(learner.state.book)];
        const at = circumstances(learner.state, course);
        const { outcome } = evaluateLive(made, facts, at);
        const verdict = verdictOf(made, outcome, facts, at);
        if (outcome.supported) expect(verdict.root.met).toBe(true);
        expect(verdict.met).toBe(outcome.supported);
      }),
      { numRuns: RUNS },
    );
  });
});
