import type { AwardingStatus } from '#awarding/awarding.js';
import type { Publication } from '#awarding/publish-rules.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Intake } from '#intake/intake.js';
import type { ProjectionState } from '#projections/progress.js';
import type { ReadModelReader } from '#projections/read-model.js';
import type { EngineConfig } from './config.js';

export interface FollowersStatus {
  readonly awarding: AwardingStatus;
  readonly projections: readonly ProjectionState[];
}

/** What follows the log in its own thread: awarding and the projections. */
export interface Followers {
  status(): FollowersStatus;
  /** True once all these projections show the position; false when the time is over, or one is parked. */
  waitFor(projections: readonly string[], position: number, timeoutMs: number): Promise<boolean>;
  /**
   * Waits until everything that is in the log is decided and shown, closing times that have passed included.
   * @throws ProofmarkError NOT_CAUGHT_UP when a follower is parked or has failed.
   */
  settle(): Promise<void>;
  /**
   * Builds a projection anew beside the live one, which serves until the new one has caught up.
   * @throws ProofmarkError NOT_FOUND for an unknown projection.
   */
  rebuild(projection: string): Promise<void>;
}

/** A running engine, without its edges: HTTP and the command line both drive this. */
export interface Engine {
  readonly config: EngineConfig;
  readonly store: EventStore;
  readonly intake: Intake;
  readonly readModels: ReadModelReader;
  readonly followers: Followers;
  /** Publishes the rule files of the configured directories. */
  publishRules(): Promise<Publication>;
  /** What became of the rule files the last time; undefined before. */
  publication(): Publication | undefined;
  /** Waits for what is under way, then stops and releases everything. */
  close(): Promise<void>;
}
