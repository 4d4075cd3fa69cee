import type { Fact } from '#domain/facts.js';
import type { Unit } from '#domain/verdict.js';
import type { CourseContext } from './course-context.js';
import type { MappingReader } from './yaml-reader.js';
import type { Selector } from './selector.js';
import type { Truth } from './truth.js';

/** A parsed leaf criterion: its keyword, which facts it looks at, and the settings that its kind defines. */
export interface CriterionNode {
  readonly keyword: string;
  readonly select: Selector;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** What a leaf criterion finds in some facts. */
export interface Measure {
  readonly met: boolean;
  readonly value: number;
  readonly needed: number;
  readonly unit: Unit;
  /** The facts that count, in order of event time. */
  readonly evidence: readonly Fact[];
}

/**
 * Follows one criterion for one learner, fact by fact: `truth` always equals what `measure` says of each prefix in
 * event time of the facts that were inserted and not removed.
 */
export interface Tracker {
  insert(fact: Fact): void;
  remove(fact: Fact): void;
  /** Valid until the next insert or remove. */
  truth(): Truth;
  /** Event time of the earliest fact held; Infinity where there is none. */
  first(): number;
}

/**
 * One kind of leaf criterion. To add one: write its file beside the others and name it in criteria/all.ts.
 * `measure` is the meaning, short and obviously right: it makes the trace, and the reference evaluator runs on it.
 * `track` is the same, incrementally.
 */
export interface CriterionKind {
  readonly keyword: string;
  /** One line for authors. */
  readonly summary: string;
  /** Reads the settings; undefined after it reported what is wrong. Selector keys are read by the caller. */
  readonly parse: (settings: MappingReader) => CriterionNode['settings'] | undefined;
  /** `facts` are those that the selector takes, by event time, then id. */
  readonly measure: (node: CriterionNode, facts: readonly Fact[], course: CourseContext) => Measure;
  readonly track: (node: CriterionNode, course: CourseContext) => Tracker;
}
