import type { AccessDirectory } from '#access/directory.js';
import type { AuditStatus } from '#audit/auditing.js';
import type { AwardingStatus } from '#awarding/awarding.js';
import type { Publication } from '#awarding/publish-rules.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Intake } from '#intake/intake.js';
import type { KafkaSource } from '#kafka/source.js';
import type { ErasedLearners } from '#projections/erased-learners.js';
import type { ProjectionState } from '#projections/progress.js';
import type { ReadModelReader } from '#projections/read-model.js';
import type { IssuingStatus } from '#credentials/issuing/issuing.js';
import type { KeyProvider } from '#credentials/keys/key-provider.js';
import type { Vault } from '#vault/vault.js';
import type { ArtworkFiles } from './artwork-files.js';
import type { EngineConfig } from './config.js';
import type { IssuerRequest } from './follow-protocol.js';

export interface FollowersStatus {
  readonly awarding: AwardingStatus;
  readonly issuing: IssuingStatus;
  /** Absent where another process keeps the audit. */
  readonly audit?: AuditStatus;
  readonly projections: readonly ProjectionState[];
}

/** What follows the log in its own thread: awarding, issuing and the projections. */
export interface Followers {
  status(): FollowersStatus;
  /** True once all these projections show the position; false when the time is over, or one is parked. */
  waitFor(projections: readonly string[], position: number, timeoutMs: number): Promise<boolean>;
  /**
   * Waits until everything that is in the log is decided, issued and shown, closing times that have passed included.
   * @throws ProofmarkError NOT_CAUGHT_UP when a follower is parked or has failed.
   */
  settle(): Promise<void>;
  /**
   * Waits until what is in the log now is decided, issued and shown; what comes meanwhile is not waited for.
   * @throws ProofmarkError NOT_CAUGHT_UP when a follower is parked or has failed.
   */
  catchUp(): Promise<void>;
  /** Lets credentials be issued: the issuers' profiles are known by now. Settling and catching up do, too. */
  issue(): void;
  /**
   * Does something about an issuer's profile or keys; what follows from it (credentials signed anew) takes its time.
   * @throws ProofmarkError NOT_FOUND for an unknown key; as the store and the key ring do.
   */
  issuer(request: IssuerRequest): Promise<void>;
  /**
   * Builds a projection anew beside the live one, which serves until the new one has caught up.
   * @throws ProofmarkError NOT_FOUND for an unknown projection.
   */
  rebuild(projection: string): Promise<void>;
  /** Settles when it has ended: resolves after it was stopped, rejects with what does not pass by itself. */
  readonly done: Promise<void>;
}

/** What became of the files in the directories of the rules. */
export interface FilesPublication extends Publication {
  /** About pictures on the web, a line for each that is not used as it stands there now. */
  readonly pictures: readonly string[];
}

/** A running engine, without its edges, as one of its tenants sees it: HTTP and the command line both drive this. */
export interface Engine {
  /** Of this tenant, with the public address that its credentials name. */
  readonly config: EngineConfig & { readonly publicUrl: string };
  /** The same engine as the tenants beside its own see it; [] for one of them. */
  readonly others: readonly Engine[];
  /** Who there is, of all tenants. */
  readonly access: AccessDirectory;
  readonly store: EventStore;
  readonly intake: Intake;
  /** What comes by Kafka, where this process takes it in. */
  readonly deliveries?: Pick<KafkaSource, 'status' | 'done'>;
  readonly readModels: ReadModelReader;
  /** Names, contact data and the keys of what is sealed in the log. */
  readonly vault: Vault;
  readonly followers: Followers;
  /** Who is erased. */
  readonly erased: ErasedLearners;
  /** Signs what is made on demand; keys for signing are made in the follower thread. */
  readonly keys: KeyProvider;
  /** The pictures that rules and issuers name. */
  readonly artwork: ArtworkFiles;
  /** Publishes the rule files of every tenant's directories; returns what became of this one's. */
  publishRules(): Promise<FilesPublication>;
  /** What became of the rule files the last time; undefined before. */
  publication(): FilesPublication | undefined;
  /** Waits for what is under way, then stops and releases everything. */
  close(): Promise<void>;
}
