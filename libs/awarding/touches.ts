import type { Cause } from '#domain/award.js';
import { factId, isCorrection, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { LearnerState } from './learner-state.js';

const MAX_CAUSES = 20;

/** A rule that has to be decided again for a learner. */
export interface Touch {
  readonly learner: LearnerState;
  readonly rule: LiveRule;
  /** The earliest event time among what changed: an award's trace up to an earlier time stands. */
  earliest: number;
  correction: boolean;
  readonly causes: string[];
}

/** What a batch of events touched, each (learner, rule) once, however many events there were. */
export class Touches {
  readonly #touches = new Map<LearnerState, Map<LiveRule, Touch>>();

  add(learner: LearnerState, rule: LiveRule, earliest: number, event?: LearnerFactEvent | CorrectionEvent): void {
    let ofLearner = this.#touches.get(learner);
    if (!ofLearner) this.#touches.set(learner, (ofLearner = new Map<LiveRule, Touch>()));
    let touch = ofLearner.get(rule);
    if (!touch) ofLearner.set(rule, (touch = { learner, rule, earliest, correction: false, causes: [] }));
    touch.earliest = Math.min(touch.earliest, earliest);
    if (!event) return;
    touch.correction ||= isCorrection(event);
    const id = factId(event.source, event.id);
    if (touch.causes.length < MAX_CAUSES && touch.causes.at(-1) !== id) touch.causes.push(id);
  }

  /** Takes up what was touched before, where the learner's state may have been folded anew since. */
  again(learner: LearnerState, { rule, earliest, correction, causes }: Touch): void {
    this.add(learner, rule, earliest);
    const touch = this.#touches.get(learner)?.get(rule);
    if (!touch) return;
    touch.correction ||= correction;
    touch.causes.unshift(...causes.slice(0, MAX_CAUSES - touch.causes.length));
  }

  /** Hands over what was touched and starts anew. */
  take(): readonly Touch[] {
    const taken = [...this.#touches.values()].flatMap((ofLearner) => [...ofLearner.values()]);
    this.#touches.clear();
    return taken;
  }
}

/** Why an award changes, where learning events were the reason. */
export const causeOf = ({ correction, causes }: Touch): Cause => ({
  kind: correction ? 'correction' : 'facts',
  events: causes,
  reason: correction ? 'corrected facts changed what the rule sees' : 'new facts changed what the rule sees',
});
