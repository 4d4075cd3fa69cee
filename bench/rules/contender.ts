import type { LearnerEvent } from './workload.js';

/** Something that finds out, event by event, which rules learners meet. */
export interface Contender {
  /** In which order it takes a portion in; as it comes where this is absent. */
  arrange?(events: readonly LearnerEvent[]): readonly LearnerEvent[];
  /** Takes an event in; a promise where it has to be waited for before the next one. */
  consume(event: LearnerEvent): Promise<void> | void;
  /** Finishes what it has put off. */
  settle(): void;
  /** Which learner meets which rule in the end, as "learner badge". */
  met(): readonly string[];
  /** What else it counted. */
  counts(): Readonly<Record<string, number>>;
  close(): void;
}
