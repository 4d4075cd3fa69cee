import { factsOfType, type Fact, type FactBook, type FactChange } from '#domain/facts.js';
import type { LearnerFactType } from '#domain/learning-event.js';
import type { TypeIndex } from '#rules/aggregate-index.js';
import { circumstancesIn, UNKNOWN_LEARNER, type Circumstances } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Tracker } from '#rules/criterion.js';
import { isDecided } from '#rules/evaluate.js';
import { forEachUser, type Aggregate, type CourseProgram, type LiveRule } from '#rules/rulebook.js';
import { passes, type FactTest } from '#rules/selector.js';
import { compareFacts, firstTime } from '#rules/sorted-facts.js';

/** What is followed of one learner in one course. */
export interface LearnerCourse {
  readonly program: CourseProgram;
  readonly book: FactBook;
  at: Circumstances;
  /**
   * By the id of the aggregate. Where too few facts are taken to matter to any rule, only how many; undefined where
   * that is plain from how many there are of its type.
   */
  trackers: (Tracker | number | undefined)[];
  /** How many facts of each type of the program's index have come so far: what is counted stays counted, though facts go. */
  readonly noted: number[];
  /**
   * Facts up to this event time can change the trace of an award, whatever they do to a criterion, epoch milliseconds;
   * undefined until the awards of all the course's rules were looked up.
   */
  tracedUpTo: number | undefined;
}

/** Nothing is followed yet. */
export const unfollowed = (program: CourseProgram, book: FactBook, course: CourseContext, tracedUpTo: number | undefined): LearnerCourse => ({
  program,
  book,
  at: circumstancesIn(course, UNKNOWN_LEARNER),
  trackers: new Array<Tracker | number | undefined>(program.aggregates.length),
  noted: new Array<number>(program.index.size).fill(0),
  tracedUpTo,
});

/** Notes that a fact of a type has come; returns how many have. Aggregates with a higher `least` need not see it. */
export const noteFact = (known: LearnerCourse, index: TypeIndex): number => (known.noted[index.number] = manyNoted(known, index) + 1);

/** How many facts of a type have come. */
export const manyNoted = ({ noted }: LearnerCourse, { number }: TypeIndex): number => noted[number] ?? 0;

const isTaken = (tests: readonly FactTest[], fact: Fact, at: Circumstances): boolean => {
  for (const test of tests) if (passes(test, fact, at)) return true;
  return false;
};

/** Hears of a rule whose outcome may have changed. */
export type OnRule = (rule: LiveRule) => void;

/**
 * Takes a fact that has come, or is gone, into what follows it for an aggregate. The book may be ahead by one
 * change, which is followed afterwards.
 */
export const followFact = (known: LearnerCourse, aggregate: Aggregate, fact: Fact, change: 'insert' | 'remove', ahead: FactChange | undefined, touch: OnRule): void => {
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

const update = ({ users, timed, vacuous }: Aggregate, tracker: Tracker, fact: Fact, change: 'insert' | 'remove', at: Circumstances, touch: OnRule): void => {
  const first = vacuous.length > 0 ? firstTime(tracker.facts) : 0;
  tracker[change](fact, at);
  for (const user of timed) touch(user.rule);
  forEachUser(users, tracker.changedAbove, tracker.changedUpTo, ({ rule }) => touch(rule));
  if (vacuous.length > 0 && firstTime(tracker.facts) !== first) for (const user of vacuous) touch(user.rule);
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
const count = (known: LearnerCourse, aggregate: Aggregate, ahead: FactChange | undefined, touch: OnRule): void => {
  const facts = taken(known, aggregate, ahead);
  known.trackers[aggregate.id] = facts.length;
  if (facts.length >= aggregate.least) begin(known, aggregate, facts, touch);
};

/** As many facts are taken as may matter to somebody: from now on a tracker follows them. */
const begin = (known: LearnerCourse, aggregate: Aggregate, facts: Fact[], touch: OnRule): void => {
  const tracker = (known.trackers[aggregate.id] = aggregate.kind.track(aggregate.node));
  let above = Infinity;
  let upTo = -Infinity;
  for (const fact of facts.sort(compareFacts)) {
    tracker.insert(fact, known.at);
    if (tracker.changedAbove >= tracker.changedUpTo) continue;
    above = Math.min(above, tracker.changedAbove);
    upTo = Math.max(upTo, tracker.changedUpTo);
  }
  forEachUser(aggregate.users, above, upTo, ({ rule }) => touch(rule));
};

/** Follows the course anew: what facts mean in it has changed. `facts` are those of the course and of any course. */
export const followAnew = (known: LearnerCourse, facts: readonly Fact[]): void => {
  const { program, at } = known;
  known.trackers = new Array<Tracker | number | undefined>(program.aggregates.length);
  for (const aggregate of program.aggregates) {
    const { id, node, tests, kind, least } = aggregate;
    if (least > 1) {
      const index = program.index.get(tests[0]?.type as LearnerFactType);
      if (index && manyNoted(known, index) >= least) count(known, aggregate, undefined, SILENTLY);
      continue;
    }
    let tracker: Tracker | undefined;
    for (const fact of facts) if (isTaken(tests, fact, at)) (tracker ??= kind.track(node)).insert(fact, at);
    known.trackers[id] = tracker;
  }
};

const SILENTLY: OnRule = () => undefined;

/** Whether a rule decides by now: one that decides at a close is decided then, one that recurs in each of its periods. */
export const decidesNow = ({ rule }: LiveRule, { course }: Circumstances): boolean => rule.recurs !== undefined || isDecided(rule, course);
