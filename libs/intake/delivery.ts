import type { DeadLetterReason } from '#domain/dead-letter.js';
import type { FieldProblem, Mapped } from './mapped.js';

/** Longer deliveries are not recorded. */
export const MAX_RAW_BYTES = 1024 * 1024;
/** How much of a longer delivery its dead letter keeps. */
export const KEPT_BYTES = 64 * 1024;

/** What is known of a delivery that is too long to be kept whole. */
export interface Oversize {
  /** Length of the whole in bytes. */
  readonly bytes: number;
  /** Hash of the whole, hex. */
  readonly sha256: string;
}

/** Who sends a delivery, as far as it matters to what they may send. */
export interface Sender {
  readonly maySource?: (source: string) => boolean;
  readonly mayCourse?: (course: string) => boolean;
  /** Whose approvals it may give; anybody's where absent. */
  readonly approver?: string;
}

/** Why it is not certain who sent a delivery. */
export interface Doubt {
  readonly reason: 'unsigned' | 'bad-signature';
  readonly detail: string;
}

/** What came in, as it came, and what it says. */
export interface Delivery {
  /** The bytes, or the text where they are UTF-8; the first part of it where `oversize` is given. */
  readonly raw: string | Uint8Array;
  /** How `raw` is to be read: "proofmark", "oulad", … */
  readonly format: string;
  /** Where it came from: "http", or the file's name and line. */
  readonly origin: string;
  readonly mapped: Mapped;
  /** In the name of which sources and approvers, and about which courses, its sender may speak; about everything where absent. */
  readonly sender?: Sender;
  /** Given where its sender had to show who they are and did not: nothing of it is recorded, and it is a duplicate only where all of it is. */
  readonly doubt?: Doubt;
  /** Given where the source itself cut the delivery. */
  readonly oversize?: Oversize;
}

/** What became of a delivery; given only when everything that it rests on is durable. */
export type Receipt =
  | {
      readonly outcome: 'recorded' | 'duplicate';
      /** A log position: read models that reached it show the delivery's event. */
      readonly position: number;
    }
  | {
      readonly outcome: 'rejected';
      readonly reason: DeadLetterReason;
      readonly detail: string;
      readonly fields?: readonly FieldProblem[];
      /** The id of its dead letter. */
      readonly letter: string;
      /** The log position of its dead letter; absent where an earlier delivery left the same letter. */
      readonly position?: number;
    };

/** Counts of the receipts given: sent = recorded + duplicates + deadLettered. */
export interface Account {
  readonly sent: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly deadLettered: number;
  /** Recorded events that no delivery stated by itself, like an OULAD course's opening; not part of `recorded`. */
  readonly derived: number;
  /** Dead-lettered deliveries by reason. */
  readonly byReason: Readonly<Partial<Record<DeadLetterReason, number>>>;
}
