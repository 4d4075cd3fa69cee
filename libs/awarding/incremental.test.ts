import fc from 'fast-check';
import { currentFacts } from '#domain/facts.js';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { referenceOutcome, verdictOf } from '#rules/evaluate.js';
import { judge, outcomeOf } from '#rules/progress.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Rule } from '#rules/rule.js';
import { createRulebook, type LiveRule } from '#rules/rulebook.js';
import { context, history, rule } from './histories.js';
import { emptyLearner, foldLearnerEvent, type LearnerState } from './learner-state.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 3000);

const live = (made: Rule): LiveRule => ({ rule: made, reference: { badge: 'b', version: 1, hash: 'h' } });

const outcomeNow = (state: LearnerState, liveRule: LiveRule, course: CourseContext) => {
  const progress = state.progress.get(liveRule);
  return progress ? outcomeOf(liveRule.rule, progress, course) : { supported: false };
};

describe('the incremental evaluation', () => {
  it('agrees with the reference after every event of any history, late, repeated and corrected ones included', () => {
    fc.assert(
      fc.property(rule, history, context, (made, events, course) => {
        const liveRule = live(made);
        const rulebook = createRulebook([liveRule]);
        const state = emptyLearner('t', 'l', true);
        for (const event of events) {
          foldLearnerEvent(state, event, rulebook, () => course, () => undefined);
          const expected = referenceOutcome(made, currentFacts(state.book), course);
          expect(outcomeNow(state, liveRule, course)).toEqual(expected);
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
          const state = emptyLearner('t', 'l', true);
          for (const event of order) foldLearnerEvent(state, event, rulebook, () => course, () => undefined);
          const outcome = outcomeNow(state, liveRule, course);
          return { outcome, verdict: verdictOf(made, outcome, currentFacts(state.book), course) };
        };
        expect(run(arrival.filter((event) => consistent.includes(event)))).toEqual(run(consistent));
      }),
      { numRuns: RUNS },
    );
  });

  it('gives the trace of an earned badge with every criterion measured up to the moment it was earned', () => {
    fc.assert(
      fc.property(rule, history, context, (made, events, course) => {
        const state = emptyLearner('t', 'l', true);
        const liveRule = live(made);
        for (const event of events) foldLearnerEvent(state, event, createRulebook([liveRule]), () => course, () => undefined);
        const facts = [...currentFacts(state.book)];
        const outcome = judge(made, facts, course);
        const verdict = verdictOf(made, outcome, facts, course);
        if (outcome.supported) expect(verdict.root.met).toBe(true);
        expect(verdict.met).toBe(outcome.supported);
      }),
      { numRuns: RUNS },
    );
  });
});
