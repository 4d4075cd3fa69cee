import { award as awardDecider, type Award, type AwardEvent, type Cause } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { ProofmarkError } from '#domain/errors.js';
import { awardId, hashUuid } from '#domain/ids.js';
import { readLogEvent, writeLogEvent } from '#domain/log-event.js';
import { awardStream } from '#domain/streams.js';
import type { Append, AppendResult, EventStore, RecordedEvent } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import type { Judgement } from '#rules/judge.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Catalogue } from './catalogue.js';
import { decideAward } from './decide-award.js';
import { judgeTouch } from './judge-touch.js';
import { awardKey, type KnownAward } from './known-award.js';
import { beginningsOf, doubtAbsence, dropAward, keepAward, type LearnerState } from './learner-state.js';
import { causeOf, together, Touches, type Touch, type Waiting } from './touches.js';

const MAX_ATTEMPTS = 10;

/** An award that somebody changed who had read further in the log, and what waits until we have read as far. */
interface Ahead {
  readonly position: number;
  readonly learner: string;
  readonly waiting: Map<LiveRule, Waiting>;
}

interface Decided {
  readonly touch: Touch;
  readonly period: string;
  readonly award: KnownAward;
  readonly events: readonly AwardEvent[];
  readonly append: Append;
}

/** Brings the awards of touched learners in line with their outcomes, guarded by each award stream's revision. */
export class AwardWriter {
  readonly #ahead = new Map<string, Ahead>();

  constructor(
    private readonly store: EventStore,
    private readonly catalogue: Catalogue,
    private readonly now: () => number,
    /** Appends, however long the store makes it wait. */
    private readonly append: (appends: readonly Append[]) => Promise<readonly AppendResult[]>,
    /** Hears when a rule has to be decided again though nothing happens, epoch milliseconds. */
    private readonly onWake: (learner: LearnerState, rule: LiveRule, at: number) => void,
  ) {}

  /**
   * Decides every touch on the log up to a position and appends what changed; `cause` where it was not learning events.
   * An award whose last event stands beyond the position (a replay, or another worker) was decided on more than that:
   * its touches wait until `reached` is told of that event.
   */
  async settle(touches: readonly Touch[], position: number, cause?: Cause): Promise<void> {
    let open = touches;
    // A wrong expected revision means that somebody else wrote to the award: look again, decide again.
    for (let attempt = 0; open.length > 0; attempt++) {
      if (attempt === MAX_ATTEMPTS) {
        throw new ProofmarkError('CONCURRENT_CHANGE', 'Awards change faster than they can be decided.');
      }
      open = await this.#settleOnce(open, position, cause);
    }
  }

  /** The reading has come to this event of an award; returns whose it is and what waited for it, if anything did. */
  reached({ stream, position }: RecordedEvent): { readonly learner: string; readonly waiting: Iterable<Waiting> } | undefined {
    const ahead = this.#ahead.get(stream);
    if (!ahead || position < ahead.position) return undefined;
    this.#ahead.delete(stream);
    return { learner: ahead.learner, waiting: ahead.waiting.values() };
  }

  /** Returns the touches that met somebody else's write. */
  async #settleOnce(touches: readonly Touch[], position: number, cause: Cause | undefined): Promise<readonly Touch[]> {
    const decided: Decided[] = [];
    for (const touch of touches) {
      const { tenant } = touch.learner;
      for (const judgement of judgeTouch(touch, this.catalogue.rulebook(tenant), this.catalogue.contexts(tenant))) {
        const award = await this.#knownAward(touch, judgement.period, position);
        if (!award) continue;
        const events = this.#decide(touch, judgement, award.state, cause ?? causeOf(touch), position);
        if (events.length > 0) decided.push({ touch, period: judgement.period, award, events, append: appendOf(award, events) });
      }
    }
    if (decided.length === 0) return [];
    const results = await this.append(decided.map(({ append }) => append));
    const conflicts = new Touches();
    decided.forEach(({ touch, period, award, events }, i) => {
      const result = results[i];
      const { learner, rule: { rule } } = touch;
      if (!result || result.outcome === 'wrong-expected-revision') {
        const rulebook = this.catalogue.rulebook(learner.tenant);
        dropAward(learner, { badge: rule.badge, period }, rulebook);
        conflicts.again(learner, touch);
        for (const one of doubtAbsence(learner, rulebook)) conflicts.anew(learner, one);
      } else {
        const known = { state: events.reduce(awardDecider.evolve, award.state), revision: result.revision };
        keepAward(learner, rule.course, rule.badge, period, known);
      }
    });
    return conflicts.take();
  }

  /** The award as its stream has it; undefined where the touch has to wait for the reading to get as far as that. */
  async #knownAward(touch: Touch, period: string, position: number): Promise<KnownAward | undefined> {
    const { learner, rule } = touch;
    const { badge, course } = rule.rule;
    let known = learner.awards.get(awardKey(badge, period));
    if (known) return known;
    known = { state: awardDecider.initialState, revision: -1 };
    if (!learner.complete) {
      const stream = awardStream(awardId(learner.tenant, learner.learner, badge, period));
      const ahead = this.#ahead.get(stream);
      if (ahead) {
        ahead.waiting.set(rule, together(ahead.waiting.get(rule), touch));
        return undefined;
      }
      const recorded = await this.store.readStream(stream);
      const last = recorded.at(-1)?.position ?? 0;
      if (last > position) {
        const { earliest, kind, causes, times } = touch; // not its learner, who need not be held
        this.#ahead.set(stream, { position: last, learner: learner.learner, waiting: new Map([[rule, { rule, earliest, kind, causes, times }]]) });
        return undefined;
      }
      const events = recorded.map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent);
      known = { state: fold(awardDecider, events), revision: recorded.at(-1)?.revision ?? -1 };
    }
    keepAward(learner, course, badge, period, known);
    return known;
  }

  #decide({ learner, rule, earliest }: Touch, judgement: Judgement, award: Award, cause: Cause, basis: number): readonly AwardEvent[] {
    const { tenant } = learner;
    // The live version grants; from then on the award stays with the version that granted it.
    const { version } = rule.reference;
    const decides =
      award.status === 'none'
        ? this.catalogue.isLive(tenant, rule)
        : award.rule.version === version || (rule.backfill === true && award.rule.version < version && this.catalogue.isLive(tenant, rule));
    if (!decides) return [];
    const { commands, wakeAt } = decideAward({
      tenant,
      learner: learner.learner,
      rule,
      judgement,
      award,
      facts: () => beginningsOf(learner, rule.rule.course),
      clock: this.catalogue.contexts(tenant)(rule.rule.course).clock,
      changedFrom: earliest,
      cause,
      basis,
      now: this.now(),
    });
    if (wakeAt < Infinity) this.onWake(learner, rule, wakeAt);
    const events: AwardEvent[] = [];
    let state = award;
    for (const command of commands) {
      const decided = awardDecider.decide(command, state);
      events.push(...decided);
      state = decided.reduce(awardDecider.evolve, state);
    }
    return events;
  }
}

const appendOf = ({ revision }: KnownAward, events: readonly AwardEvent[]): Append => {
  const stream = awardStream(events[0]?.award ?? '');
  return {
    stream,
    expected: revision < 0 ? 'no-stream' : revision,
    // The id depends on place and content, so a repeated append is known and another decision is not mistaken for it.
    events: events.map((event, i) => toNewEvent(event, hashUuid(stream, String(revision + 1 + i), writeLogEvent(event)))),
  };
};
