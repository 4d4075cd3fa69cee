import type { Award } from '#domain/award.js';
import { applyEvent, emptyFactBook, type Fact, type FactBook } from '#domain/facts.js';
import { factId, isCorrection, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import type { CourseContext } from '#rules/course-context.js';
import { startProgress, type RuleProgress } from '#rules/progress.js';
import type { LiveRule, Rulebook } from '#rules/rulebook.js';

/** An award of the learner as its stream has it. */
export interface KnownAward {
  readonly state: Award;
  /** Revision of the stream's last event; -1 where there is none. */
  readonly revision: number;
}

/** Everything that deciding about one learner needs. Folded in place from the learner's stream. */
export interface LearnerState {
  readonly tenant: string;
  readonly learner: string;
  /** Revision up to which the stream is folded. */
  revision: number;
  readonly book: FactBook;
  readonly progress: Map<LiveRule, RuleProgress>;
  /** By badge; a badge that is absent was not looked up yet. */
  readonly awards: Map<string, KnownAward>;
  /** The stream began while this state was held, so an award that is not in `awards` does not exist. */
  complete: boolean;
}

export const emptyLearner = (tenant: string, learner: string, complete: boolean): LearnerState => ({
  tenant,
  learner,
  revision: -1,
  book: emptyFactBook(),
  progress: new Map(),
  awards: new Map(),
  complete,
});

/** Notes that a rule has to be decided again for a learner. */
export type OnTouch = (rule: LiveRule, time: number) => void;

/**
 * Folds one event of the learner's stream into the facts and the progress of every rule that it touches.
 * Facts of courses without a rule are not kept: a rule published later starts from a fresh fold.
 */
export const foldLearnerEvent = (
  state: LearnerState,
  event: LearnerFactEvent | CorrectionEvent,
  rulebook: Rulebook,
  contextOf: (course: string) => CourseContext,
  onTouch: OnTouch,
): void => {
  const elsewhere = event.course !== undefined && rulebook.ofCourse(event.course).length === 0;
  // A newer version may move a fact that is held to such a course; a correction may name another course than its target.
  if (elsewhere && !isCorrection(event) && !state.book.histories.has(factId(event.source, event.id))) return;
  for (const { before, after } of applyEvent(state.book, event)) {
    if (before) track(state, before, 'remove', rulebook, contextOf, onTouch);
    if (after) track(state, after, 'insert', rulebook, contextOf, onTouch);
  }
};

const track = (
  state: LearnerState,
  fact: Fact,
  change: 'insert' | 'remove',
  rulebook: Rulebook,
  contextOf: (course: string) => CourseContext,
  onTouch: OnTouch,
): void => {
  const course = contextOf(fact.course);
  rulebook.forEachTouched(fact, course, (rule, leaf) => {
    let progress = state.progress.get(rule);
    if (!progress) state.progress.set(rule, (progress = startProgress(rule.rule, course)));
    progress.trackers[leaf]?.[change](fact);
    onTouch(rule, fact.time);
  });
};
