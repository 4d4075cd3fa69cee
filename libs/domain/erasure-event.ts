/** A credential of somebody who is erased: what is left to do for it is to keep its place in its status list revoked. */
export interface ErasedCredential {
  readonly code: string;
  readonly badge: string;
  readonly issuer: string;
  /** Which of the issuer's lists, and which place in it. */
  readonly list: number;
  readonly index: number;
}

/**
 * A learner's data is to go, for good: whoever follows the log drops what it holds of the learner, and takes up nothing
 * more. It says nothing about the learner but the id.
 */
export interface LearnerErased {
  readonly type: 'LearnerErased';
  readonly tenant: string;
  readonly learner: string;
  /** Who asked for it. */
  readonly by: string;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Dead letters and batches go that hold the name or the address as text, too. */
  readonly byName?: true;
  /** The learner's credentials, as far as they were issued. */
  readonly credentials: readonly ErasedCredential[];
}

/** All of it is gone, as far as it was in our hands. */
export interface LearnerErasureCompleted {
  readonly type: 'LearnerErasureCompleted';
  readonly tenant: string;
  readonly learner: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** How many awards were taken back, dead letters shredded and batches removed. */
  readonly awards: number;
  readonly letters: number;
  readonly batches: number;
  /** All credentials that the learner ever had. */
  readonly credentials: readonly ErasedCredential[];
}

export type ErasureEvent = LearnerErased | LearnerErasureCompleted;
