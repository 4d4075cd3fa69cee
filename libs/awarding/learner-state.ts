import type { Award } from '#domain/award.js';
import { applyEvent, currentFacts, emptyFactBook, isKnown, type Fact, type FactBook } from '#domain/facts.js';
import { isCorrection, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import { isCircumstance, learnerContext, UNKNOWN_LEARNER, type Circumstances } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Tracker } from '#rules/criterion.js';
import { isDecided, takes } from '#rules/evaluate.js';
import type { Trackers } from '#rules/progress.js';
import { forEachUser, type Aggregate, type CourseProgram, type LiveRule, type Rulebook } from '#rules/rulebook.js';

/** An award of the learner as its stream has it. */
export interface KnownAward {
  readonly state: Award;
  /** Revision of the stream's last event; -1 where there is none. */
  readonly revision: number;
}

/** What is followed of one learner in one course. */
export interface LearnerCourse {
  readonly program: CourseProgram;
  at: Circumstances;
  /** By the id of the aggregate; absent where it has seen nothing yet. */
  trackers: (Tracker | undefined)[];
  /**
   * Facts up to this event time can change the trace of an award, whatever they do to a criterion, epoch milliseconds;
   * undefined until the awards of all the course's rules were looked up.
   */
  tracedUpTo: number | undefined;
}

/** Everything that deciding about one learner needs. Folded in place from the learner's stream. */
export interface LearnerState {
  readonly tenant: string;
  readonly learner: string;
  /** Revision up to which the stream is folded. */
  revision: number;
  readonly book: FactBook;
  /** By course. */
  readonly courses: Map<string, LearnerCourse>;
  /** Badges that other rules ask for and that the learner holds, as facts, by award id. */
  readonly held: Map<string, Fact>;
  /** By `awardKey`; an award that is absent was not looked up yet. */
  readonly awards: Map<string, KnownAward>;
  /** The stream began while this state was held, so an award that is not in `awards` does not exist. */
  complete: boolean;
}

/** The name of a badge's award in a period within `LearnerState.awards`. */
export const awardKey = (badge: string, period: string): string => (period === '' ? badge : `${badge}\n${period}`);

export const emptyLearner = (tenant: string, learner: string, complete: boolean): LearnerState => ({
  tenant,
  learner,
  revision: -1,
  book: emptyFactBook(),
  courses: new Map(),
  held: new Map(),
  awards: new Map(),
  complete,
});

/** Notes that a rule has to be decided again for a learner, since something changed at that event time. */
export type OnTouch = (rule: LiveRule, time: number) => void;

/** What folding needs to know besides the learner. */
export interface Folding {
  readonly rulebook: Rulebook;
  readonly contextOf: (course: string) => CourseContext;
  readonly onTouch: OnTouch;
}

/** All facts about a learner: those that were recorded, and the badges that are held. With a course only what counts in it. */
export function* factsOf(state: LearnerState, course?: string): Generator<Fact> {
  yield* currentFacts(state.book, course);
  yield* state.held.values();
}

/**
 * Folds one event of the learner's stream into the facts and into whatever follows them for some rule.
 * Facts of courses without a rule are not kept, except approvals: a rule published later starts from a fresh fold.
 */
export const foldLearnerEvent = (state: LearnerState, event: LearnerFactEvent | CorrectionEvent, folding: Folding): void => {
  const elsewhere = event.course !== undefined && event.type !== 'ApprovalGiven' && !folding.rulebook.program(event.course);
  // A newer version may move a fact that is held to such a course; a correction may name another course than its target.
  if (elsewhere && !isCorrection(event) && !isKnown(state.book, event.source, event.id)) return;
  for (const { before, after } of applyEvent(state.book, event)) replaceFact(state, before, after, folding);
};

/** A badge that other rules ask for is held from now on, or no longer. */
export const foldHeldBadge = (state: LearnerState, award: string, fact: Fact | undefined, folding: Folding): void => {
  const before = state.held.get(award);
  if (fact) state.held.set(award, fact);
  else state.held.delete(award);
  replaceFact(state, before, fact, folding);
};

const replaceFact = (state: LearnerState, before: Fact | undefined, after: Fact | undefined, folding: Folding): void => {
  if (before) track(state, before, 'remove', folding);
  if (after) track(state, after, 'insert', folding);
  for (const fact of [before, after]) {
    if (!fact || !isCircumstance(fact)) continue;
    const program = folding.rulebook.program(fact.course);
    if (program && program.dependents.learner.length > 0) refreshLearner(state, program, folding);
  }
};

/** What is followed of the learner in a program's course, in its circumstances of now. */
export const learnerCourse = (state: LearnerState, program: CourseProgram, contextOf: Folding['contextOf']): LearnerCourse => {
  const { course } = program;
  const context = contextOf(course);
  let known = state.courses.get(course);
  if (!known) {
    const at: Circumstances = { course: context, learner: UNKNOWN_LEARNER };
    known = { program, at, trackers: new Array<Tracker | undefined>(program.aggregates.length), tracedUpTo: state.complete ? -Infinity : undefined };
    state.courses.set(course, known);
  } else if (known.at.course !== context) {
    known.at = { course: context, learner: known.at.learner };
  }
  return known;
};

const track = (state: LearnerState, fact: Fact, change: 'insert' | 'remove', { rulebook, contextOf, onTouch }: Folding): void => {
  rulebook.forEachAggregate(fact, (program, aggregate) => {
    const known = learnerCourse(state, program, contextOf);
    const { at } = known;
    if (!takes(aggregate.node, fact, at)) return;
    const tracker = (known.trackers[aggregate.id] ??= aggregate.kind.track(aggregate.node));
    const first = tracker.first();
    tracker[change](fact, at);
    const touch = (rule: LiveRule): void => {
      // What decides at a close is decided then; a rule that recurs closes in each of its periods.
      if (rule.rule.recurs || isDecided(rule.rule, at.course)) onTouch(rule, fact.time);
    };
    for (const { rule } of aggregate.timed) touch(rule);
    // Nothing is earned before a rule's first fact, so another first fact matters whatever it does to the criterion.
    const all = fact.time <= tracedUpTo(state, known) || tracker.first() !== first;
    forEachUser(aggregate.users, all ? -Infinity : tracker.changedAbove, all ? Infinity : tracker.changedUpTo, ({ rule }) => touch(rule));
  });
};

const tracedUpTo = (state: LearnerState, known: LearnerCourse): number => {
  if (known.tracedUpTo !== undefined) return known.tracedUpTo;
  let latest = -Infinity;
  for (const { rule } of known.program.rules) {
    const award = state.awards.get(awardKey(rule.badge, ''));
    if (!award && !rule.recurs) return Infinity;
    latest = Math.max(latest, award ? traceEnd(award.state) : -Infinity);
  }
  return (known.tracedUpTo = latest);
};

const traceEnd = (award: Award): number => (award.status === 'none' ? -Infinity : (award.verdict.asOf ?? Infinity));

/** Keeps an award as its stream has it now. */
export const keepAward = (state: LearnerState, course: string, badge: string, period: string, award: KnownAward): void => {
  state.awards.set(awardKey(badge, period), award);
  const known = state.courses.get(course);
  if (known?.tracedUpTo !== undefined) known.tracedUpTo = Math.max(known.tracedUpTo, traceEnd(award.state));
};

/** Enrolment or extensions changed: follows the course anew where rules depend on that. */
const refreshLearner = (state: LearnerState, program: CourseProgram, folding: Folding): void => {
  const known = learnerCourse(state, program, folding.contextOf);
  const learner = learnerContext(currentFacts(state.book, program.course), program.course);
  if (JSON.stringify(comparable(learner)) === JSON.stringify(comparable(known.at.learner)) && learner.zone === known.at.learner.zone) return;
  known.at = { course: known.at.course, learner };
  recountCourse(state, known);
  for (const rule of program.dependents.learner) folding.onTouch(rule, -Infinity);
};

const comparable = ({ enrolledAt, extensions }: Circumstances['learner']): unknown => [enrolledAt, [...extensions]];

/** Follows a course anew from the facts: what facts mean in it has changed. */
export const recountCourse = (state: LearnerState, known: LearnerCourse): void => {
  const { program, at } = known;
  known.trackers = new Array<Tracker | undefined>(program.aggregates.length);
  const facts = [...factsOf(state, program.course)];
  for (const aggregate of program.aggregates) {
    for (const fact of facts) {
      if (!belongs(program, fact) || !takes(aggregate.node, fact, at)) continue;
      (known.trackers[aggregate.id] ??= aggregate.kind.track(aggregate.node)).insert(fact, at);
    }
  }
};

const belongs = (program: CourseProgram, fact: Fact): boolean =>
  fact.course === program.course || fact.type === 'BadgeHeld' || fact.type === 'ApprovalGiven';

/** What is followed for each leaf of a rule. */
export const trackersOf = (known: LearnerCourse, rule: LiveRule): Trackers =>
  (known.program.leaves.get(rule) ?? NO_LEAVES).map(({ id }) => known.trackers[id]);

const NO_LEAVES: readonly Aggregate[] = [];
