import { award as awardDecider, type Award, type AwardEvent, type Cause } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import type { Fact } from '#domain/facts.js';
import { awardId } from '#domain/ids.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Judgement } from '#rules/judge.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { CriterionDifference } from '#rules/verdict-difference.js';
import { decideAward } from './decide-award.js';
import { compareTexts, FirstFew } from './first-few.js';
import { readAward } from './held-badge.js';
import type { History } from './history.js';

/** What publishing a version for the past would do to one award; confirmed: it stays as it is, and is judged by the new version. */
export const EFFECTS = ['granted', 'amended', 'renewed', 'kept', 'suspended', 'revoked', 'reinstated', 'expired', 'confirmed'] as const;
export type Effect = (typeof EFFECTS)[number];

/** What would happen to one learner's award. */
export interface AwardEffect {
  readonly learner: string;
  /** Absent for a badge that is earned once. */
  readonly period?: string;
  /** The criteria that make the difference to the live version. */
  readonly criteria: readonly CriterionDifference[];
}

/** What publishing a version for the past would do to the awards on record. */
export interface BackfillEffects extends Readonly<Record<Effect, number>> {
  /** The first few of each, by learner; nothing is listed of those that stay. */
  readonly first: Readonly<Record<Exclude<Effect, 'confirmed'>, readonly AwardEffect[]>>;
}

const OF_EVENT: Readonly<Record<AwardEvent['type'], Effect>> = {
  BadgeAwarded: 'granted',
  AwardAmended: 'amended',
  AwardRenewed: 'renewed',
  AwardExpired: 'expired',
  AwardKept: 'kept',
  AwardSuspended: 'suspended',
  AwardReinstated: 'reinstated',
  AwardRevoked: 'revoked',
};

const effectOf = (event: AwardEvent, before: Award): Effect => {
  const stays =
    event.type === 'AwardAmended' && before.status !== 'none' && before.verdict.met && before.earnedAt === event.earnedAt && before.validUntil === event.validUntil;
  return stays ? 'confirmed' : OF_EVENT[event.type];
};

const CAUSE: Cause = { kind: 'rule', events: [], reason: 'the rule would be published' };

const record = <T>(make: () => T): Record<Effect, T> => Object.fromEntries(EFFECTS.map((effect) => [effect, make()])) as Record<Effect, T>;

/** Decides, without writing, what awarding would decide if a version were published for the past. */
export class BackfillPreview {
  readonly #counts = record(() => 0);
  readonly #first: Record<Effect, FirstFew<AwardEffect>>;

  constructor(
    private readonly store: EventStore,
    private readonly history: History,
    /** The version that would be published. */
    private readonly rule: LiveRule,
    limit: number,
  ) {
    this.#first = record(() => new FirstFew<AwardEffect>(limit, (a, b) => compareTexts(a.learner, b.learner) || compareTexts(a.period ?? '', b.period ?? '')));
  }

  /** Takes in what the version says of a learner; `criteriaOf` tells why it says something else than the live one. */
  async add(learner: string, judgements: readonly Judgement[], facts: readonly Fact[], clock: number, criteriaOf: (judgement: Judgement) => readonly CriterionDifference[]): Promise<void> {
    const { tenant, position } = this.history;
    const { badge } = this.rule.rule;
    for (const judgement of judgements) {
      const { period } = judgement;
      const award = fold(awardDecider, await readAward(this.store, awardId(tenant, learner, badge, period), position));
      const { commands } = decideAward({
        tenant, learner, rule: this.rule, judgement, award, facts: () => facts, clock, changedFrom: -Infinity, cause: CAUSE, basis: position, now: 0,
      });
      let state = award;
      for (const command of commands) {
        for (const event of awardDecider.decide(command, state)) {
          const effect = effectOf(event, state);
          this.#counts[effect] += 1;
          if (effect !== 'confirmed') this.#first[effect].add({ learner, ...(period !== '' && { period }), criteria: criteriaOf(judgement) });
          state = awardDecider.evolve(state, event);
        }
      }
    }
  }

  result(): BackfillEffects {
    const { confirmed: _confirmed, ...listed } = this.#first;
    const first = Object.fromEntries(Object.entries(listed).map(([effect, few]) => [effect, few.list()])) as unknown as BackfillEffects['first'];
    return { ...this.#counts, first };
  }
}
