import type { Cause } from '#domain/award.js';
import { factId, isCorrection, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { LearnerState } from './learner-state.js';

const MAX_CAUSES = 20;

/** A rule that has to be decided again for a learner who is not held meanwhile. */
export interface Waiting {
  readonly rule: LiveRule;
  /** The earliest event time among what changed: an award's trace up to an earlier time stands. */
  earliest: number;
  correction: boolean;
  readonly causes: string[];
}

/** A rule that has to be decided again for a learner. */
export interface Touch extends Waiting {
  readonly learner: LearnerState;
}

/** Both as one. */
export const together = (earlier: Waiting | undefined, { rule, earliest, correction, causes }: Waiting): Waiting => ({
  rule,
  earliest: Math.min(earlier?.earliest ?? Infinity, earliest),
  correction: (earlier?.correction ?? false) || correction,
  causes: [...(earlier?.causes ?? []), ...causes].slice(0, MAX_CAUSES),
});

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

  /** Takes up what has waited. */
  again(learner: LearnerState, waiting: Waiting): void {
    let ofLearner = this.#touches.get(learner);
    if (!ofLearner) this.#touches.set(learner, (ofLearner = new Map<LiveRule, Touch>()));
    const touched = ofLearner.get(waiting.rule);
    ofLearner.set(waiting.rule, { learner, ...(touched ? together(waiting, touched) : waiting) });
  }

  /** Hands over what was touched and starts anew. */
  take(): readonly Touch[] {
    const taken = [...this.#touches.values()].flatMap((ofLearner) => [...ofLearner.values()]);
    this.#touches.clear();
    return taken;
  }
}

/** Why an award changes, where learning events were the reason. */
export const causeOf = ({ correction, causes }: Waiting): Cause => ({
  kind: correction ? 'correction' : 'facts',
  events: causes,
  reason: correction ? 'corrected facts changed what the rule sees' : 'new facts changed what the rule sees',
});
