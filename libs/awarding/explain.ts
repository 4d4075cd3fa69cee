import { award as awardDecider, type Award, type AwardEvent, type RuleReference } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { ProofmarkError } from '#domain/errors.js';
import { currentFacts, type Fact } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import { readLogEvent, type LogEvent } from '#domain/log-event.js';
import type { RuleEvent, RulePublished } from '#domain/rule-event.js';
import { awardStream, erasureStream, learnerStream, ruleStream } from '#domain/streams.js';
import { evidenceOf, type Verdict } from '#domain/verdict.js';
import type { EventStore } from '#event-store/event-store.js';
import { aheadOf } from '#rules/ahead.js';
import { learnerContext, type Circumstances } from '#rules/circumstances.js';
import { UNKNOWN_COURSE, type CourseContext } from '#rules/course-context.js';
import { closingTime } from '#rules/evaluate.js';
import { progressOf, type CriterionProgress, type RemainingSteps } from '#rules/explain.js';
import { evaluateLive, judgementsOf, type Judgement } from '#rules/judge.js';
import { periodOf } from '#rules/periods.js';
import { prerequisitesOf, requiredBadges } from '#rules/prerequisites.js';
import type { Rule } from '#rules/rule.js';
import { compareFacts } from '#rules/sorted-facts.js';
import { readCourse } from './course-streams.js';
import { heldBadges, type PublishedBadge } from './held-badge.js';
import { factsIn, readLearner } from './history.js';
import { namesOf } from './names.js';

/** Whose badge, and for a badge that recurs, of which period. */
export interface Asked {
  readonly tenant: string;
  readonly learner: string;
  readonly badge: string;
  /** The present one where absent. */
  readonly period?: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The last decision of an award, evaluated again on what it was made on. */
export interface Replay {
  readonly event: AwardEvent['type'];
  /** The log position up to which everything was known. */
  readonly basis: number;
  /** The stored facts with the stored rule version give the stored trace again, byte for byte. */
  readonly same: boolean;
  readonly verdict: Verdict;
}

/** Why a learner has, or does not have, a badge. */
export interface Explanation {
  readonly learner: string;
  readonly badge: string;
  readonly period: string;
  readonly rule: RuleReference;
  readonly award: Award;
  /** On the facts as they are now. */
  readonly verdict: Verdict;
  readonly criteria: CriterionProgress;
  /** The least that is still to do, for what has expired to renew it; nothing where all is met. */
  readonly remaining: RemainingSteps;
  /** Epoch milliseconds. */
  readonly earnedAt?: number;
  readonly validUntil?: number;
  /** When an at-close rule will decide, where that is known and yet to come, epoch milliseconds. */
  readonly decidesAt?: number;
  /** The facts that count, by event time. */
  readonly evidence: readonly Fact[];
  /** Absent where the engine has decided nothing, or in a log that does not say on what. */
  readonly replay?: Replay;
}

const PAGE = 1000;

interface Placed<T> {
  readonly event: T;
  readonly position: number;
}

const read = async <T extends LogEvent>(store: EventStore, stream: string, upTo: number): Promise<readonly Placed<T>[]> =>
  (await store.readStream(stream))
    .filter(({ position }) => position <= upTo)
    .map(({ type, schema, json, position }) => ({ event: readLogEvent(type, schema, json) as T, position }));

const versionsOf = async (store: EventStore, tenant: string, badge: string, upTo: number): Promise<readonly RulePublished[]> =>
  (await read<RuleEvent>(store, ruleStream(tenant, badge), upTo)).flatMap(({ event }) => (event.type === 'RulePublished' ? [event] : []));

const ruleOf = (published: RulePublished | undefined): Rule | undefined => published?.document as Rule | undefined;

/** The facts about a learner up to a log position, and those badges of a rule's prerequisites that were held then. */
const factsAt = async (store: EventStore, { tenant, learner }: Asked, rule: Rule, upTo: number): Promise<readonly Fact[]> => {
  const events = await readLearner(store, tenant, learner, upTo);
  const below: PublishedBadge[] = [];
  for (const badge of await badgesBelow(store, tenant, rule, upTo)) {
    const versions = (await versionsOf(store, tenant, badge, upTo)).flatMap((published) => ruleOf(published) ?? []);
    const courses = new Map<string, CourseContext>();
    for (const { recurs, course } of versions) if (recurs) courses.set(course, (await readCourse(store, tenant, course, upTo)).context);
    below.push({ badge, versions, contextOf: (course) => courses.get(course) ?? UNKNOWN_COURSE });
  }
  const held = await heldBadges(store, { tenant, learner, upTo }, below, events);
  return [...factsIn(events), ...held.values()];
};

/** The badges that a rule asks for; those of a level family are found among all rules. */
const badgesBelow = async (store: EventStore, tenant: string, rule: Rule, upTo: number): Promise<ReadonlySet<string>> => {
  const { badges, levels } = prerequisitesOf(rule);
  if (levels.length === 0) return badges;
  const rules = new Map<string, Rule>();
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: PAGE, categories: ['rule'] });
    for (const { type, schema, json, position } of page) {
      const event = readLogEvent(type, schema, json);
      if (position <= upTo && event.type === 'RulePublished' && event.tenant === tenant) rules.set(event.badge, event.document as Rule);
    }
    const last = page.at(-1);
    if (!last) return requiredBadges(rule, [...rules.values()]);
    after = last.position;
  }
};

const judgeAt = async (store: EventStore, asked: Asked, rule: Rule, upTo: number, period?: string) => {
  const facts = await factsAt(store, asked, rule, upTo);
  const course = await readCourse(store, asked.tenant, rule.course, upTo);
  const at: Circumstances = { course: course.context, learner: learnerContext(facts, rule.course) };
  const name = rule.recurs ? (period ?? periodOf(rule.recurs, asked.now, at.course.zone)?.name) : '';
  if (name === undefined) throw new ProofmarkError('NOT_FOUND', `The badge "${rule.badge}" cannot be earned now: it is between its terms. Name a period.`);
  const judgement = judgementsOf(rule, facts, at, evaluateLive, [name]).find((one) => one.period === name);
  if (!judgement) throw new ProofmarkError('NOT_FOUND', `The badge "${rule.badge}" has no period "${name}".`);
  return { facts, course, at, judgement };
};

/** Evaluates the last decision again on what it was made on. */
const replay = async (
  store: EventStore,
  asked: Asked,
  decisions: readonly Placed<AwardEvent>[],
  versions: readonly RulePublished[],
  period: string,
): Promise<Replay | undefined> => {
  const at = decisions.findLastIndex(({ event }) => event.basis !== undefined && event.verdict !== undefined);
  const event = decisions[at]?.event;
  if (!event?.verdict || event.basis === undefined) return undefined;
  const award = fold(awardDecider, decisions.slice(0, at + 1).map(({ event: one }) => one));
  const rule = ruleOf(versions.find(({ version }) => award.status !== 'none' && version === award.rule.version));
  if (!rule) return undefined;
  const { judgement } = await judgeAt(store, asked, rule, event.basis, period);
  const verdict = judgement.verdict();
  return { event: event.type, basis: event.basis, same: JSON.stringify(verdict) === JSON.stringify(event.verdict), verdict };
};

/**
 * Explains a learner's badge from the log: the verdict now, what is missing, and whether the last decision can be
 * repeated.
 * @throws ProofmarkError NOT_FOUND for a badge without a rule, a learner of whom nothing is recorded, or no such period.
 */
export const explain = async (store: EventStore, asked: Asked): Promise<Explanation> => {
  const { tenant, learner, badge } = asked;
  const versions = await versionsOf(store, tenant, badge, Infinity);
  const newest = versions.at(-1);
  if (!newest) throw new ProofmarkError('NOT_FOUND', `No rule was published for badge "${badge}".`);
  const recorded = await Promise.all([learnerStream(tenant, learner), erasureStream(tenant, learner)].map((stream) => store.readStream(stream, { limit: 1 })));
  if (recorded[0]?.length === 0 || recorded[1]?.length !== 0) {
    throw new ProofmarkError('NOT_FOUND', `Nothing is recorded about learner "${learner}".`);
  }
  const live = newest.document as Rule;
  const period = asked.period ?? (await judgeAt(store, asked, live, Infinity)).judgement.period;
  const decisions = await read<AwardEvent>(store, awardStream(awardId(tenant, learner, badge, period)), Infinity);
  const award = fold(awardDecider, decisions.map(({ event }) => event));
  // An award is explained by the version that judges it.
  const published = versions.find(({ version }) => award.status !== 'none' && version === award.rule.version) ?? newest;
  const rule = published.document as Rule;
  if (!rule.recurs && period !== '') throw new ProofmarkError('NOT_FOUND', `The badge "${badge}" does not recur, so it has no period "${period}". Leave the period out.`);
  const { facts, course, at, judgement } = await judgeAt(store, asked, rule, Infinity, period);
  const verdict = judgement.verdict();
  const names = namesOf(currentFacts(course.book), [rule]);
  const closing = closingTime(rule, at.course);
  const { possible, steps } = aheadOf(rule, judgement, award.status === 'expired', names);
  const counted = new Set(evidenceOf(verdict));
  const replayed = await replay(store, asked, decisions, versions, period);
  return {
    learner,
    badge,
    period,
    rule: { badge, version: published.version, hash: published.hash },
    award,
    verdict,
    criteria: progressOf(rule.criteria, verdict.root, names),
    remaining: { possible, steps },
    ...dates(judgement),
    ...(!verdict.decided && closing !== undefined && { decidesAt: closing }),
    evidence: facts.filter(({ id }) => counted.has(id)).sort(compareFacts),
    ...(replayed && { replay: replayed }),
  };
};

const dates = ({ outcome, validUntil }: Judgement): Pick<Explanation, 'earnedAt' | 'validUntil'> => ({
  ...(outcome.earnedAt !== undefined && { earnedAt: outcome.earnedAt }),
  ...(validUntil !== undefined && { validUntil }),
});
