import { traceOf } from '#rules/evaluate.js';
import { evaluateLive, isRepeated, judged, judgementsOf, possiblePeriods, type Judgement } from '#rules/judge.js';
import { periodsAt } from '#rules/periods.js';
import { outcomeOf } from '#rules/progress.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Rulebook } from '#rules/rulebook.js';
import { isSettled, leavesNothing } from './known-award.js';
import { factsFor, factsOf, learnerCourse, takenBy } from './learner-state.js';
import type { Touch } from './touches.js';

/** What a touched rule says of the learner now, in each period that it may say something else of than before. */
export const judgeTouch = (touch: Touch, rulebook: Rulebook, contextOf: (course: string) => CourseContext): readonly Judgement[] => {
  const { learner, rule, earliest, times } = touch;
  const program = rulebook.program(rule.rule.course);
  const plan = program?.plans.get(rule);
  if (!program || !plan || isSettled(learner, rule, earliest)) return NOTHING;
  const known = learnerCourse(learner, program, contextOf);
  const { at } = known;
  if (!isRepeated(rule.rule)) {
    const found = outcomeOf(plan, known.trackers, at);
    // Most rules are not met, and never were: that takes no judgement.
    if (leavesNothing(learner, rule, found)) return NOTHING;
    return [judged(rule.rule, found, () => traceOf(rule.rule, found.outcome, (leaf) => takenBy(learner, known, plan, leaf), at))];
  }
  // A period that has no fact now is judged as well, where one was withdrawn or the days of the course have moved: its
  // award rests on nothing now.
  const { recurs } = rule.rule;
  const facts = [...factsFor(learner, known, plan.types)];
  const touched = recurs ? periodsAt(recurs, times ?? [], at.course) : [];
  const possible = earliest === -Infinity ? possiblePeriods(rule.rule, [...factsOf(learner)], at) : [];
  return judgementsOf(rule.rule, facts, at, evaluateLive, [...touched, ...possible]);
};

const NOTHING: readonly Judgement[] = [];
