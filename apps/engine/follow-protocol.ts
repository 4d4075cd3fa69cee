import type { EmbeddedHandle } from '#event-store/embedded.js';
import type { AwardingStatus } from '#awarding/awarding.js';
import type { ErrorCode } from '#domain/errors.js';
import type { ProjectionState } from '#projections/progress.js';

/** What the follower thread starts with. */
export interface FollowData {
  readonly log: EmbeddedHandle;
  readonly dataDir: string;
}

/** What the follower thread is asked. */
export type ToFollowers =
  | { readonly op: 'settle'; readonly call: number }
  | { readonly op: 'rebuild'; readonly call: number; readonly projection: string }
  | { readonly op: 'stop' };

/** What it says. */
export type FromFollowers =
  | { readonly op: 'ready' }
  | { readonly op: 'awarding'; readonly status: AwardingStatus }
  | { readonly op: 'projections'; readonly states: readonly ProjectionState[] }
  | { readonly op: 'done'; readonly call: number }
  | { readonly op: 'failed'; readonly call: number; readonly code: ErrorCode; readonly message: string };
