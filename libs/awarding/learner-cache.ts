import { currentFacts } from '#domain/facts.js';
import type { CorrectionEvent, LearnerFactEvent } from '#domain/learning-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { progressOn } from '#rules/progress.js';
import type { Catalogue } from './catalogue.js';
import { emptyLearner, foldLearnerEvent, type LearnerState, type OnTouch } from './learner-state.js';

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
    const { tenant } = state;
    const size = state.book.histories.size;
    foldLearnerEvent(state, event, this.catalogue.rulebook(tenant), this.catalogue.contexts(tenant), onTouch);
    state.revision = revision;
    this.#facts += state.book.histories.size - size;
  }

  /** Folds a learner's stream as it was at a log position. */
  async load(tenant: string, learner: string, upTo: number): Promise<LearnerState> {
    const stream = learnerStream(tenant, learner);
    const recorded = await this.store.readStream(stream);
    const state = this.begin(tenant, learner, false);
    for (const { type, schema, json, revision, position } of recorded) {
      if (position > upTo) break;
      this.fold(state, readLogEvent(type, schema, json) as LearnerFactEvent | CorrectionEvent, revision, () => undefined);
    }
    return state;
  }

  /** The days and weeks of a course have moved: counts what is held of it anew. */
  recount(tenant: string, course: string): void {
    const context = this.catalogue.contexts(tenant)(course);
    const rules = this.catalogue.rulebook(tenant).ofCourse(course);
    for (const state of this.#learners.values()) {
      if (state.tenant !== tenant) continue;
      for (const rule of rules) state.progress.set(rule, progressOn(rule.rule, currentFacts(state.book), context));
    }
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
      this.#facts -= state.book.histories.size;
    }
  }
}
