import type { Cause } from '#domain/award.js';
import { REASONS } from '#domain/cause-reasons.js';
import { factId, isCorrection, type CorrectionEvent, type LearnerFactEvent } from '#domain/learning-event.js';
import type { LiveRule } from '#rules/rulebook.js';
import type { LearnerState } from './learner-state.js';

const MAX_CAUSES = 20;

/** What made a rule be decided again: the kind of cause and the id that evidence would name. */
export interface Trigger {
  readonly kind: Extract<Cause['kind'], 'facts' | 'correction' | 'award' | 'time'>;
  /** '' where nothing but time passed. */
  readonly id: string;
}

/** What a learner's event is as a trigger. */
export const triggerOf = (event: LearnerFactEvent | CorrectionEvent): Trigger => ({
  kind: isCorrection(event) ? 'correction' : 'facts',
  id: factId(event.source, event.id),
});

/** A rule that has to be decided again for a learner who is not held meanwhile. */
export interface Waiting {
  readonly rule: LiveRule;
  /** The earliest event time among what changed: an award's trace up to an earlier time stands. */
  earliest: number;
  kind: Trigger['kind'];
  readonly causes: string[];
  /** The event times of what changed, for a rule that recurs: they tell the periods. */
  readonly times: Set<number> | undefined;
}

/** A rule that has to be decided again for a learner. */
export interface Touch extends Waiting {
  readonly learner: LearnerState;
}

/** What says most about why: a correction before a badge, before facts, before time. */
const KINDS: readonly Trigger['kind'][] = ['time', 'facts', 'award', 'correction'];
const stronger = (a: Trigger['kind'], b: Trigger['kind']): Trigger['kind'] => (KINDS.indexOf(a) >= KINDS.indexOf(b) ? a : b);

/** Both as one. */
export const together = (earlier: Waiting | undefined, later: Waiting): Waiting => {
  if (!earlier) return { ...later };
  return {
    rule: later.rule,
    earliest: Math.min(earlier.earliest, later.earliest),
    kind: stronger(earlier.kind, later.kind),
    causes: [...earlier.causes, ...later.causes].slice(0, MAX_CAUSES),
    times: later.times && new Set([...(earlier.times ?? []), ...later.times]),
  };
};

/** What a batch of events touched, each (learner, rule) once, however many events there were. */
export class Touches {
  readonly #touches = new Map<LearnerState, Map<LiveRule, Touch>>();

  add(learner: LearnerState, rule: LiveRule, time: number, trigger?: Trigger): void {
    const ofLearner = this.#of(learner);
    let touch = ofLearner.get(rule);
    if (!touch) {
      const times = rule.rule.recurs && new Set<number>();
      ofLearner.set(rule, (touch = { learner, rule, earliest: time, kind: trigger?.kind ?? 'time', causes: [], times }));
    }
    touch.earliest = Math.min(touch.earliest, time);
    // A look at everybody names no moment.
    if (Number.isFinite(time)) touch.times?.add(time);
    if (!trigger) return;
    touch.kind = stronger(touch.kind, trigger.kind);
    if (trigger.id !== '' && touch.causes.length < MAX_CAUSES && touch.causes.at(-1) !== trigger.id) touch.causes.push(trigger.id);
  }

  /** All of a rule has to be decided again: somebody else wrote to the learner's awards. */
  anew(learner: LearnerState, rule: LiveRule): void {
    this.add(learner, rule, -Infinity, { kind: 'facts', id: '' });
  }

  /** Takes up what has waited. */
  again(learner: LearnerState, waiting: Waiting): void {
    const ofLearner = this.#of(learner);
    const touched = ofLearner.get(waiting.rule);
    ofLearner.set(waiting.rule, { ...(touched ? together(waiting, touched) : waiting), learner });
  }

  /** Hands over what was touched and starts anew. */
  take(): readonly Touch[] {
    const taken: Touch[] = [];
    for (const ofLearner of this.#touches.values()) taken.push(...ofLearner.values());
    this.#touches.clear();
    return taken;
  }

  #of(learner: LearnerState): Map<LiveRule, Touch> {
    let ofLearner = this.#touches.get(learner);
    if (!ofLearner) this.#touches.set(learner, (ofLearner = new Map<LiveRule, Touch>()));
    return ofLearner;
  }
}

/** Why an award changes, where no cause was given for all. */
export const causeOf = ({ kind, causes }: Waiting): Cause => ({ kind, events: causes, reason: REASONS[kind] });
