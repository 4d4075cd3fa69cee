import type { CorrectionPolicy } from '#domain/award.js';
import type { CriterionNode } from './criterion.js';

/** A text in one or more languages, by BCP 47 tag. */
export type LocalizedText = Readonly<Record<string, string>>;

/** When a rule's verdict becomes an award. */
export type Decides =
  /** Sticky: earned at the earliest event time at which the facts up to then meet the criteria. */
  | { readonly mode: 'as-soon-as-met' }
  /** Held while the criteria are met. */
  | { readonly mode: 'continuously' }
  /** Once, on all facts, when the course (or the stated course day) is over. */
  | { readonly mode: 'at-close'; readonly of: 'course' | { readonly courseDay: number } };

/** The criterion tree: leaves count facts, groups combine. */
export type Criterion =
  | { readonly group: 'all' | 'any'; readonly parts: readonly Criterion[] }
  | { readonly group: 'not'; readonly parts: readonly [Criterion] }
  | { readonly leaf: CriterionNode };

/** A badge's award rule, as its author wrote it: plain data, hashed as the rule version's content. */
export interface Rule {
  /** The badge that it awards. */
  readonly badge: string;
  readonly name: LocalizedText;
  /** OB 3.0 criteria narrative: what a learner has to do, for people. */
  readonly criteriaText: LocalizedText;
  readonly course: string;
  readonly decides: Decides;
  readonly whenCorrected: CorrectionPolicy;
  readonly criteria: Criterion;
}
