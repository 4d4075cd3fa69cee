import type { Award } from '#domain/award.js';
import { evaluateLive, isRepeated, judgementsOf, possiblePeriods, type Judgement } from '#rules/judge.js';
import { periodsAt } from '#rules/periods.js';
import { outcomeOf } from '#rules/progress.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Rulebook } from '#rules/rulebook.js';
import { awardKey, factsOf, learnerCourse } from './learner-state.js';
import type { Touch } from './touches.js';

/** What a touched rule says of the learner now, in each period that it may say something else of than before. */
export const judgeTouch = (touch: Touch, rulebook: Rulebook, contextOf: (course: string) => CourseContext): readonly Judgement[] => {
  const { learner, rule, earliest, times } = touch;
  const program = rulebook.program(rule.rule.course);
  const plan = program?.plans.get(rule);
  if (!program || !plan || isSettled(touch)) return NOTHING;
  const known = learnerCourse(learner, program, contextOf);
  const { at } = known;
  if (!isRepeated(rule.rule)) {
    return judgementsOf(rule.rule, { [Symbol.iterator]: () => factsOf(learner) }, at, () => outcomeOf(plan, known.trackers, at));
  }
  // A period that has no fact now is judged as well, where one was withdrawn or the days of the course have moved: its
  // award rests on nothing now.
  const { recurs } = rule.rule;
  const facts = [...factsOf(learner)];
  const touched = recurs ? periodsAt(recurs, times ?? [], at.course) : [];
  const possible = earliest === -Infinity ? possiblePeriods(rule.rule, facts, at) : [];
  return judgementsOf(rule.rule, facts, at, evaluateLive, [...touched, ...possible]);
};

const NOTHING: readonly Judgement[] = [];

/** Whether an award stays as it is, whatever the rule says of later facts: what was earned for good, before them. */
const isSettled = ({ learner, rule, earliest }: Touch): boolean => {
  const { decides, recurs, validity } = rule.rule;
  if (decides.mode !== 'as-soon-as-met' || recurs || validity) return false;
  const award: Award | undefined = learner.awards.get(awardKey(rule.rule.badge, ''))?.state;
  return award?.status === 'active' && award.verdict.met && award.rule.version === rule.reference.version && earliest > (award.verdict.asOf ?? Infinity);
};
