import { award as awardDecider, type Award, type AwardEvent, type Cause } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { ProofmarkError } from '#domain/errors.js';
import { currentFacts } from '#domain/facts.js';
import { awardId, hashUuid } from '#domain/ids.js';
import { readLogEvent, writeLogEvent } from '#domain/log-event.js';
import { awardStream } from '#domain/streams.js';
import type { Append, AppendResult, EventStore, RecordedEvent } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import { judge, outcomeOf } from '#rules/progress.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { Catalogue } from './catalogue.js';
import { commandFor, PERIOD } from './decide-award.js';
import type { KnownAward } from './learner-state.js';
import { causeOf, together, type Touch, type Waiting } from './touches.js';

const MAX_ATTEMPTS = 10;

/** An award that somebody changed who had read further in the log, and what waits until we have read as far. */
interface Ahead {
  readonly position: number;
  readonly learner: string;
  readonly waiting: Map<LiveRule, Waiting>;
}

interface Decided {
  readonly touch: Touch;
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
      const award = await this.#knownAward(touch, position);
      if (!award) continue;
      const events = this.#decide(touch, award.state, cause ?? causeOf(touch));
      if (events.length > 0) decided.push({ touch, award, events, append: appendOf(award, events) });
    }
    if (decided.length === 0) return [];
    const results = await this.append(decided.map(({ append }) => append));
    const conflicts: Touch[] = [];
    decided.forEach(({ touch, award, events }, i) => {
      const result = results[i];
      const { badge } = touch.rule.rule;
      if (!result || result.outcome === 'wrong-expected-revision') {
        touch.learner.awards.delete(badge);
        touch.learner.complete = false; // from now on look awards up rather than take them for absent
        conflicts.push(touch);
      } else {
        touch.learner.awards.set(badge, { state: events.reduce(awardDecider.evolve, award.state), revision: result.revision });
      }
    });
    return conflicts;
  }

  /** The award as its stream has it; undefined where the touch has to wait for the reading to get as far as that. */
  async #knownAward(touch: Touch, position: number): Promise<KnownAward | undefined> {
    const { learner, rule } = touch;
    const { badge } = rule.rule;
    let known = learner.awards.get(badge);
    if (known) return known;
    known = { state: awardDecider.initialState, revision: -1 };
    if (!learner.complete) {
      const stream = awardStream(awardId(learner.tenant, learner.learner, badge, PERIOD));
      const ahead = this.#ahead.get(stream);
      if (ahead) {
        ahead.waiting.set(rule, together(ahead.waiting.get(rule), touch));
        return undefined;
      }
      const recorded = await this.store.readStream(stream);
      const last = recorded.at(-1)?.position ?? 0;
      if (last > position) {
        const { earliest, correction, causes } = touch; // not its learner, who need not be held
        this.#ahead.set(stream, { position: last, learner: learner.learner, waiting: new Map([[rule, { rule, earliest, correction, causes }]]) });
        return undefined;
      }
      const events = recorded.map(({ type, schema, json }) => readLogEvent(type, schema, json) as AwardEvent);
      known = { state: fold(awardDecider, events), revision: recorded.at(-1)?.revision ?? -1 };
    }
    learner.awards.set(badge, known);
    return known;
  }

  #decide({ learner, rule, earliest }: Touch, award: Award, cause: Cause): readonly AwardEvent[] {
    const { tenant } = learner;
    const course = this.catalogue.contexts(tenant)(rule.rule.course);
    // The live version grants; from then on the award stays with the version that granted it.
    const decides = award.status === 'none' ? this.catalogue.isLive(tenant, rule) : award.rule.version === rule.reference.version;
    if (!decides) return [];
    const progress = learner.progress.get(rule);
    const outcome = progress ? outcomeOf(rule.rule, progress, course) : judge(rule.rule, currentFacts(learner.book), course);
    const command = commandFor({
      tenant,
      learner: learner.learner,
      rule,
      outcome,
      award,
      facts: learner.book,
      course,
      changedFrom: earliest,
      cause,
      now: this.now(),
    });
    return command ? awardDecider.decide(command, award) : [];
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
