import type { PeerName } from './contenders.js';
import type { Checked } from './check.js';

/** What a child process is to measure. */
export type Job = RateJob | MemoryJob;

export interface RateJob {
  readonly kind: 'rate';
  readonly contender: 'proofmark' | PeerName;
  readonly rules: number;
  /** Facts of a learner in a course. */
  readonly facts: number;
  readonly events: number;
  /** Run fewer events of fewer learners, about as many as this takes; 0 runs all. */
  readonly seconds: number;
  /** Learners whose outcomes are held against the reference. */
  readonly check: number;
  /** Learners of the run in order, whose met rules are compared between all contenders. */
  readonly sample: number;
  /** Write a CPU profile of the measured part into this directory. */
  readonly profile?: string;
}

export interface MemoryJob {
  readonly kind: 'memory';
  /** Everything, or only the facts with what identifies, versions and corrects them. */
  readonly of: 'engine' | 'facts';
  readonly rules: number;
  readonly facts: number;
  readonly learners: number;
}

export interface RateResult {
  readonly events: number;
  /** Time in which events were taken in, by the clock. */
  readonly seconds: number;
  /** Processor time of all threads meanwhile. */
  readonly processorSeconds: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Which learner meets which rule after the run in order, sorted. */
  readonly met: readonly string[];
  readonly checked: Checked | undefined;
}

export interface MemoryResult {
  readonly bytes: number;
  /** Learners in a course. */
  readonly places: number;
}

/** What a child says; `unavailable` where its peer cannot be loaded here. */
export type Answer =
  | { readonly kind: 'rate'; readonly result: RateResult }
  | { readonly kind: 'memory'; readonly result: MemoryResult }
  | { readonly kind: 'unavailable'; readonly reason: string };
