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
  /** Once, on all facts, when the course, the stated course day or the period (of a rule that recurs) is over. */
  | { readonly mode: 'at-close'; readonly of: 'course' | 'period' | { readonly courseDay: number } };

/** The criterion tree: leaves look at facts, groups combine. */
export type Criterion =
  | { readonly group: 'all' | 'any'; readonly parts: readonly Criterion[] }
  /** At least so many of the parts. */
  | { readonly group: 'some'; readonly atLeast: number; readonly parts: readonly Criterion[] }
  | { readonly group: 'not'; readonly parts: readonly [Criterion] }
  | { readonly leaf: CriterionNode };

/** Calendar units in which a badge can be earned anew. */
export const RECURRENCES = ['week', 'month', 'quarter', 'half-year', 'year'] as const;

/** A stretch of days in which a badge can be earned once, by its author's name for it. */
export interface Term {
  readonly name: string;
  /** First and last day, as days since 1970-01-01. */
  readonly from: number;
  readonly to: number;
}

/** A badge that can be earned once in each calendar unit or term; days are those of the course's time zone. */
export type Recurs = { readonly each: (typeof RECURRENCES)[number] } | { readonly terms: readonly Term[] };

/** How long an award holds. */
export interface Validity {
  /** Milliseconds from the moment at which it was earned. */
  readonly for: number;
  /** earn-again: meeting the criteria on later facts alone renews it. */
  readonly renewal: 'none' | 'earn-again';
}

/** A link to an item of a competency framework (OB 3.0 `Alignment`). */
export interface Alignment {
  readonly name: string;
  readonly url: string;
  /** CASE, ESCO, CTDL or the framework's own name. */
  readonly framework: string;
  readonly code?: string;
}

/** A badge's place among badges for the same thing: a higher rank supersedes a lower one. */
export interface Level {
  /** What all levels have in common, an id. */
  readonly of: string;
  readonly name: LocalizedText;
  /** From 1, the lowest. */
  readonly rank: number;
}

/** What a badge is, apart from when it is awarded. */
export interface BadgeDesign {
  /** What its holder can do. */
  readonly competency?: LocalizedText;
  readonly alignments?: readonly Alignment[];
  readonly level?: Level;
  /** A file beside the rules or an https address; a picture is generated where absent. */
  readonly image?: string;
  readonly tags?: readonly string[];
  /** Id of the issuer's profile; the tenant's own where absent. */
  readonly issuer?: string;
  /** What the evidence will show, for people. */
  readonly evidence?: LocalizedText;
  /** Id of the role badge whose pathway it belongs to. */
  readonly pathway?: string;
  /** The role that this badge stands for: its criteria are the pathway. */
  readonly role?: LocalizedText;
}

/** A badge's award rule, as its author wrote it: plain data, hashed as the rule version's content. */
export interface Rule {
  /** The badge that it awards. */
  readonly badge: string;
  readonly name: LocalizedText;
  /** OB 3.0 criteria narrative: what a learner has to do, for people. */
  readonly criteriaText: LocalizedText;
  /** '' for a badge that rests on other badges and approvals alone. */
  readonly course: string;
  readonly decides: Decides;
  readonly whenCorrected: CorrectionPolicy;
  readonly criteria: Criterion;
  /** Milliseconds between earning and awarding, in which corrections still count. */
  readonly hold?: number;
  readonly recurs?: Recurs;
  readonly validity?: Validity;
  /** high: people change it in twos only. */
  readonly stakes?: 'high';
  readonly design: BadgeDesign;
}
