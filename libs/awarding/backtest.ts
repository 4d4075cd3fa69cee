import { setImmediate as turn } from 'node:timers/promises';
import { currentFacts, type Fact } from '#domain/facts.js';
import type { EventStore } from '#event-store/event-store.js';
import { learnerContext, type Circumstances } from '#rules/circumstances.js';
import type { CourseContext } from '#rules/course-context.js';
import { isDecided } from '#rules/evaluate.js';
import { evaluateLive, judgementsOf, possiblePeriods, type Judgement } from '#rules/judge.js';
import { reachesOutsiders } from '#rules/outsiders.js';
import { requiredBadges } from '#rules/prerequisites.js';
import type { Rule } from '#rules/rule.js';
import { BackfillPreview, type BackfillEffects } from './backfill-effects.js';
import { withCohortsRanked } from './cohort-ranking.js';
import { Differences, type Difference } from './difference.js';
import { EarnedTally, type Earned } from './earned-tally.js';
import { openHistory, type History } from './history.js';
import { namesOf } from './names.js';
import type { Roster } from './roster.js';

/** How long the thread is kept at a time, milliseconds: others have to have their turn. */
const SLICE_MS = 8;
const PROGRESS_MS = 100;

/** What to try on recorded history. */
export interface BacktestInput {
  readonly tenant: string;
  readonly rule: Rule;
  /** Another version to compare with. */
  readonly against?: Rule;
  /** Also finds out what publishing it for the past, as this version, would do to the awards on record. */
  readonly backfill?: { readonly version: number; readonly hash: string };
  /** Only these learners; everybody in the course where absent. */
  readonly learners?: readonly string[];
  /** How many of each kind are listed; all are counted. */
  readonly limit: number;
  /** How far time has come, epoch milliseconds: the log's clock goes no further than what its rules wait for. */
  readonly now: number;
}

/** How far it is, in learners, and what it has come to so far. */
export interface BacktestProgress {
  readonly done: number;
  readonly total: number;
  /** As in the result, of those alone who are done. */
  readonly eligible: number;
  readonly earned: number;
}

export interface BacktestOptions {
  readonly store: EventStore;
  readonly roster: Roster;
  /** Ends it early; what was done until then is the result. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BacktestProgress) => void;
}

/** What a rule comes to on everything that is recorded. */
export interface Backtest extends Earned {
  readonly badge: string;
  readonly course: string;
  /** The log position up to which history was read. */
  readonly position: number;
  /** False where it was ended early: the counts are those of the first `done` learners. */
  readonly complete: boolean;
  readonly done: number;
  readonly total: number;
  /** False where the moment at which the rule decides has not come, so that nobody can have earned it. */
  readonly decided: boolean;
  readonly difference?: Difference;
  readonly backfill?: BackfillEffects;
}

/** One rule on a history: the course as it would see it, and what it says of learners. */
interface Judge {
  readonly rule: Rule;
  readonly course: CourseContext;
  readonly judge: (facts: readonly Fact[]) => { readonly judgements: readonly Judgement[]; readonly at: Circumstances };
}

const judgeOf = (rule: Rule, course: CourseContext): Judge => ({
  rule,
  course,
  judge: (facts) => {
    const at: Circumstances = { course, learner: learnerContext(facts, rule.course) };
    return { judgements: judgementsOf(rule, facts, at), at };
  },
});

/** Lets others have their turn, and says how far it is, now and then. */
class Pace {
  #sliceEnds = performance.now() + SLICE_MS;
  #tellAt = performance.now() + PROGRESS_MS;

  constructor(private readonly tell: (done: number) => void) {}

  async step(done: number): Promise<void> {
    const now = performance.now();
    if (now >= this.#tellAt) {
      this.#tellAt = now + PROGRESS_MS;
      this.tell(done);
    }
    await this.turn();
  }

  async turn(): Promise<void> {
    if (performance.now() < this.#sliceEnds) return;
    await turn();
    this.#sliceEnds = performance.now() + SLICE_MS;
  }
}

/** The courses whose learners some rules may concern; '' for everybody. */
const coursesOf = (rules: readonly Rule[]): ReadonlySet<string> =>
  rules.some(reachesOutsiders) ? new Set(['']) : new Set(rules.map(({ course }) => course));

async function* ofSeveral(roster: Roster, courses: ReadonlySet<string>): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const course of courses) {
    for await (const learner of roster.learners(course)) {
      if (!seen.has(learner)) yield learner;
      seen.add(learner);
    }
  }
}

/** Everybody whom one of the rules may concern, each once. */
async function* everybody(roster: Roster, courses: ReadonlySet<string>, only: readonly string[] | undefined): AsyncGenerator<string> {
  if (only) yield* new Set(only);
  else if (courses.size === 1) yield* roster.learners([...courses][0] ?? '');
  else yield* ofSeveral(roster, courses);
}

const howMany = async (roster: Roster, courses: ReadonlySet<string>, only: readonly string[] | undefined): Promise<number> => {
  if (only) return new Set(only).size;
  if (courses.size === 1) return roster.count([...courses][0] ?? '');
  let count = 0;
  for await (const _learner of everybody(roster, courses, only)) count += 1;
  return count;
};

/**
 * Tries a rule on everything that is recorded, with the evaluator that runs live: who would earn the badge and when,
 * what filters the others out, and what is different under another version. Nothing is written. Memory does not grow
 * with the number of learners, but for what is listed.
 */
export const backtest = async (input: BacktestInput, options: BacktestOptions): Promise<Backtest> => {
  const { tenant, rule, against, limit, learners: only } = input;
  const { store, roster, signal } = options;
  const position = Math.min(await store.head(), await roster.position());
  const history = await openHistory(store, tenant, position);
  const newest = history.catalogue.versions(tenant).all().map((live) => live.rule);
  const badges = [...new Set([rule, against].flatMap((one) => (one ? [...requiredBadges(one, newest)] : [])))];
  const courses = coursesOf(against ? [rule, against] : [rule]);

  const total = await howMany(roster, courses, only);
  const names = namesOf(currentFacts(history.catalogue.course(tenant, rule.course).state.book), newest);
  const tally = new EarnedTally(rule, names, limit);
  const tell = (done: number): void => options.onProgress?.({ done, total, ...tally.soFar() });
  tell(0);
  const pace = new Pace(tell);

  const ranked = async (one: Rule): Promise<Judge> => {
    const course = history.catalogue.contexts(tenant)(one.course);
    // A cohort is everybody in the course, whoever is asked about.
    const all = async function* () {
      for await (const learner of roster.learners(one.course)) {
        if (signal?.aborted) return;
        yield await history.factsOf(learner, badges);
        await pace.turn();
      }
    };
    return judgeOf(one, await withCohortsRanked(one, { ...course, clock: Math.max(course.clock, input.now) }, all));
  };
  const after = await ranked(rule);
  const before = against && (await ranked(against));

  const differences = against && new Differences(against, rule, names, limit);
  const preview = backfillPreview(input, store, history);

  let done = 0;
  for await (const learner of everybody(roster, courses, only)) {
    if (signal?.aborted) break;
    const facts = await history.factsOf(learner, badges);
    const { judgements, at } = after.judge(facts);
    // An award of a period without any fact that counts is judged as well.
    const onRecord = preview && rule.recurs ? judgementsOf(rule, facts, at, evaluateLive, possiblePeriods(rule, facts, at)) : judgements;
    const earlier = before?.judge(facts).judgements ?? [];
    tally.add(learner, judgements, facts, at);
    differences?.add(learner, earlier, judgements);
    // Publishing looks at who is in the rule's own course, and at others where they may meet it.
    const concerned = reachesOutsiders(rule) || facts.some(({ course }) => course === rule.course);
    if (concerned) await preview?.add(learner, onRecord, facts, after.course.clock, ({ period, verdict }) => {
      const live = earlier.find((one) => one.period === period);
      return live && differences ? differences.criteria(live.verdict().root, verdict().root) : [];
    });
    done += 1;
    await pace.step(done);
  }
  tell(done);
  return {
    badge: rule.badge,
    course: rule.course,
    position,
    complete: signal?.aborted !== true || done >= total,
    done,
    total,
    decided: rule.recurs !== undefined || isDecided(rule, after.course),
    ...tally.result(),
    ...(differences && { difference: differences.result() }),
    ...(preview && { backfill: preview.result() }),
  };
};

const backfillPreview = ({ rule, backfill, limit }: BacktestInput, store: EventStore, history: History): BackfillPreview | undefined => {
  if (!backfill) return undefined;
  const { version, hash } = backfill;
  return new BackfillPreview(store, history, { rule, reference: { badge: rule.badge, version, hash }, backfill: true }, limit);
};
