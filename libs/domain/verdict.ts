/** A measured quantity and how people read it. */
export type Unit = 'count' | 'percent' | 'points' | 'days' | 'weeks' | 'activities' | 'criteria' | 'steps' | 'badges' | 'approvals';

/** One criterion, evaluated: met or not, its value, what was needed, and the facts that count. */
export interface CriterionVerdict {
  /** The criterion's keyword ("count", "mean", "all"). */
  readonly criterion: string;
  /** Place in the rule, for example "all[1].mean". */
  readonly path: string;
  readonly met: boolean;
  readonly value: number;
  readonly needed: number;
  readonly unit: Unit;
  /** Ids of the facts that count, in order of event time. */
  readonly evidence: readonly string[];
  /** Ids of activities, or badges, that are missing, most urgent first, where that can be said; at most five. */
  readonly lacking?: readonly string[];
  readonly parts?: readonly CriterionVerdict[];
}

/** A rule's evaluated explanation for one learner: the decision trace. */
export interface Verdict {
  readonly met: boolean;
  /** Up to which event time facts were counted, epoch milliseconds; absent: all facts. */
  readonly asOf?: number;
  /** False while the moment at which the rule decides has not come. */
  readonly decided: boolean;
  readonly root: CriterionVerdict;
}

/** Ids of all facts that a verdict rests on, each once, in the order of the trace. */
export const evidenceOf = (verdict: Verdict): readonly string[] => {
  const ids = new Set<string>();
  const collect = (criterion: CriterionVerdict): void => {
    for (const id of criterion.evidence) ids.add(id);
    for (const part of criterion.parts ?? []) collect(part);
  };
  collect(verdict.root);
  return [...ids];
};
