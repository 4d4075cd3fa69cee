import type { Fact } from '#domain/facts.js';
import type { CriterionVerdict, Unit } from '#domain/verdict.js';
import type { Circumstances } from './circumstances.js';
import type { SelectedType, Selector } from './selector.js';
import type { Members } from './shape.js';
import type { Truth } from './truth.js';
import type { Missing, Names, Words } from './words.js';

/** The settings of a leaf as its author wrote them, by their keys in the file; plain JSON. */
export type Settings = Readonly<Record<string, unknown>>;

/** A parsed leaf criterion: its keyword, the facts that it looks at (any selector may take one), and its settings. */
export interface CriterionNode<S = Settings> {
  readonly keyword: string;
  readonly selects: readonly Selector[];
  readonly settings: S;
}

/** What a leaf criterion finds at a moment. */
export interface Measure {
  readonly met: boolean;
  readonly value: number;
  readonly needed: number;
  readonly unit: Unit;
  /** The facts that count, in order of event time. */
  readonly evidence: readonly Fact[];
  /** Ids of activities, or badges, that are missing, most urgent first, where that can be said; at most five. */
  readonly lacking?: readonly string[];
}

/**
 * Follows one criterion for one learner, fact by fact: `truth` always equals what `measure` says at each moment of
 * the facts that were inserted and not removed. One tracker serves all criteria that differ in their threshold alone.
 */
export interface Tracker {
  insert(fact: Fact, at: Circumstances): void;
  remove(fact: Fact, at: Circumstances): void;
  /**
   * After an insert or remove: the truths that may have changed are those for thresholds above `changedAbove`, up to
   * and including `changedUpTo`.
   */
  readonly changedAbove: number;
  readonly changedUpTo: number;
  /**
   * For each event time, moments still to come included: what holds if nothing else happens. Valid until the next
   * insert or remove. `settings` are those of the criterion that asks: they may differ in their threshold.
   */
  truth(settings: Settings, at: Circumstances): Truth;
  /** Whether what is measured at some moment would be something else at the same moment without a fact that was inserted; true of each where this is absent. */
  counts?(fact: Fact, at: Circumstances): boolean;
  /** All facts that were inserted and not removed, by event time, then id. */
  readonly facts: readonly Fact[];
}

/** What a criterion needs besides the facts it selects: a change of it changes verdicts without a fact. */
export type Depends =
  /** What the course offers: sessions, assignments, missions, weights, due dates. */
  | 'offers'
  /** The learner's enrolment or extensions. */
  | 'learner'
  /** The passing of time: it can come to hold, or stop holding, at a moment at which nothing happens. */
  | 'clock'
  /** The cutoff of a cohort. */
  | 'cohort';

/** What is wrong with settings that are each right, and where. */
export interface SettingsError {
  readonly key: string;
  readonly message: string;
  readonly expected: string;
}

/**
 * One kind of leaf criterion. To add one: write its file beside the others and name it in criteria/all.ts.
 * `measure` is the meaning, short and obviously right: it makes the trace, and the reference evaluator runs on it.
 * `track` is the same, incrementally.
 */
export interface CriterionKind<S = Settings> {
  readonly keyword: string;
  /** One line for authors. */
  readonly summary: string;
  /** The types of facts that its key `of` may name; [] for a kind without `of` and the keys that narrow it down. */
  readonly of: readonly SelectedType[];
  /** Of the keys that select facts, those that say nothing to it. */
  readonly without?: readonly string[];
  /** Its own keys, besides those that select facts. */
  readonly members: Members;
  /** The settings that are thresholds: criteria that differ in them alone share a tracker. */
  readonly thresholds?: readonly (keyof S & string)[];
  /** The threshold, as `changedAbove` and `changedUpTo` mean it; 0 where absent. */
  readonly thresholdOf?: (settings: S) => number;
  /**
   * How many selected facts there must be before it can hold or not hold otherwise than with none; 1 where absent.
   * Below that nobody needs to follow it.
   */
  readonly least?: (settings: S) => number;
  /** What settings that are each right may still get wrong together, or with what is selected. */
  readonly check?: (settings: S, selector: Selector | undefined) => SettingsError | undefined;
  /** All that it looks at; the facts that `of` and the keys beside it select where absent. */
  readonly selects?: (settings: S, selector: Selector | undefined, badge: string) => readonly Selector[];
  readonly depends?: (settings: S) => readonly Depends[];
  /**
   * What holds at the moment `now` (epoch milliseconds). `facts` are those up to it that the selectors take, by event
   * time, then id.
   */
  readonly measure: (node: CriterionNode<S>, facts: readonly Fact[], at: Circumstances, now: number) => Measure;
  /** Moments at which it may change though no selected fact has that time; for the reference evaluator. */
  readonly moments?: (node: CriterionNode<S>, facts: readonly Fact[], at: Circumstances) => readonly number[];
  readonly track: (node: CriterionNode<S>) => Tracker;
  /** What it asks for. */
  readonly label: (node: CriterionNode<S>, names: Names) => Words;
  /** What it measures, its threshold aside; for a cohort that is ranked by it. */
  readonly measured?: (node: CriterionNode<S>, names: Names) => Words;
  /** What is still needed where it is not met. */
  readonly missing: (node: CriterionNode<S>, found: CriterionVerdict, names: Names) => Missing;
}

/** Forgets the type of a kind's settings, which its own `members` guarantee. */
export const criterionKind = <S>(kind: CriterionKind<S>): CriterionKind => kind as unknown as CriterionKind;
