import fc from 'fast-check';
import { currentFacts } from '#domain/facts.js';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { ACTIVITIES, DAY, history, START, withoutUndefined } from '#rules/arbitraries/histories.js';
import { offers } from '#rules/arbitraries/offers.js';
import { context, rule } from '#rules/arbitraries/rules.js';
import { courseCalendar, zoneOf } from '#rules/calendar.js';
import { learnerContext } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import { referenceOutcome } from '#rules/evaluate.js';
import { outcomeOf, type LiveOutcome } from '#rules/progress.js';
import { createRulebook, type LiveRule } from '#rules/rulebook.js';
import { emptyLearner, foldLearnerEvent, learnerCourse, recountCourse, type Folding } from './learner-state.js';
import { knownAward } from './terms-under-test.js';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 3000);
const SEED = Number(process.env['PROPERTY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
beforeAll(() => console.log(`PROPERTY_SEED=${SEED} PROPERTY_RUNS=${RUNS}`));
const ZONES = ['UTC', 'Asia/Seoul', 'America/New_York'];

/** What becomes known of a course between two events of a learner. */
type CourseStep =
  | { readonly what: 'offers' | 'closing' | 'clock'; readonly change: Partial<CourseContext> }
  | { readonly what: 'start'; readonly change: Pick<CourseContext, 'zone' | 'calendar'> };
type Step = { readonly what: 'learner'; readonly event: LearnerFactEvent | CorrectionEvent } | CourseStep;

const moment = fc.integer({ min: -2, max: 20 }).map((halfDay) => START + (halfDay * DAY) / 2);

/** Enrolments and extensions: they change what the learner's other facts mean. */
const circumstance: fc.Arbitrary<LearnerFactEvent> = fc
  .record({
    number: fc.integer({ min: 0, max: 4 }),
    version: fc.integer({ min: 0, max: 2 }),
    type: fc.constantFrom('Enrolled' as const, 'ExtensionGranted' as const),
    time: moment,
    activity: fc.constantFrom(...ACTIVITIES),
    due: moment,
    timezone: fc.constantFrom(undefined, ...ZONES),
  })
  .map(({ number, version, type, time, activity, due, timezone }) =>
    withoutUndefined({
      ...(type === 'Enrolled' ? { timezone } : { activity, due }),
      id: `x${number}`, version, type, time, source: 's', learner: 'l', course: 'c1',
    }) as LearnerFactEvent,
  );

const courseStep: fc.Arbitrary<CourseStep> = fc.oneof(
  offers.map((made): CourseStep => ({ what: 'offers', change: { offers: made } })),
  fc.option(moment, { nil: undefined }).map((closedAt): CourseStep => ({ what: 'closing', change: { closedAt } })),
  moment.map((clock): CourseStep => ({ what: 'clock', change: { clock } })),
  fc.record({ start: fc.constantFrom(START, START - 3 * DAY), timezone: fc.constantFrom(...ZONES) }).map(
    ({ start, timezone }): CourseStep => ({ what: 'start', change: { zone: zoneOf(timezone), calendar: courseCalendar(start, timezone) } }),
  ),
);

/** Events of a learner, in the middle of which the course changes. */
const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(history, fc.array(circumstance, { maxLength: 4 }), fc.array(courseStep, { minLength: 1, maxLength: 8 }))
  .chain(([events, more, changes]) => {
    const all: Step[] = [...[...events, ...more].map((event): Step => ({ what: 'learner', event })), ...changes];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });

/** One learner in a course that changes. */
const follow = (liveRule: LiveRule, start: CourseContext) => {
  const rulebook = createRulebook([liveRule]);
  const program = rulebook.program('c1');
  if (!program) throw new Error('no program');
  const state = emptyLearner('t', 'l', true);
  let course = start;
  let touched = false;
  const folding: Folding = { rulebook, contextOf: () => course, onTouch: () => (touched = true) };
  return {
    program,
    /** Takes a step and tells whether it touched the rule. */
    take: (step: Step): boolean => {
      touched = false;
      if (step.what === 'learner') {
        foldLearnerEvent(state, step.event, folding);
        return touched;
      }
      const { clock } = course;
      course = { ...course, ...step.change, ...(step.what === 'clock' && { clock: Math.max(clock, step.change.clock ?? clock) }) };
      if (step.what === 'start') recountCourse(state, learnerCourse(state, program, folding.contextOf));
      // What starts or closes a course, and what rules look at in it, is decided for everybody.
      return step.what !== 'clock' && (step.what !== 'offers' || program.dependents.offers.includes(liveRule));
    },
    live: (): LiveOutcome => {
      const known = learnerCourse(state, program, folding.contextOf);
      const plan = program.plans.get(liveRule);
      if (!plan) throw new Error('no plan');
      return outcomeOf(plan, known.trackers, known.at);
    },
    reference: () => {
      const learner = learnerContext(currentFacts(state.book), 'c1');
      return referenceOutcome(liveRule.rule, currentFacts(state.book), { course, learner });
    },
    clock: () => course.clock,
    award: () => state.awards.set(liveRule.rule.badge, knownAward(liveRule, 'active')),
  };
};

const live = fc.record({ rule }).map(({ rule: made }): LiveRule => ({ rule: made, reference: { badge: 'b', version: 1, hash: 'h' } }));

describe('a course that changes', () => {
  it('leaves the incremental evaluation equal to the reference', () => {
    fc.assert(
      fc.property(live, steps, context, (liveRule, taken, course) => {
        const learner = follow(liveRule, course);
        for (const step of taken) {
          learner.take(step);
          expect(learner.live().outcome).toEqual(learner.reference());
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('changes no outcome that is not decided again: it is touched, or its time has come', () => {
    fc.assert(
      fc.property(live, steps, context, (liveRule, taken, course) => {
        const learner = follow(liveRule, course);
        let before = learner.live();
        for (const step of taken) {
          const touched = learner.take(step);
          const after = learner.live();
          if (!touched && JSON.stringify(after.outcome) !== JSON.stringify(before.outcome)) {
            const closing = liveRule.rule.decides.mode === 'at-close';
            expect(closing || (step.what === 'clock' && before.wakeAt <= learner.clock())).toBe(true);
            if (!closing) expect(learner.program.timed).toContain(liveRule);
          }
          if (after.outcome.supported) learner.award(); // as it is done at the end of a batch: what is lost then matters
          before = after;
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
