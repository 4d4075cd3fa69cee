import type { Fact } from '#domain/facts.js';
import type { Known } from '../known.js';
import type { Rule } from '../rule.js';
import type { Found } from './finding.js';

/** How many learners a badge was open to on recorded history, and how many of them earned it. */
export interface AwardRate {
  readonly eligible: number;
  readonly awarded: number;
}

/** Award rates of fewer learners say nothing. */
export const FEW = 20;

/** What is known around a rule; what is absent is not checked. */
export interface Surroundings {
  readonly known?: Known;
  /** The other rules of the rulebook, with the names of their files where they have one. */
  readonly others?: readonly { readonly rule: Rule; readonly file?: string }[];
  /** What a course offers: its sessions, assignments and missions. */
  readonly offers?: (course: string) => readonly Fact[] | undefined;
  /** What people call a course, where it has a title. */
  readonly courseTitle?: (course: string) => string | undefined;
  readonly awardRate?: (badge: string) => AwardRate | undefined;
}

/** A rule that is looked at, with what is around it. */
export interface Subject {
  readonly rule: Rule;
  readonly around: Surroundings;
}

/** One family of checks of a badge's design. */
export type Check = (subject: Subject) => readonly Found[];
