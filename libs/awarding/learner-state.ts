import type { Award, AwardEvent } from '#domain/award.js';
import { applyEvent, currentFacts, emptyFactBook, factsOfType, isKnown, type Fact, type FactBook, type FactChange } from '#domain/facts.js';
import { isCorrection, type CorrectionEvent, type LearnerFactEvent, type LearnerFactType } from '#domain/learning-event.js';
import { forEachClass } from '#rules/aggregate-index.js';
import { circumstancesIn, isCircumstance, learnerContext, type Circumstances } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import type { CriterionNode } from '#rules/criterion.js';
import { takes } from '#rules/evaluate.js';
import { isOfAnyCourse, type SelectedType } from '#rules/selector.js';
import { compareFacts } from '#rules/sorted-facts.js';
import { isRepeated } from '#rules/judge.js';
import type { RulePlan } from '#rules/plan.js';
import { outcomeOf } from '#rules/progress.js';
import type { CourseProgram, LiveRule, Rulebook } from '#rules/rulebook.js';
import { awardKey, hasNoAward, leavesNothing, traceEnd, type KnownAward, type KnownAwards } from './known-award.js';
import { decidesNow, followAnew, followClass, followFact, unfollowed, type LearnerCourse, type OnTouched, type Touched, type TracedAwards } from './learner-course.js';

/** Everything that deciding about one learner needs. Folded in place from the learner's stream. */
export interface LearnerState extends KnownAwards {
  readonly tenant: string;
  readonly learner: string;
  /** Revision up to which the stream is folded. */
  revision: number;
  /** The learner's facts, and what is followed of them in each course. */
  readonly book: FactBook<LearnerCourse>;
  /** Badges that other rules ask for and that the learner holds, as facts, by award id. */
  held: ReadonlyMap<string, Fact>;
  readonly awards: Map<string, KnownAward>;
  /** Where the stream began while this state was held, and nobody else has written to an award. */
  complete: boolean;
}

const NOTHING_HELD: ReadonlyMap<string, Fact> = new Map();

export const emptyLearner = (tenant: string, learner: string, complete: boolean): LearnerState => ({
  tenant,
  learner,
  revision: -1,
  book: emptyFactBook(),
  held: NOTHING_HELD,
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

/** The facts of some types that count in a course, and perhaps others; in no particular order. */
export const factsFor = (state: LearnerState, known: LearnerCourse, types: readonly SelectedType[]): readonly Fact[] => {
  if (types.some(isOfAnyCourse)) return [...factsOf(state, known.program.course)];
  return factsOfType(state.book, known.program.course, types as readonly LearnerFactType[]);
};

/** The facts that a leaf of a course's rule takes, by event time, then id: its tracker has them, where there is one. */
export const takenBy = (state: LearnerState, known: LearnerCourse, { slotOf }: RulePlan, leaf: CriterionNode): readonly Fact[] => {
  const slot = slotOf.get(leaf) ?? -1;
  const tracker = known.trackers[slot];
  if (typeof tracker === 'object') return tracker.facts;
  if (known.program.aggregates[slot]?.least === 1) return NO_FACTS; // it would be followed
  const types = new Set(leaf.selects.map(({ type }) => type));
  return factsFor(state, known, [...types]).filter((fact) => takes(leaf, fact, known.at)).sort(compareFacts);
};

const NO_FACTS: readonly never[] = [];
const NO_RULES: readonly never[] = [];

/** Facts that tell when the learner began a course: the enrolments, or else all of them. */
export const beginningsOf = (state: LearnerState, course: string): Iterable<Fact> => {
  const enrolments = factsOfType(state.book, course, ['Enrolled']);
  return enrolments.length > 0 ? enrolments : factsOf(state, course);
};

/**
 * Folds one event of the learner's stream into the facts and into whatever follows them for some rule.
 * Facts of courses without a rule are not kept, except approvals: a rule published later starts from a fresh fold.
 */
export const foldLearnerEvent = (state: LearnerState, event: LearnerFactEvent | CorrectionEvent, folding: Folding): void => {
  // A newer version may move a fact that is held to such a course; a correction may name another course than its target.
  if (isElsewhere(state, event, folding) && !isKnown(state.book, event.source, event.id)) return;
  replaceFacts(state, applyEvent(state.book, event), folding);
};

/** Whether an event sets a fact that matters in no course with a rule. */
const isElsewhere = (state: LearnerState, event: LearnerFactEvent | CorrectionEvent, { rulebook }: Folding): boolean =>
  !isCorrection(event) && event.type !== 'ApprovalGiven' && !courseOf(state, event.course) && !rulebook.program(event.course);

/** A badge that other rules ask for is held from now on, or no longer. */
export const foldHeldBadge = (state: LearnerState, award: string, fact: Fact | undefined, folding: Folding): void => {
  const before = state.held.get(award);
  const held = new Map(state.held);
  if (fact) held.set(award, fact);
  else held.delete(award);
  state.held = held;
  replaceFacts(state, [{ before, after: fact }], folding);
};

const replaceFacts = (state: LearnerState, changes: readonly FactChange[], folding: Folding): void => {
  for (let i = 0; i < changes.length; i++) {
    const { before, after } = changes[i] as FactChange;
    if (before) track(state, before, 'remove', undefined, folding);
    if (after) track(state, after, 'insert', changes[i + 1], folding);
  }
  for (const { before, after } of changes) {
    if (before && isCircumstance(before)) refreshCourse(state, before.course, folding);
    if (after && isCircumstance(after)) refreshCourse(state, after.course, folding);
  }
};

const refreshCourse = (state: LearnerState, course: string, folding: Folding): void => {
  const program = folding.rulebook.program(course);
  if (program && program.dependents.learner.length > 0) refreshLearner(state, program, folding);
};

/** What is followed of the learner in a course; undefined where nothing is yet. */
export const courseOf = ({ book }: LearnerState, course: string): LearnerCourse | undefined => book.followed(course);

/** What is followed of the learner in a program's course, in its circumstances of now. */
export const learnerCourse = (state: LearnerState, program: CourseProgram, contextOf: Folding['contextOf']): LearnerCourse => {
  const context = contextOf(program.course);
  const known = courseOf(state, program.course);
  if (known) return inContext(known, context);
  const begun = unfollowed(program, state.book, context);
  state.book.follow(program.course, begun);
  return begun;
};

const inContext = (known: LearnerCourse, context: CourseContext): LearnerCourse => {
  if (known.at.course !== context) known.at = circumstancesIn(context, known.at.learner);
  return known;
};

/** The same for a course that need not have a program. */
const learnerCourseOf = (state: LearnerState, course: string, { rulebook, contextOf }: Folding): LearnerCourse | undefined => {
  const known = courseOf(state, course);
  if (known) return inContext(known, contextOf(course));
  const program = rulebook.program(course);
  return program && learnerCourse(state, program, contextOf);
};

const track = (state: LearnerState, fact: Fact, change: 'insert' | 'remove', ahead: FactChange | undefined, folding: Folding): void => {
  if (isOfAnyCourse(fact.type)) return trackInAnyCourse(state, fact, change, folding);
  const known = learnerCourseOf(state, fact.course, folding);
  if (!known) return;
  let touched: Touched[] | undefined; // few, so that it is fast to look whether one is there
  const touch: OnTouched = (one) => {
    if (!touched?.some(({ rule }) => rule === one.rule)) (touched ??= []).push(one);
  };
  // While it is among what is followed: what it counts for can be asked then.
  if (change === 'remove') touchTraced(state, known, fact, touch);
  forEachClass(known.program.index, fact, (found) => followClass(known, found, fact, change, ahead, touch));
  if (change === 'insert') touchTraced(state, known, fact, touch);
  // Only now that everything follows the fact it shows what it comes to.
  if (touched) for (const one of touched) if (mayDecide(state, known, one)) folding.onTouch(one.rule, fact.time);
};

/** Whether a rule has to be decided. Most leave nothing to decide; what makes them be met later touches them then. */
const mayDecide = (state: LearnerState, known: LearnerCourse, { rule, plan }: Touched): boolean => {
  if (!decidesNow(rule, known.at)) return false;
  if (isRepeated(rule.rule) || !hasNoAward(state, rule)) return true;
  for (const slot of plan.needs) if (typeof known.trackers[slot] !== 'object') return false;
  return !leavesNothing(state, rule, outcomeOf(plan, known.trackers, known.at));
};

/** Badges and approvals matter to rules of whatever course. */
const trackInAnyCourse = (state: LearnerState, fact: Fact, change: 'insert' | 'remove', { rulebook, contextOf, onTouch }: Folding): void => {
  const courses = new Map<CourseProgram, LearnerCourse>();
  const touchIn = ({ at }: LearnerCourse): OnTouched => ({ rule }) => {
    if (decidesNow(rule, at)) onTouch(rule, fact.time);
  };
  const enter = (program: CourseProgram): LearnerCourse => {
    const entered = courses.get(program);
    if (entered) return entered;
    const known = learnerCourse(state, program, contextOf);
    courses.set(program, known);
    if (change === 'remove') touchTraced(state, known, fact, touchIn(known));
    return known;
  };
  forEachClass(rulebook.anyCourse, fact, ({ aggregates }) => {
    for (const aggregate of aggregates) {
      const program = rulebook.program(aggregate.course);
      const known = program && enter(program);
      if (known) followFact(known, aggregate, fact, change, undefined, touchIn(known));
    }
  });
  if (change === 'insert') for (const known of courses.values()) touchTraced(state, known, fact, touchIn(known));
};

/** Touches the rules of awards whose traces count a fact, which is among what is followed, and those of awards that were not looked up. */
const touchTraced = (state: LearnerState, known: LearnerCourse, fact: Fact, touch: OnTouched): void => {
  const { at, program } = known;
  const traced = (known.traced ??= tracedAwards(state, program));
  if (traced && fact.time > traced.upTo) return;
  const touchTaking = (rule: LiveRule, isKnown: boolean): void => {
    const plan = program.plans.get(rule);
    if (plan?.leaves.some((leaf) => takes(leaf, fact, at) && (!isKnown || counts(known, plan, leaf, fact)))) touch({ rule, plan });
  };
  if (traced) {
    for (const { badge, upTo } of traced.awards) {
      if (fact.time <= upTo) for (const rule of program.ofBadge.get(badge) ?? NO_RULES) touchTaking(rule, true);
    }
    return;
  }
  for (const rule of program.rules) {
    const award = state.awards.get(awardKey(rule.rule.badge, ''));
    // What nobody has looked up may be an award of another version, or earned and not granted.
    if (!award || fact.time <= traceEnd(award.state)) touchTaking(rule, award !== undefined);
  }
};

/** Whether a fact that a leaf takes can be in its evidence. */
const counts = ({ trackers, at }: LearnerCourse, { slotOf }: RulePlan, leaf: CriterionNode, fact: Fact): boolean => {
  const tracker = trackers[slotOf.get(leaf) ?? -1];
  return typeof tracker !== 'object' || !tracker.counts || tracker.counts(fact, at);
};

const NOTHING_TRACED: TracedAwards = { upTo: -Infinity, awards: [] };

/** The awards of a course's badges; undefined where one of them was not looked up. */
const tracedAwards = ({ awards, complete }: LearnerState, { ofBadge, rules }: CourseProgram): TracedAwards | undefined => {
  if (!complete && rules.some(({ rule }) => !rule.recurs && !awards.has(awardKey(rule.badge, '')))) return undefined;
  let traced = NOTHING_TRACED;
  for (const { state: award } of awards.values()) if (award.status !== 'none' && ofBadge.has(award.badge)) traced = withTraced(traced, award);
  return traced;
};

/** With an award as it is now, but for one of a period: that is decided whenever a fact is in the period. */
const withTraced = (traced: TracedAwards, award: Award): TracedAwards => {
  if (award.status === 'none' || award.period !== '') return traced;
  const upTo = traceEnd(award);
  const awards = [...traced.awards.filter(({ badge }) => badge !== award.badge), { badge: award.badge, upTo }];
  return { upTo: Math.max(traced.upTo, upTo), awards };
};

/** Keeps an award as its stream has it now. */
export const keepAward = (state: LearnerState, course: string, badge: string, period: string, award: KnownAward): void => {
  state.awards.set(awardKey(badge, period), award);
  const known = courseOf(state, course);
  if (known?.traced) known.traced = withTraced(known.traced, award.state);
};

/** Forgets an award of which an event is newer than what is known here; false where nothing newer is. */
export const forgetAward = (state: LearnerState, event: AwardEvent, rulebook: Rulebook, revision: number): boolean => {
  let which: { readonly badge: string; readonly period: string } | undefined = event.type === 'BadgeAwarded' ? event : undefined;
  for (const { state: award } of state.awards.values()) if (award.status !== 'none' && award.award === event.award) which = award;
  if (!which) return false;
  const known = state.awards.get(awardKey(which.badge, which.period));
  // What was never looked up is looked up when it is needed, unless it was taken for absent.
  if (known ? known.revision >= revision : !state.complete) return false;
  dropAward(state, which, rulebook);
  return true;
};

/** From now on an award has to be looked up. By the versions of its rule its badge may be one of several courses. */
export const dropAward = (state: LearnerState, { badge, period }: { readonly badge: string; readonly period: string }, { programs }: Rulebook): void => {
  state.awards.delete(awardKey(badge, period));
  for (const { course, ofBadge } of programs.values()) {
    const known = ofBadge.has(badge) ? courseOf(state, course) : undefined;
    if (known) known.traced = undefined;
  }
};

/**
 * Somebody else has written to an award of the learner: from now on awards that are not known are looked up. Returns the
 * rules that were decided as if there were none, to be decided again.
 */
export const doubtAbsence = (state: LearnerState, { programs }: Rulebook): readonly LiveRule[] => {
  if (!state.complete) return NO_RULES;
  state.complete = false;
  const doubtful: LiveRule[] = [];
  for (const { course, rules } of programs.values()) {
    const known = courseOf(state, course);
    if (!known) continue;
    known.traced = undefined;
    doubtful.push(...rules);
  }
  return doubtful;
};

/** Enrolment or extensions changed: follows the course anew where rules depend on that. */
const refreshLearner = (state: LearnerState, program: CourseProgram, folding: Folding): void => {
  const known = learnerCourse(state, program, folding.contextOf);
  const learner = learnerContext(currentFacts(state.book, program.course), program.course);
  if (JSON.stringify(comparable(learner)) === JSON.stringify(comparable(known.at.learner)) && learner.zone === known.at.learner.zone) return;
  known.at = circumstancesIn(known.at.course, learner);
  recountCourse(state, known);
  for (const rule of program.dependents.learner) folding.onTouch(rule, -Infinity);
};

const comparable = ({ enrolledAt, extensions }: Circumstances['learner']): unknown => [enrolledAt, [...extensions].sort()];

/** Follows a course anew from the facts: what facts mean in it has changed. */
export const recountCourse = (state: LearnerState, known: LearnerCourse): void => followAnew(known, [...factsOf(state, known.program.course)].filter((fact) => belongs(known.program, fact)));

const belongs = (program: CourseProgram, fact: Fact): boolean => fact.course === program.course || isOfAnyCourse(fact.type);
