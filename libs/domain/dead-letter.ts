/** Why a delivery could not be recorded; a closed list. */
export const DEAD_LETTER_REASONS = [
  'malformed',
  'invalid',
  'conflict',
  'future',
  'too-large',
  'forbidden-source',
  'forbidden-course',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** A delivery that was not recorded, kept whole with its reason. */
export interface DeliveryRejected {
  readonly type: 'DeliveryRejected';
  readonly letter: string;
  readonly tenant: string;
  readonly reason: DeadLetterReason;
  /** What is wrong, in words. */
  readonly detail: string;
  /** The delivery's bytes: text where they are UTF-8, base64 where not. */
  readonly raw: string;
  readonly encoding: 'utf8' | 'base64';
  /** How the bytes are to be read: "proofmark", "oulad", … */
  readonly format: string;
  /** Where it came from: "http", or the file's name and line. */
  readonly origin: string;
  /** Epoch milliseconds. */
  readonly rejectedAt: number;
}

/** A dead letter went through intake again. */
export interface DeliveryReplayed {
  readonly type: 'DeliveryReplayed';
  readonly letter: string;
  readonly tenant: string;
  readonly outcome: 'recorded' | 'duplicate';
  /** Epoch milliseconds. */
  readonly replayedAt: number;
}

export type DeadLetterEvent = DeliveryRejected | DeliveryReplayed;
