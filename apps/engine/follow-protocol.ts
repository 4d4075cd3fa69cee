import type { AuditStatus } from '#audit/auditing.js';
import type { AwardingStatus } from '#awarding/awarding.js';
import type { IssuingStatus } from '#credentials/issuing/issuing.js';
import type { IssuerProfile, KeyAlgorithm } from '#domain/issuer-event.js';
import type { ErrorCode } from '#domain/errors.js';
import type { ProjectionState } from '#projections/progress.js';
import type { LogHandle, ModelsPlace } from './adapters.js';
import type { KafkaSettings, Role } from './engines-config.js';

/** What the follower thread starts with. */
export interface FollowData {
  readonly log: LogHandle;
  readonly models: ModelsPlace;
  readonly roles: readonly Role[];
  /** Which Kafka divides the work and is told of awards; none where absent. */
  readonly kafka?: KafkaSettings;
  /** The engine's own tenant. */
  readonly tenant: string;
  /** It takes no share of the work: what its roles are it does whole, beside whoever else does. */
  readonly alone: boolean;
  readonly dataDir: string;
  /** The engine's public address. */
  readonly base: string;
  /** Passphrase of the key ring; one is made beside it where absent. */
  readonly passphrase?: string;
  /** Where each checkpoint of the audit is written as well; nowhere where absent. */
  readonly auditCopyDir?: string;
}

/** What is asked of an issuer; its keys are made in the follower thread alone. */
export type IssuerRequest = { readonly tenant: string; readonly issuer: string; readonly by?: string } & (
  | { readonly act: 'ready' }
  | { readonly act: 'publish'; readonly profile: IssuerProfile }
  | { readonly act: 'rotate'; readonly algorithm: KeyAlgorithm }
  | { readonly act: 'compromised'; readonly kid: string; readonly reason: string }
  | { readonly act: 'reissue'; readonly reason: string }
);

/** What the follower thread is asked. */
export type ToFollowers =
  | { readonly op: 'settle'; readonly call: number }
  | { readonly op: 'catch-up'; readonly call: number }
  | { readonly op: 'issue' }
  | { readonly op: 'rebuild'; readonly call: number; readonly projection: string }
  | { readonly op: 'issuer'; readonly call: number; readonly request: IssuerRequest }
  | { readonly op: 'stop' };

/** What it says. */
export type FromFollowers =
  | { readonly op: 'ready' }
  | { readonly op: 'awarding'; readonly status: AwardingStatus }
  | { readonly op: 'issuing'; readonly status: IssuingStatus }
  | { readonly op: 'audit'; readonly status: AuditStatus }
  | { readonly op: 'projections'; readonly states: readonly ProjectionState[] }
  | { readonly op: 'log'; readonly level: 'warning' | 'error'; readonly message: string }
  | { readonly op: 'done'; readonly call: number }
  | { readonly op: 'failed'; readonly call: number; readonly code: ErrorCode; readonly message: string };
