/** Why a delivery could not be recorded; a closed list. */
export const DEAD_LETTER_REASONS = [
  'malformed',
  'invalid',
  'conflict',
  'future',
  'too-large',
  'forbidden-source',
  'forbidden-course',
  'unsigned',
  'bad-signature',
  'forbidden-approver',
  'erased',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** Reasons of what somebody sent who was not entitled to it, or did not show to be: sent again it would be taken, since nobody says any more who sent it. */
export const UNENTITLED: readonly DeadLetterReason[] = ['forbidden-source', 'forbidden-course', 'forbidden-approver', 'unsigned', 'bad-signature'];

/**
 * What is kept of a delivery's bytes. They may hold names, so they are sealed with the letter's own key, which the vault
 * has; without that they are nothing. Earlier logs hold them as they came: text where they are UTF-8, base64 where not.
 */
export type KeptContent =
  | { readonly kept: 'sealed'; readonly sealed: string }
  | { readonly kept: 'plain'; readonly raw: string; readonly encoding: 'utf8' | 'base64' }
  | { readonly kept: 'nothing' };

/** A delivery that was not recorded, with its reason. */
export interface DeliveryRejected {
  readonly type: 'DeliveryRejected';
  readonly letter: string;
  readonly tenant: string;
  readonly reason: DeadLetterReason;
  /** What is wrong, in words; of what was sent it quotes names of fields and ids alone. */
  readonly detail: string;
  readonly content: KeptContent;
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

/** The key to what a dead letter keeps is gone, and with it what was sent. */
export interface LetterShredded {
  readonly type: 'LetterShredded';
  readonly letter: string;
  readonly tenant: string;
  /** Somebody whom it was about was erased, or it was kept as long as letters are kept. */
  readonly because: 'erasure' | 'retention';
  /** Epoch milliseconds. */
  readonly shreddedAt: number;
}

export type DeadLetterEvent = DeliveryRejected | DeliveryReplayed | LetterShredded;
