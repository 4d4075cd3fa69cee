import type { Fact } from '#domain/facts.js';
import type { Circumstances } from '#rules/circumstances.js';
import { closenessOf, remainingSteps, type RemainingSteps } from '#rules/explain.js';
import { Funnel, type FunnelStage } from '#rules/funnel.js';
import type { Judgement } from '#rules/judge.js';
import { periodOf } from '#rules/periods.js';
import type { Rule } from '#rules/rule.js';
import type { Names } from '#rules/words.js';
import { compareTexts, FirstFew } from './first-few.js';

/** A badge that a learner would have. */
export interface EarnedAward {
  readonly learner: string;
  /** Absent for a badge that is earned once. */
  readonly period?: string;
  /** Epoch milliseconds. */
  readonly earnedAt: number;
  readonly validUntil?: number;
  /** active; expired: its validity is over; waiting: it is awarded when the rule's hold is over. */
  readonly state: 'active' | 'expired' | 'waiting';
}

/** A learner who has not earned the badge, and the least that is still to do. */
export interface NearMiss extends RemainingSteps {
  readonly learner: string;
  readonly period?: string;
  /** From 0 to 1. */
  readonly closeness: number;
}

/** How many awards were earned in one stretch of time: "2026-w07" or "2026-03". */
export interface EarnedIn {
  readonly period: string;
  readonly awards: number;
}

/** Learners of one course who could earn the badge, and who did. */
export interface EarnedInCourse {
  readonly course: string;
  readonly eligible: number;
  readonly earned: number;
}

/** Who earns a badge under a rule, and what keeps the others from it. */
export interface Earned {
  /** Learners of the course; who is enrolled there as staff is not among them. */
  readonly eligible: number;
  readonly staff: number;
  /** Learners among the eligible who earned it. */
  readonly earned: number;
  /** earned / eligible; null where nobody is. */
  readonly rate: number | null;
  /** Awards by their state, those of staff and of people outside the course included. */
  readonly awards: Readonly<Record<EarnedAward['state'], number>>;
  /** By weeks, or by months where that would be many; in the course's time zone. */
  readonly overTime: { readonly unit: 'week' | 'month'; readonly periods: readonly EarnedIn[] };
  readonly courses: readonly EarnedInCourse[];
  readonly funnel: readonly FunnelStage[];
  /** The first few, by the moment at which they were earned. */
  readonly first: readonly EarnedAward[];
  /** The first few, the closest first. */
  readonly nearMisses: readonly NearMiss[];
}

const MAX_WEEKS = 30;

interface Candidate {
  readonly learner: string;
  readonly period: string;
  readonly closeness: number;
  readonly root: ReturnType<Judgement['verdict']>['root'];
}

/** The courses of a learner's facts that a rule may look at, and in which of them the learner is staff. */
const coursesOf = (rule: Rule, facts: readonly Fact[]): { readonly learnerIn: ReadonlySet<string>; readonly staffIn: ReadonlySet<string> } => {
  const all = new Set<string>();
  const staffIn = new Set<string>();
  for (const { type, course, values } of facts) {
    if (type === 'BadgeHeld' || (rule.course !== '' && course !== rule.course)) continue;
    all.add(course);
    if (type === 'Enrolled' && values.role === 'staff') staffIn.add(course);
  }
  return { learnerIn: new Set([...all].filter((course) => !staffIn.has(course))), staffIn };
};

const increase = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** Counts what a rule says of learner after learner. */
export class EarnedTally {
  readonly #funnel: Funnel;
  readonly #weeks = new Map<string, number>();
  readonly #months = new Map<string, number>();
  readonly #courses = new Map<string, { eligible: number; earned: number }>();
  readonly #first: FirstFew<EarnedAward>;
  readonly #near: FirstFew<Candidate>;
  readonly #awards = { active: 0, expired: 0, waiting: 0 };
  #eligible = 0;
  #staff = 0;
  #earned = 0;

  constructor(
    private readonly rule: Rule,
    private readonly names: Names,
    limit: number,
  ) {
    this.#funnel = new Funnel(rule.criteria);
    this.#first = new FirstFew(limit, (a, b) => a.earnedAt - b.earnedAt || compareTexts(a.learner, b.learner));
    this.#near = new FirstFew(limit, (a, b) => b.closeness - a.closeness || compareTexts(a.learner, b.learner));
  }

  /** Takes a learner in. */
  add(learner: string, judgements: readonly Judgement[], facts: readonly Fact[], at: Circumstances): void {
    const { learnerIn, staffIn } = coursesOf(this.rule, facts);
    for (const judgement of judgements) this.#award(learner, judgement, at);
    if (learnerIn.size === 0) {
      if (staffIn.size > 0) this.#staff += 1;
      return;
    }
    this.#eligible += 1;
    const earned = judgements.some(({ outcome }) => outcome.supported);
    if (earned) this.#earned += 1;
    for (const course of learnerIn) {
      const counts = this.#courses.get(course) ?? { eligible: 0, earned: 0 };
      this.#courses.set(course, { eligible: counts.eligible + 1, earned: counts.earned + (earned ? 1 : 0) });
    }
    this.#filter(learner, judgements);
  }

  /** The figures of the result, before everybody was taken in. */
  soFar(): Pick<Earned, 'eligible' | 'earned'> {
    return { eligible: this.#eligible, earned: this.#earned };
  }

  result(): Earned {
    const months = this.#weeks.size > MAX_WEEKS;
    const periods = [...(months ? this.#months : this.#weeks)].map(([period, awards]) => ({ period, awards }));
    return {
      eligible: this.#eligible,
      staff: this.#staff,
      earned: this.#earned,
      rate: this.#eligible === 0 ? null : Math.round((this.#earned / this.#eligible) * 1e6) / 1e6,
      awards: { ...this.#awards },
      overTime: { unit: months ? 'month' : 'week', periods: periods.sort((a, b) => compareTexts(a.period, b.period)) },
      courses: [...this.#courses].map(([course, counts]) => ({ course, ...counts })).sort((a, b) => compareTexts(a.course, b.course)),
      funnel: this.#funnel.stages(this.names),
      first: this.#first.list(),
      nearMisses: this.#near.list().map(({ learner, period, closeness, root }) => ({
        learner,
        ...(period !== '' && { period }),
        closeness: Math.floor(closeness * 100) / 100, // nobody who is short of it is shown as there
        ...remainingSteps(this.rule.criteria, root, this.names),
      })),
    };
  }

  #award(learner: string, { outcome, period, validUntil }: Judgement, { course }: Circumstances): void {
    const { earnedAt } = outcome;
    if (earnedAt === undefined) return;
    const waiting = this.rule.hold !== undefined && earnedAt + this.rule.hold > course.clock;
    const state = waiting ? 'waiting' : validUntil !== undefined && validUntil <= course.clock ? 'expired' : 'active';
    this.#awards[state] += 1;
    increase(this.#weeks, periodOf({ each: 'week' }, earnedAt, course.zone)?.name ?? '');
    increase(this.#months, periodOf({ each: 'month' }, earnedAt, course.zone)?.name ?? '');
    this.#first.add({ learner, ...(period !== '' && { period }), earnedAt, ...(validUntil !== undefined && { validUntil }), state });
  }

  /** A badge that recurs is judged once in each period: what counts is the one in which the learner came closest. */
  #filter(learner: string, judgements: readonly Judgement[]): void {
    let best: Candidate | undefined;
    for (const judgement of judgements) {
      const { root } = judgement.verdict();
      const closeness = judgement.outcome.supported ? Infinity : closenessOf(root);
      if (!best || closeness > best.closeness) best = { learner, period: judgement.period, closeness, root };
    }
    if (!best) return;
    this.#funnel.add(best.root);
    if (best.closeness < Infinity && !best.root.met) this.#near.add(best);
  }
}
