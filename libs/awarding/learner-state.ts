import type { Award, AwardEvent } from '#domain/award.js';
import { applyEvent, currentFacts, emptyFactBook, isKnown, type Fact, type FactBook, type FactChange } from '#domain/facts.js';
import { isCorrection, LEARNER_FACT_TYPES, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import { isCircumstance, learnerContext, UNKNOWN_LEARNER, type Circumstances } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Tracker } from '#rules/criterion.js';
import { isDecided, takes } from '#rules/evaluate.js';
import { isOfAnyCourse } from '#rules/selector.js';
import type { RulePlan } from '#rules/plan.js';
import { forEachUser, type Aggregate, type CourseProgram, type LiveRule, type Rulebook, type User } from '#rules/rulebook.js';

/** An award of the learner as its stream has it. */
export interface KnownAward {
  readonly state: Award;
  /** Revision of the stream's last event; -1 where there is none. */
  readonly revision: number;
}

interface OfType {
  readonly facts: Fact[];
  /** How many were ever taken in: what is followed stays followed, though facts go. */
  taken: number;
}

/** What is followed of one learner in one course. */
export interface LearnerCourse {
  readonly program: CourseProgram;
  at: Circumstances;
  /** By the id of the aggregate; absent where it has seen nothing yet, or not enough to matter. */
  trackers: (Tracker | undefined)[];
  /** The facts of each type in the course, by `TYPE_NUMBER`, in no particular order. */
  readonly ofType: OfType[];
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

/** The facts that a plan of the course's rules may look at, and perhaps some that it does not. */
export function* factsFor(state: LearnerState, known: LearnerCourse, { types }: RulePlan): Generator<Fact> {
  if (types.some(isOfAnyCourse)) return yield* factsOf(state, known.program.course);
  for (const type of types) yield* known.ofType[numberOf(type)]?.facts ?? [];
}

/** Facts that tell when the learner began a course: the enrolments, or else all of them. */
export const beginningsOf = (state: LearnerState, course: string): Iterable<Fact> => {
  const enrolments = state.courses.get(course)?.ofType[numberOf('Enrolled')]?.facts ?? [];
  return enrolments.length > 0 ? enrolments : factsOf(state, course);
};

/**
 * Folds one event of the learner's stream into the facts and into whatever follows them for some rule.
 * Facts of courses without a rule are not kept, except approvals: a rule published later starts from a fresh fold.
 */
export const foldLearnerEvent = (state: LearnerState, event: LearnerFactEvent | CorrectionEvent, folding: Folding): void => {
  const elsewhere = event.course !== undefined && event.type !== 'ApprovalGiven' && !folding.rulebook.program(event.course);
  // A newer version may move a fact that is held to such a course; a correction may name another course than its target.
  if (elsewhere && !isCorrection(event) && !isKnown(state.book, event.source, event.id)) return;
  replaceFacts(state, applyEvent(state.book, event), folding);
};

/** A badge that other rules ask for is held from now on, or no longer. */
export const foldHeldBadge = (state: LearnerState, award: string, fact: Fact | undefined, folding: Folding): void => {
  const before = state.held.get(award);
  if (fact) state.held.set(award, fact);
  else state.held.delete(award);
  replaceFacts(state, [{ before, after: fact }], folding);
};

/** An aggregate that begins to matter for a learner: it is followed once all changes of an event are taken in. */
interface Beginning {
  readonly known: LearnerCourse;
  readonly aggregate: Aggregate;
  readonly time: number;
}

const replaceFacts = (state: LearnerState, changes: readonly FactChange[], folding: Folding): void => {
  const beginnings: Beginning[] = [];
  for (const { before, after } of changes) {
    if (before) track(state, before, 'remove', folding, beginnings);
    if (after) track(state, after, 'insert', folding, beginnings);
  }
  // Only then: what is followed anew counts all facts of the book, which has taken in every change already.
  for (const beginning of beginnings) begin(beginning, folding);
  for (const { before, after } of changes) {
    if (before && isCircumstance(before)) refreshCourse(state, before.course, folding);
    if (after && isCircumstance(after)) refreshCourse(state, after.course, folding);
  }
};

const typeOf = ({ node }: Aggregate): number => numberOf(node.selects[0]?.type ?? '');

const begin = ({ known, aggregate, time }: Beginning, { onTouch }: Folding): void => {
  if (known.trackers[aggregate.id]) return;
  let above = Infinity;
  let upTo = -Infinity;
  followAggregate(known, aggregate, known.ofType[typeOf(aggregate)]?.facts ?? [], (tracker) => {
    if (tracker.changedAbove >= tracker.changedUpTo) return;
    above = Math.min(above, tracker.changedAbove);
    upTo = Math.max(upTo, tracker.changedUpTo);
  });
  forEachUser(aggregate.users, above, upTo, ({ rule }) => {
    if (isDecided(rule.rule, known.at.course)) onTouch(rule, time);
  });
};

const followAggregate = (known: LearnerCourse, aggregate: Aggregate, facts: Iterable<Fact>, onInsert?: (tracker: Tracker) => void): void => {
  for (const fact of facts) {
    if (!belongs(known.program, fact) || !takes(aggregate.node, fact, known.at)) continue;
    const tracker = (known.trackers[aggregate.id] ??= aggregate.kind.track(aggregate.node));
    tracker.insert(fact, known.at);
    onInsert?.(tracker);
  }
};

const refreshCourse = (state: LearnerState, course: string, folding: Folding): void => {
  const program = folding.rulebook.program(course);
  if (program && program.dependents.learner.length > 0) refreshLearner(state, program, folding);
};

/** What is followed of the learner in a program's course, in its circumstances of now. */
export const learnerCourse = (state: LearnerState, program: CourseProgram, contextOf: Folding['contextOf']): LearnerCourse => {
  const { course } = program;
  const context = contextOf(course);
  let known = state.courses.get(course);
  if (!known) {
    const at: Circumstances = { course: context, learner: UNKNOWN_LEARNER };
    known = { program, at, trackers: new Array<Tracker | undefined>(program.aggregates.length), ofType: [], tracedUpTo: state.complete ? -Infinity : undefined };
    state.courses.set(course, known);
  } else if (known.at.course !== context) {
    known.at = { course: context, learner: known.at.learner };
  }
  return known;
};

const TYPE_NUMBER: ReadonlyMap<string, number> = new Map(LEARNER_FACT_TYPES.map((type, i) => [type, i]));
const numberOf = (type: string): number => TYPE_NUMBER.get(type) ?? 0;

/** How many aggregates have to be looked at: those that matter with so many facts of the type. */
const soFar = (state: LearnerState, fact: Fact, change: 'insert' | 'remove', { rulebook, contextOf }: Folding): number => {
  const program = isOfAnyCourse(fact.type) ? undefined : rulebook.program(fact.course);
  if (!program) return Infinity;
  const known = learnerCourse(state, program, contextOf);
  const type = numberOf(fact.type);
  const ofType = known.ofType[type];
  if (change === 'remove') {
    const place = ofType?.facts.lastIndexOf(fact) ?? -1;
    if (place >= 0) ofType?.facts.splice(place, 1);
  } else if (!ofType) {
    known.ofType[type] = { facts: [fact], taken: 1 };
  } else {
    ofType.facts.push(fact);
    ofType.taken += 1;
  }
  return fact.time <= tracedUpTo(state, known) ? Infinity : (ofType?.taken ?? 1);
};

const track = (state: LearnerState, fact: Fact, change: 'insert' | 'remove', folding: Folding, beginnings: Beginning[]): void => {
  const { rulebook, contextOf, onTouch } = folding;
  const ofType = soFar(state, fact, change, folding);
  rulebook.forEachAggregate(fact, ofType, (program, aggregate) => {
    const known = learnerCourse(state, program, contextOf);
    const { at } = known;
    if (!takes(aggregate.node, fact, at)) return;
    const touch = ({ rule }: User): void => {
      // What decides at a close is decided then; a rule that recurs closes in each of its periods.
      if (rule.rule.recurs || isDecided(rule.rule, at.course)) onTouch(rule, fact.time);
    };
    if (fact.time <= tracedUpTo(state, known)) {
      for (const user of aggregate.users) if (isTraced(state, user.rule, fact.time)) touch(user);
    }
    let tracker = known.trackers[aggregate.id];
    if (!tracker) {
      if (change === 'remove') return;
      if (aggregate.least > 1) {
        if (aggregate.least <= (known.ofType[typeOf(aggregate)]?.taken ?? 0)) beginnings.push({ known, aggregate, time: fact.time });
        return;
      }
      tracker = known.trackers[aggregate.id] = aggregate.kind.track(aggregate.node);
    }
    const first = tracker.first();
    tracker[change](fact, at);
    for (const user of aggregate.timed) touch(user);
    forEachUser(aggregate.users, tracker.changedAbove, tracker.changedUpTo, touch);
    if (aggregate.vacuous.length > 0 && tracker.first() !== first) for (const user of aggregate.vacuous) touch(user);
  });
};

/** Whether the trace of an award counts facts of that time; true where nobody has looked the award up. */
const isTraced = ({ awards, complete }: LearnerState, { rule }: LiveRule, time: number): boolean => {
  const award = awards.get(awardKey(rule.badge, ''));
  return award ? time <= traceEnd(award.state) : !complete;
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

/** Forgets an award of which an event is newer than what is known here; false where nothing newer is. */
export const forgetAward = (state: LearnerState, event: AwardEvent, course: string, revision: number): boolean => {
  const held = [...state.awards].find(([, { state: award }]) => award.status !== 'none' && award.award === event.award);
  const key = held?.[0] ?? (event.type === 'BadgeAwarded' ? awardKey(event.badge, event.period) : undefined);
  const known = key === undefined ? undefined : state.awards.get(key);
  // What was never looked up is looked up when it is needed, unless it was taken for absent.
  if (key === undefined || (known ? known.revision >= revision : !state.complete)) return false;
  state.awards.delete(key);
  state.complete = false;
  const followed = state.courses.get(course);
  if (followed) followed.tracedUpTo = undefined;
  return true;
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

const comparable = ({ enrolledAt, extensions }: Circumstances['learner']): unknown => [enrolledAt, [...extensions].sort()];

/** Follows a course anew from the facts: what facts mean in it has changed. */
export const recountCourse = (state: LearnerState, known: LearnerCourse): void => {
  const { program } = known;
  known.trackers = new Array<Tracker | undefined>(program.aggregates.length);
  const facts = [...factsOf(state, program.course)];
  for (const aggregate of program.aggregates) followAggregate(known, aggregate, facts);
};

const belongs = (program: CourseProgram, fact: Fact): boolean =>
  fact.course === program.course || fact.type === 'BadgeHeld' || fact.type === 'ApprovalGiven';
