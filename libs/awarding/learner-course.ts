import { factsOfType, type Fact, type FactBook, type FactChange } from '#domain/facts.js';
import type { LearnerFactType } from '#domain/learning-event.js';
import type { FactClass } from '#rules/aggregate-index.js';
import { circumstancesIn, UNKNOWN_LEARNER, type Circumstances } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Tracker } from '#rules/criterion.js';
import { isDecided } from '#rules/evaluate.js';
import { forEachUser, type Aggregate, type CourseProgram, type LiveRule, type User } from '#rules/rulebook.js';
import { passes, type FactTest } from '#rules/selector.js';
import { compareFacts, firstTime } from '#rules/sorted-facts.js';

/** What is followed of one learner in one course. */
export interface LearnerCourse {
  readonly program: CourseProgram;
  readonly book: FactBook;
  at: Circumstances;
  /**
   * By the id of the aggregate. Where too few facts are taken to matter to any rule, only how many; undefined where
   * that is plain from how many there are of its class. After them, by the place of the class, how many facts of each
   * class have come so far: what is counted stays counted, though facts go. One list, since what lies together is found
   * at once.
   */
  trackers: (Tracker | number | undefined)[];
  /** Undefined until the awards of all the course's rules were looked up. */
  traced: TracedAwards | undefined;
}

/** The awards of a course's badges, whose traces can change by facts that do nothing to a criterion. */
export interface TracedAwards {
  /** Facts up to this event time can change one, epoch milliseconds. */
  readonly upTo: number;
  readonly awards: readonly TracedAward[];
}

interface TracedAward {
  readonly badge: string;
  /** Facts up to this event time can change this one, epoch milliseconds. */
  readonly upTo: number;
}

const nothingFollowed = ({ aggregates, index: { classes } }: CourseProgram, countAt: (place: number) => number): LearnerCourse['trackers'] => {
  const trackers = new Array<Tracker | number | undefined>(aggregates.length + classes.length);
  for (const { place } of classes) trackers[place] = countAt(place);
  return trackers;
};

/** Nothing is followed yet. */
export const unfollowed = (program: CourseProgram, book: FactBook, course: CourseContext): LearnerCourse => ({
  program,
  book,
  at: circumstancesIn(course, UNKNOWN_LEARNER),
  trackers: nothingFollowed(program, () => 0),
  traced: undefined,
});

/** How many facts of a class have come. */
const manyOf = ({ trackers }: LearnerCourse, place: number): number => trackers[place] as number;

/**
 * Takes a fact of a class that has come, or is gone, into what follows it. The book may be ahead by one change, which
 * is followed afterwards.
 */
export const followClass = (known: LearnerCourse, { place, least, aggregates }: FactClass, fact: Fact, change: 'insert' | 'remove', ahead: FactChange | undefined, touch: OnTouched): void => {
  let many = manyOf(known, place);
  if (change === 'insert') known.trackers[place] = ++many;
  if (many < least) return;
  for (const aggregate of aggregates) {
    if (aggregate.least > many) return; // so do all that come after it
    followFact(known, aggregate, fact, change, ahead, touch);
  }
};

const isTaken = (tests: readonly FactTest[], fact: Fact, at: Circumstances): boolean => {
  for (const test of tests) if (passes(test, fact, at)) return true;
  return false;
};

/** A rule whose outcome may have changed. */
export type Touched = Pick<User, 'rule' | 'plan'>;
export type OnTouched = (touched: Touched) => void;

/**
 * Takes a fact that has come, or is gone, into what follows it for an aggregate. The book may be ahead by one
 * change, which is followed afterwards.
 */
export const followFact = (known: LearnerCourse, aggregate: Aggregate, fact: Fact, change: 'insert' | 'remove', ahead: FactChange | undefined, touch: OnTouched): void => {
  const { at, trackers } = known;
  const { id, node, tests, least } = aggregate;
  if (!isTaken(tests, fact, at)) return;
  const followed = trackers[id];
  if (typeof followed === 'object') return update(aggregate, followed, fact, change, at, touch);
  if (change === 'remove') {
    if (followed !== undefined) trackers[id] = followed - 1;
  } else if (least > 1) {
    if (followed === undefined) count(known, aggregate, ahead, touch);
    else if ((trackers[id] = followed + 1) >= least) begin(known, aggregate, taken(known, aggregate, ahead), touch);
  } else {
    update(aggregate, (trackers[id] = aggregate.kind.track(node)), fact, change, at, touch);
  }
};

const update = ({ users, timed, vacuous }: Aggregate, tracker: Tracker, fact: Fact, change: 'insert' | 'remove', at: Circumstances, touch: OnTouched): void => {
  const first = vacuous.length > 0 ? firstTime(tracker.facts) : 0;
  tracker[change](fact, at);
  for (const user of timed) touch(user);
  forEachUser(users, tracker.changedAbove, tracker.changedUpTo, touch);
  if (vacuous.length > 0 && firstTime(tracker.facts) !== first) for (const user of vacuous) touch(user);
};

/** The facts that an aggregate of one type takes, before the change that is still to be followed. */
const taken = ({ book, program, at }: LearnerCourse, { tests }: Aggregate, ahead: FactChange | undefined): Fact[] => {
  const type = tests[0]?.type as LearnerFactType;
  const facts = factsOfType(book, program.course, [type]).filter((fact) => fact !== ahead?.after && isTaken(tests, fact, at));
  const gone = ahead?.before;
  if (gone?.course === program.course && isTaken(tests, gone, at)) facts.push(gone);
  return facts;
};

/** Counts what an aggregate of one type takes, now that this may be enough. */
const count = (known: LearnerCourse, aggregate: Aggregate, ahead: FactChange | undefined, touch: OnTouched): void => {
  const facts = taken(known, aggregate, ahead);
  known.trackers[aggregate.id] = facts.length;
  if (facts.length >= aggregate.least) begin(known, aggregate, facts, touch);
};

/** As many facts are taken as may matter to somebody: from now on a tracker follows them. */
const begin = (known: LearnerCourse, aggregate: Aggregate, facts: Fact[], touch: OnTouched): void => {
  const tracker = (known.trackers[aggregate.id] = aggregate.kind.track(aggregate.node));
  let above = Infinity;
  let upTo = -Infinity;
  for (const fact of facts.sort(compareFacts)) {
    tracker.insert(fact, known.at);
    if (tracker.changedAbove >= tracker.changedUpTo) continue;
    above = Math.min(above, tracker.changedAbove);
    upTo = Math.max(upTo, tracker.changedUpTo);
  }
  forEachUser(aggregate.users, above, upTo, touch);
};

/** Follows the course anew: what facts mean in it has changed. `facts` are those of the course and of any course. */
export const followAnew = (known: LearnerCourse, facts: readonly Fact[]): void => {
  const { program, at } = known;
  known.trackers = nothingFollowed(program, (place) => manyOf(known, place));
  for (const { id, node, tests, kind, least } of program.aggregates) {
    if (least > 1) continue;
    let tracker: Tracker | undefined;
    for (const fact of facts) if (isTaken(tests, fact, at)) (tracker ??= kind.track(node)).insert(fact, at);
    known.trackers[id] = tracker;
  }
  for (const { place, aggregates } of program.index.classes) {
    for (const aggregate of aggregates) {
      if (aggregate.least > 1 && aggregate.least <= manyOf(known, place)) count(known, aggregate, undefined, SILENTLY);
    }
  }
};

const SILENTLY: OnTouched = () => undefined;

/** Whether a rule decides by now: one that decides at a close is decided then, one that recurs in each of its periods. */
export const decidesNow = ({ rule }: LiveRule, { course }: Circumstances): boolean => rule.recurs !== undefined || isDecided(rule, course);
