import type { LearnerFactEvent } from '#domain/learning-event.js';
import { UNKNOWN_COURSE } from '#rules/course-context.js';
import { outcomeOf } from '#rules/progress.js';
import type { Criterion } from '#rules/rule.js';
import { createRulebook, type LiveRule } from '#rules/rulebook.js';
import { emptyLearner, foldLearnerEvent, learnerCourse, type Folding } from './learner-state.js';
import { leaf, rule, SOON } from './terms-under-test.js';

let ids = 0;
const event = (type: LearnerFactEvent['type'], values: Partial<LearnerFactEvent> = {}): LearnerFactEvent => {
  const number = ++ids;
  return { type, id: String(number), source: 's', learner: 'ada', course: 'c', time: number, activity: `a${number}`, ...values };
};
const graded = (score: number): LearnerFactEvent => event('AssignmentGraded', { score, max: 100 });

/** A learner in a course with one rule: which events touch it, and what it comes to. */
const follow = (criteria: Criterion) => {
  const liveRule: LiveRule = { rule: rule(SOON, criteria), reference: { badge: 'b', version: 1, hash: '' } };
  const rulebook = createRulebook([liveRule]);
  const program = rulebook.program('c');
  const plan = program?.plans.get(liveRule);
  if (!program || !plan) throw new Error('no plan');
  const state = emptyLearner('t', 'ada', true);
  let touched = false;
  const folding: Folding = { rulebook, contextOf: () => UNKNOWN_COURSE, onTouch: () => (touched = true) };
  const known = learnerCourse(state, program, folding.contextOf);
  return {
    touches: (...events: readonly LearnerFactEvent[]): readonly boolean[] =>
      events.map((one) => {
        touched = false;
        foldLearnerEvent(state, one, folding);
        return touched;
      }),
    supported: (): boolean => outcomeOf(plan, known.trackers, known.at).outcome.supported,
    followed: (): number => known.trackers.filter((tracker) => typeof tracker === 'object').length,
  };
};

describe('a learner in a course', () => {
  it('is looked at for a rule once there are enough facts', () => {
    const learner = follow(leaf('count', { 'at-least': 3 }, { type: 'MissionCompleted', tag: 'quiz' }));
    const quiz = (): LearnerFactEvent => event('MissionCompleted', { tags: ['quiz'] });
    expect(learner.touches(quiz(), event('MissionCompleted'), quiz())).toEqual([false, false, false]);
    expect(learner.followed()).toBe(0);
    expect(learner.touches(quiz())).toEqual([true]);
    expect(learner.supported()).toBe(true);
  });

  it('is not followed for what matters only with other facts that are not there yet', () => {
    const select = { type: 'AssignmentGraded' } as const;
    const learner = follow({ group: 'all', parts: [leaf('count', { 'at-least': 3 }, select), leaf('mean', { 'at-least': 70, attempt: 'each' }, select)] });
    expect(learner.touches(graded(60), graded(90))).toEqual([false, false]);
    expect(learner.followed()).toBe(0);
    expect(learner.touches(graded(75))).toEqual([true]);
    expect(learner.followed()).toBe(2);
    expect(learner.supported()).toBe(true);
  });

  it('is followed from the first fact on for what can be met without the other facts', () => {
    const select = { type: 'AssignmentGraded' } as const;
    const learner = follow({ group: 'all', parts: [leaf('count', { 'at-most': 3 }, select), leaf('mean', { 'at-least': 70, attempt: 'each' }, select)] });
    expect(learner.touches(graded(75))).toEqual([true]);
    expect(learner.supported()).toBe(true);
  });

  it('is not looked at for a rule that something else keeps from being met, until that is there', () => {
    const learner = follow({ group: 'all', parts: [leaf('count', { 'at-least': 1 }, { type: 'AssignmentGraded' }), leaf('count', { 'at-least': 2 }, { type: 'MissionCompleted' })] });
    expect(learner.touches(graded(80), event('MissionCompleted'), graded(70))).toEqual([false, false, false]);
    expect(learner.touches(event('MissionCompleted'))).toEqual([true]);
    expect(learner.supported()).toBe(true);
  });

  it('has facts counted that belong to no course', () => {
    const learner = follow(leaf('count', { 'at-least': 2 }, { type: 'ApprovalGiven' }));
    learner.touches(event('ApprovalGiven', { course: 'elsewhere' }), event('ApprovalGiven'));
    expect(learner.supported()).toBe(true);
  });

  it('is counted without facts that were withdrawn', () => {
    const learner = follow(leaf('count', { 'at-least': 3 }, { type: 'AssignmentGraded', kind: 'quiz' }));
    const quiz = (values: Partial<LearnerFactEvent> = {}): LearnerFactEvent => event('AssignmentGraded', { kind: 'quiz', ...values });
    const other = (): LearnerFactEvent => event('AssignmentGraded', { kind: 'exam' });
    const first = quiz({ version: 1 });
    learner.touches(other(), first, quiz(), { ...first, version: 2, kind: 'exam' });
    learner.touches(quiz());
    expect([learner.supported(), learner.followed()]).toEqual([false, 0]);
    learner.touches(quiz());
    expect([learner.supported(), learner.followed()]).toEqual([true, 1]);
  });

  it('is counted as it was between two changes of one event, which moves a fact and uncovers another', () => {
    const learner = follow(leaf('count', { 'at-least': 4 }, { type: 'AssignmentGraded', kind: 'quiz' }));
    const quiz = (values: Partial<LearnerFactEvent> = {}): LearnerFactEvent => event('AssignmentGraded', { kind: 'quiz', ...values });
    const covered = quiz({ activity: 'first' });
    const moving = quiz({ activity: 'first', version: 1 });
    learner.touches(covered, moving, quiz({ activity: 'second' }));
    // It takes the place of the second, and is no quiz any more: of the three the covered one is left.
    learner.touches({ ...moving, version: 2, activity: 'second', kind: 'exam', time: 9999 });
    learner.touches(quiz(), quiz());
    expect(learner.supported()).toBe(false);
    learner.touches(quiz());
    expect(learner.supported()).toBe(true);
  });
});
