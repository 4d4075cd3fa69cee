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

/** Whether two verdicts say the same. Most that differ do so in a number: long lists are looked at last. */
export const sameVerdict = (a: Verdict, b: Verdict): boolean =>
  a.met === b.met && a.asOf === b.asOf && a.decided === b.decided && sameCriterion(a.root, b.root);

const sameCriterion = (a: CriterionVerdict, b: CriterionVerdict): boolean =>
  a.met === b.met &&
  a.value === b.value &&
  a.needed === b.needed &&
  a.unit === b.unit &&
  a.criterion === b.criterion &&
  a.path === b.path &&
  sameLists(a.parts, b.parts, sameCriterion) &&
  sameLists(a.lacking, b.lacking, Object.is) &&
  sameLists(a.evidence, b.evidence, Object.is);

const sameLists = <T>(a: readonly T[] | undefined, b: readonly T[] | undefined, same: (a: T, b: T) => boolean): boolean => {
  if (a === b) return true;
  if (!a || !b || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!same(a[i] as T, b[i] as T)) return false;
  return true;
};
