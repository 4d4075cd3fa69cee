import { award as awardDecider, type Award, type AwardEvent, type RuleReference } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { ProofmarkError } from '#domain/errors.js';
import { applyEvent, currentFacts, emptyFactBook, type Fact } from '#domain/facts.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { awardStream, learnerStream } from '#domain/streams.js';
import { evidenceOf, type Verdict } from '#domain/verdict.js';
import { readCourse } from '#awarding/course-streams.js';
import { namesOf } from '#awarding/names.js';
import { readRuleVersions, type RuleVersions } from '#awarding/rule-versions.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Zone } from '#rules/calendar.js';
import type { CourseState } from '#rules/course-context.js';
import { heldBadge, heldBadgeId } from '#rules/held-badge.js';
import type { Rule } from '#rules/rule.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Words } from '#rules/words.js';
import { evidenceFor, type CriterionEvidence } from '../document/evidence.js';
import { credentialTitle } from '../document/open-badge.js';
import { statedPeriod } from '../document/stated-period.js';

/** An award as far as its stream tells. */
export interface KnownAward {
  readonly award: string;
  readonly tenant: string;
  readonly learner: string;
  readonly state: GrantedAward;
  /** Log position of its last event. */
  readonly position: number;
  /**
   * The award when it was last supported by a trace that met its rule, which is what a credential states: one that is
   * kept, or reinstated by a person, though the facts have changed, still rests on what it was granted for.
   */
  readonly supported: GrantedAward;
  /** The position up to which that trace knew everything; absent where it does not say. */
  readonly basis: number | undefined;
}

type GrantedAward = Exclude<Award, { readonly status: 'none' }>;

/** What a credential tells of an award, before it is put into a document. */
export interface AwardStory {
  readonly version: LiveRule;
  readonly verdict: Verdict;
  readonly evidence: readonly CriterionEvidence[];
  /** The course's. */
  readonly zone: Zone;
}

/** A badge that counts as evidence, by the rule version that it was held by. */
interface HeldEvidence {
  readonly fact: Fact;
  readonly rule: Rule;
  /** What it was called, with its level and period. */
  readonly title: Words;
}

/** An award from its stream, as it was at a log position. @throws ProofmarkError AWARD_UNKNOWN */
export const readKnownAward = async (store: Pick<EventStore, 'readStream'>, award: string, upTo = Infinity): Promise<KnownAward> => {
  const recorded = (await store.readStream(awardStream(award))).filter(({ position }) => position <= upTo);
  const events = recorded.map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent);
  const met = events.findLastIndex(({ verdict }) => verdict?.met);
  const state = fold(awardDecider, events);
  const supported = fold(awardDecider, events.slice(0, met + 1));
  const [first] = events;
  if (state.status === 'none' || supported.status === 'none' || !first) throw new ProofmarkError('AWARD_UNKNOWN', `There is no award "${award}".`);
  return { award, tenant: first.tenant, learner: first.learner, state, supported, position: recorded.at(-1)?.position ?? 0, basis: events[met]?.basis };
};

/** Keeps what is being read, unless reading it fails. */
const keeping = <T>(kept: Map<string, Promise<T>>, key: string, reading: Promise<T>): Promise<T> => {
  kept.set(key, reading);
  // Who awaits it has the error.
  reading.catch(() => {
    if (kept.get(key) === reading) kept.delete(key);
  });
  return reading;
};

/** Tells awards' stories from the log: their rule version, and the facts that count as they were when it was decided. */
export class AwardStories {
  /** Promises, so that what several awards need at once is read once. */
  readonly #versions = new Map<string, Promise<RuleVersions>>();
  readonly #courses = new Map<string, Promise<CourseState>>();

  constructor(private readonly store: EventStore) {}

  /** Forgets courses, which change; rule versions never do. */
  newBatch(): void {
    this.#courses.clear();
  }

  /** The rule version that an award names. @throws ProofmarkError NOT_FOUND */
  async versionOf({ tenant, supported: { rule } }: KnownAward): Promise<LiveRule> {
    return (await this.#version(tenant, rule)).version;
  }

  /** A rule version, and all the others that were known when it was found. */
  async #version(tenant: string, { badge, version }: RuleReference): Promise<{ readonly version: LiveRule; readonly versions: RuleVersions }> {
    const read = (): Promise<RuleVersions> => keeping(this.#versions, tenant, readRuleVersions(this.store, tenant));
    const before = this.#versions.get(tenant);
    let versions = await (before ?? read());
    // Published since: read again, unless somebody else is at it.
    if (!versions.version(badge, version) && before) versions = await (this.#versions.get(tenant) === before ? read() : (this.#versions.get(tenant) ?? read()));
    const found = versions.version(badge, version);
    if (!found) throw new ProofmarkError('NOT_FOUND', `The log has no version ${version} of the rule of "${badge}".`);
    return { version: found, versions };
  }

  /** What the award rests on. */
  async tell(known: KnownAward): Promise<AwardStory> {
    const { version, versions } = await this.#version(known.tenant, known.supported.rule);
    const { verdict } = known.supported;
    const course = await this.#course(known.tenant, version.rule.course);
    const [facts, held] = [await this.#factsIn(known, verdict), await this.#heldIn(known, verdict)];
    const names = namesOf(currentFacts(course.book), [...versions.all().map(({ rule }) => rule), ...held.map(({ rule }) => rule)]);
    const { zone } = course.context;
    const titles = new Map(held.map(({ fact, title }) => [fact.id, title]));
    const evidence = evidenceFor(version.rule.criteria, verdict, { facts: [...facts, ...held.map(({ fact }) => fact)], titles, names, zone });
    return { version, verdict, evidence, zone };
  }

  #course(tenant: string, id: string): Promise<CourseState> {
    const key = `${tenant} ${id}`;
    return this.#courses.get(key) ?? keeping(this.#courses, key, readCourse(this.store, tenant, id));
  }

  /** The facts of the learner's stream that a trace names, as they were when it was made. */
  async #factsIn({ tenant, learner, basis = Infinity }: KnownAward, verdict: Verdict): Promise<readonly Fact[]> {
    const ids = new Set(evidenceOf(verdict).filter((id) => !isHeldBadge(id)));
    if (ids.size === 0) return [];
    const book = emptyFactBook();
    for (const { type, schema, json, position } of await this.store.readStream(learnerStream(tenant, learner))) {
      if (position > basis) break;
      applyEvent(book, readLogEvent(type, schema, json) as LearningEvent);
    }
    return currentFacts(book).filter(({ id }) => ids.has(id));
  }

  /** The badges that a trace names, as the learner held them when it was made. */
  async #heldIn({ tenant, basis }: KnownAward, verdict: Verdict): Promise<readonly HeldEvidence[]> {
    return Promise.all(evidenceOf(verdict).filter(isHeldBadge).map(async (id) => {
      const award = id.slice(heldBadgeId('').length);
      const { state } = await readKnownAward(this.store, award, basis);
      const { version: { rule } } = await this.#version(tenant, state.rule);
      const { context: { zone } } = await this.#course(tenant, state.course);
      const period = statedPeriod(rule.recurs, state.period, zone);
      const title = { en: credentialTitle(rule, period, 'en'), ko: credentialTitle(rule, period, 'ko') };
      return { fact: heldBadge({ award, badge: state.rule.badge, earnedAt: state.earnedAt }, state.course, undefined), rule, title };
    }));
  }
}

const isHeldBadge = (id: string): boolean => id.startsWith(heldBadgeId(''));
