import { isAmong, macOf } from './hmac-signatures.js';

/** A message in a queue, as far as a signature over it is bound to it. It may lie there for long, so there is no moment. */
export interface QueuedMessage {
  readonly tenant: string;
  /** Empty where its event names none. */
  readonly course: string;
  /** The event's own id. */
  readonly id: string;
  /** What of the event is said beside the bytes: type, source and time of a CloudEvent in binary content mode. */
  readonly attributes?: readonly string[];
  readonly body: Uint8Array;
}

/** Not the beginning of anything else that is signed with the same secret; one for each number of lines. */
const [EVENT, BINARY_EVENT] = ['proofmark-event-1', 'proofmark-binary-event-1'];

/**
 * What is signed before the bytes: lines that each end with a line feed. Undefined where one has a line feed in it, so that no two
 * messages come to the same.
 */
const linesOf = ({ tenant, course, id, attributes }: QueuedMessage): string | undefined => {
  const lines = [attributes ? BINARY_EVENT : EVENT, tenant, course, id, ...(attributes ?? [])];
  return lines.some((line) => line.includes('\n')) ? undefined : lines.map((line) => `${line}\n`).join('');
};

/** Whether a message in a queue was signed with one of the secrets: HMAC-SHA-256 of lines that say what it is about, and its bytes. */
export const isSignedInQueue = (message: QueuedMessage, signatures: string, secrets: readonly Uint8Array[]): boolean => {
  const lines = linesOf(message);
  return lines !== undefined && secrets.some((secret) => isAmong(signatures, macOf(secret, lines, message.body)));
};
