import type { LogEvent } from '#domain/log-event.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import type { Collection, Write } from './read-model.js';

/** A log event with its place: what projections fold. */
export interface LogEntry {
  readonly event: LogEvent;
  readonly recorded: RecordedEvent;
  /** Tenant of the stream; for award and dead-letter streams that of the event. */
  readonly tenant: string;
  /** It is about a learner who was erased before it was recorded: nothing about the learner is to come of it. */
  readonly erased?: true;
}

/**
 * A pure fold of the log into read models: the same entries always give the same writes. It sees each entry at
 * least once and in order; writes and checkpoint move together, so a repeated batch has no effect. It has no effects
 * beside its writes, so it can be thrown away and rebuilt at any time.
 */
export interface Projection {
  readonly name: string;
  /** Raise it when the fold or a collection changes: the read model is then rebuilt beside the old one. */
  readonly version: number;
  readonly collections: readonly Collection[];
  readonly project: (entries: readonly LogEntry[]) => readonly Write[];
}
