import type { AwardEvent } from '#domain/award.js';
import { knownFacts } from '#domain/facts.js';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Catalogue } from './catalogue.js';
import { heldAfter, heldBadges, publishedBadge } from './held-badge.js';
import { courseOf, emptyLearner, foldHeldBadge, foldLearnerEvent, learnerCourse, recountCourse, type Folding, type LearnerState, type OnTouch } from './learner-state.js';

const SILENTLY: OnTouch = () => undefined;

/**
 * Folded learners, the least recently used dropped first when their facts exceed a bound. Dropping one loses nothing:
 * it is folded again from its stream on the next touch.
 */
export class LearnerCache {
  readonly #learners = new Map<string, LearnerState>();
  #facts = 0;

  constructor(
    private readonly store: EventStore,
    private readonly catalogue: Catalogue,
    private readonly maxFacts: number,
  ) {}

  /** The learner as held, if held; now the most recently used. */
  get(stream: string): LearnerState | undefined {
    const state = this.#learners.get(stream);
    if (state) {
      this.#learners.delete(stream);
      this.#learners.set(stream, state);
    }
    return state;
  }

  /** A learner whose stream begins; `complete` where it does so now, so that no award can be there yet. */
  begin(tenant: string, learner: string, complete: boolean): LearnerState {
    const state = emptyLearner(tenant, learner, complete);
    this.#learners.set(learnerStream(tenant, learner), state);
    return state;
  }

  /** Takes the next event of the learner's stream in. */
  fold(state: LearnerState, event: LearnerFactEvent | CorrectionEvent, revision: number, onTouch: OnTouch): void {
    const size = knownFacts(state.book);
    foldLearnerEvent(state, event, this.#folding(state.tenant, onTouch));
    state.revision = revision;
    this.#facts += knownFacts(state.book) - size;
  }

  /** Takes an event of an award in whose badge other rules ask for. */
  foldAward(state: LearnerState, event: AwardEvent, onTouch: OnTouch): void {
    const before = state.held.get(event.award);
    const newest = this.catalogue.newest(state.tenant, event.badge);
    const fact = heldAfter(event, before, newest?.rule.course ?? '', newest?.rule.design.level);
    foldHeldBadge(state, event.award, fact, this.#folding(state.tenant, onTouch));
  }

  /** Folds a learner's stream, and the awards that other rules ask for, as they were at a log position. */
  async load(tenant: string, learner: string, upTo: number): Promise<LearnerState> {
    const stream = learnerStream(tenant, learner);
    const recorded = await this.store.readStream(stream);
    const state = this.begin(tenant, learner, false);
    const events: (LearnerFactEvent | CorrectionEvent)[] = [];
    for (const { type, schema, json, revision, position } of recorded) {
      if (position > upTo) break;
      const event = readLogEvent(type, schema, json) as LearnerFactEvent | CorrectionEvent;
      events.push(event);
      this.fold(state, event, revision, SILENTLY);
    }
    const prerequisites = [...this.catalogue.rulebook(tenant).prerequisites].map((badge) => publishedBadge(this.catalogue, tenant, badge));
    const held = await heldBadges(this.store, { tenant, learner, upTo }, prerequisites, events);
    for (const [award, fact] of held) foldHeldBadge(state, award, fact, this.#folding(tenant, SILENTLY));
    return state;
  }

  /** The days and weeks of a course have moved: counts what is held of it anew. */
  recount(tenant: string, course: string): void {
    const program = this.catalogue.rulebook(tenant).program(course);
    if (!program) return;
    const contextOf = this.catalogue.contexts(tenant);
    for (const state of this.#learners.values()) {
      if (state.tenant === tenant && courseOf(state, course)) recountCourse(state, learnerCourse(state, program, contextOf));
    }
  }

  /** Drops a learner who is erased. */
  drop(stream: string): void {
    const state = this.#learners.get(stream);
    if (!state) return;
    this.#learners.delete(stream);
    this.#facts -= knownFacts(state.book);
  }

  /** Drops everything: rules have changed, and progress is that of the rules before. */
  clear(): void {
    this.#learners.clear();
    this.#facts = 0;
  }

  /** Drops the least recently used until the bound holds; call it only where nobody works on a learner. */
  evict(): void {
    for (const [stream, state] of this.#learners) {
      if (this.#facts <= this.maxFacts) return;
      this.#learners.delete(stream);
      this.#facts -= knownFacts(state.book);
    }
  }

  #folding(tenant: string, onTouch: OnTouch): Folding {
    return { rulebook: this.catalogue.rulebook(tenant), contextOf: this.catalogue.contexts(tenant), onTouch };
  }
}
