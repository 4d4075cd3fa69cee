/** Every way in which an operation of Proofmark can fail; a closed list, so that edges can map each one. */
export type ErrorCode =
  | 'AWARD_NOT_ACTIVE'
  | 'AWARD_NOT_SUSPENDED'
  | 'AWARD_UNKNOWN'
  | 'CONCURRENT_CHANGE'
  | 'DRAFT_MOVED'
  | 'KEYS_LOCKED'
  | 'NOT_CAUGHT_UP'
  | 'NOT_FOUND'
  | 'RULE_MOVED'
  | 'SECOND_PERSON'
  | 'STORE_CORRUPT'
  | 'STORE_FAILED'
  | 'STORE_FULL'
  | 'STORE_LOCKED'
  | 'STORE_UNAVAILABLE'
  | 'STORE_CLOSED'
  | 'STORE_UNSUPPORTED'
  | 'UNKNOWN_EVENT_VERSION'
  | 'USAGE';

/** The one error class: a closed code for programs, a message that says what to do next for people. */
export class ProofmarkError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ProofmarkError';
  }
}

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
