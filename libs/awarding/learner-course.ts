import type { Fact } from '#domain/facts.js';
import { LEARNER_FACT_TYPES } from '#domain/learning-event.js';
import { UNKNOWN_LEARNER, type Circumstances } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import type { Tracker } from '#rules/criterion.js';
import { isDecided, takes } from '#rules/evaluate.js';
import { forEachUser, type Aggregate, type CourseProgram, type LiveRule } from '#rules/rulebook.js';

interface OfType {
  readonly facts: Fact[];
  /** How many there were at most: what is counted stays counted, though facts go. */
  most: number;
}

/** What is followed of one learner in one course. */
export interface LearnerCourse {
  readonly program: CourseProgram;
  at: Circumstances;
  /**
   * By the id of the aggregate. Where too few facts are taken to matter to any rule, only how many; undefined where
   * that is plain from the facts of its type.
   */
  trackers: (Tracker | number | undefined)[];
  /** The facts of each type in the course, by `numberOf`, in no particular order. */
  readonly ofType: (OfType | undefined)[];
  /**
   * Facts up to this event time can change the trace of an award, whatever they do to a criterion, epoch milliseconds;
   * undefined until the awards of all the course's rules were looked up.
   */
  tracedUpTo: number | undefined;
}

const TYPE_NUMBER: ReadonlyMap<string, number> = new Map(LEARNER_FACT_TYPES.map((type, i) => [type, i]));
const numberOf = (type: string): number => TYPE_NUMBER.get(type) ?? 0;

/** Nothing is followed yet. */
export const unfollowed = (program: CourseProgram, course: CourseContext, tracedUpTo: number | undefined): LearnerCourse => ({
  program,
  at: { course, learner: UNKNOWN_LEARNER },
  trackers: new Array<Tracker | number | undefined>(program.aggregates.length),
  ofType: new Array<OfType | undefined>(LEARNER_FACT_TYPES.length),
  tracedUpTo,
});

/** The facts of a type in the course, in no particular order. */
export const ofType = (known: LearnerCourse, type: string): readonly Fact[] => known.ofType[numberOf(type)]?.facts ?? NO_FACTS;

const NO_FACTS: readonly Fact[] = [];

/** Notes a fact of the course, or that it is gone. Aggregates with a higher `least` than the returned number need not see it. */
export const noteFact = (known: LearnerCourse, fact: Fact, change: 'insert' | 'remove'): number => {
  const type = numberOf(fact.type);
  const noted = known.ofType[type];
  if (change === 'remove') {
    const place = noted?.facts.lastIndexOf(fact) ?? -1;
    if (place >= 0) noted?.facts.splice(place, 1);
    return noted?.most ?? 0;
  }
  if (!noted) {
    known.ofType[type] = { facts: [fact], most: 1 };
    return 1;
  }
  const many = noted.facts.push(fact);
  return (noted.most = Math.max(noted.most, many));
};

/** Hears of a rule whose outcome may have changed. */
export type OnRule = (rule: LiveRule) => void;

/** Takes a fact that was noted, or is gone, into what follows it for an aggregate. */
export const followFact = (known: LearnerCourse, aggregate: Aggregate, fact: Fact, change: 'insert' | 'remove', touch: OnRule): void => {
  const { at, trackers } = known;
  const { id, node, least } = aggregate;
  if (!takes(node, fact, at)) return;
  const followed = trackers[id];
  if (typeof followed === 'object') return update(aggregate, followed, fact, change, at, touch);
  if (change === 'remove') {
    if (followed !== undefined) trackers[id] = followed - 1;
  } else if (least > 1) {
    const many = (trackers[id] = followed === undefined ? taken(known, aggregate) : followed + 1);
    if (many >= least) begin(known, aggregate, touch);
  } else {
    update(aggregate, (trackers[id] = aggregate.kind.track(node)), fact, change, at, touch);
  }
};

const update = ({ users, timed, vacuous }: Aggregate, tracker: Tracker, fact: Fact, change: 'insert' | 'remove', at: Circumstances, touch: OnRule): void => {
  const first = vacuous.length > 0 ? tracker.first() : 0;
  tracker[change](fact, at);
  for (const user of timed) touch(user.rule);
  forEachUser(users, tracker.changedAbove, tracker.changedUpTo, ({ rule }) => touch(rule));
  if (vacuous.length > 0 && tracker.first() !== first) for (const user of vacuous) touch(user.rule);
};

/** The noted facts of the type that an aggregate of one type looks at. */
const lookedAt = (known: LearnerCourse, { node }: Aggregate): readonly Fact[] => ofType(known, node.selects[0]?.type ?? '');

/** How many noted facts an aggregate of one type takes. */
const taken = (known: LearnerCourse, aggregate: Aggregate): number => {
  let many = 0;
  for (const fact of lookedAt(known, aggregate)) if (takes(aggregate.node, fact, known.at)) many++;
  return many;
};

/** As many facts are taken as may matter to somebody: from now on a tracker follows them. */
const begin = (known: LearnerCourse, aggregate: Aggregate, touch: OnRule): void => {
  const tracker = (known.trackers[aggregate.id] = aggregate.kind.track(aggregate.node));
  let above = Infinity;
  let upTo = -Infinity;
  for (const fact of lookedAt(known, aggregate)) {
    if (!takes(aggregate.node, fact, known.at)) continue;
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
    const { id, node, kind, least } = aggregate;
    if (least > 1) {
      if ((known.ofType[numberOf(node.selects[0]?.type ?? '')]?.most ?? 0) < least) continue;
      const many = (known.trackers[id] = taken(known, aggregate));
      if (many >= least) begin(known, aggregate, SILENTLY);
      continue;
    }
    let tracker: Tracker | undefined;
    for (const fact of facts) if (takes(node, fact, at)) (tracker ??= kind.track(node)).insert(fact, at);
    known.trackers[id] = tracker;
  }
};

const SILENTLY: OnRule = () => undefined;

/** Whether a rule decides by now: one that decides at a close is decided then, one that recurs in each of its periods. */
export const decidesNow = ({ rule }: LiveRule, { course }: Circumstances): boolean => rule.recurs !== undefined || isDecided(rule, course);
