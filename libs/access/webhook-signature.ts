import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a sender says of a signed message, in its headers. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970, as text. */
  readonly timestamp: string;
  /** "v1,BASE64", several separated by spaces. */
  readonly signatures: string;
  readonly body: Uint8Array;
}

/** Messages that are older, or from further in the future, are taken for repeated ones. */
const TOLERANCE_S = 300;
const PREFIX = 'whsec_';

/** A secret as it is shown. */
export const showWebhookSecret = (secret: Uint8Array): string => `${PREFIX}${Buffer.from(secret).toString('base64')}`;

const macOf = (secret: Uint8Array, content: string, body: Uint8Array): Uint8Array => createHmac('sha256', secret).update(content).update(body).digest();

const isAmong = (signatures: string, right: Uint8Array): boolean =>
  signatures.split(' ').some((one) => {
    const [version, text = ''] = one.split(',');
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === right.length && timingSafeEqual(given, right);
  });

/**
 * Whether a message was signed with one of the secrets, at about this moment: the scheme of Standard Webhooks 1.0, symmetric signatures.
 * @param now epoch milliseconds
 */
export const isSignedWebhook = ({ id, timestamp, signatures, body }: SignedMessage, secrets: readonly Uint8Array[], now: number): boolean => {
  if (!/^\d{1,12}$/.test(timestamp) || id === '' || id.includes('.') || Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  return secrets.some((secret) => isAmong(signatures, macOf(secret, `${id}.${timestamp}.`, body)));
};

/** What a signature over a message in a queue is bound to, beside its bytes: it may lie there for long, so there is no moment. */
export interface QueuedMessage {
  readonly tenant: string;
  readonly course: string;
  /** The event's own id. */
  readonly id: string;
  readonly body: Uint8Array;
  /** "v1,BASE64", several separated by spaces. */
  readonly signatures: string;
}

const queuedContent = ({ tenant, course, id }: Omit<QueuedMessage, 'body' | 'signatures'>): string => `${JSON.stringify([tenant, course, id])}.`;

/** Whether a message in a queue was signed with one of the secrets: HMAC-SHA-256 of the JSON list of tenant, course and id, a dot, and the bytes. */
export const isSignedInQueue = (message: QueuedMessage, secrets: readonly Uint8Array[]): boolean =>
  secrets.some((secret) => isAmong(message.signatures, macOf(secret, queuedContent(message), message.body)));

/** Signs a message for a queue. */
export const signForQueue = (message: Omit<QueuedMessage, 'signatures'>, secret: Uint8Array): string => `v1,${Buffer.from(macOf(secret, queuedContent(message), message.body)).toString('base64')}`;
