import { isAmong, macOf } from './hmac-signatures.js';

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

/**
 * Whether a message was signed with one of the secrets, at about this moment: the scheme of Standard Webhooks 1.0, symmetric signatures.
 * @param now epoch milliseconds
 */
export const isSignedWebhook = ({ id, timestamp, signatures, body }: SignedMessage, secrets: readonly Uint8Array[], now: number): boolean => {
  if (!/^\d{1,12}$/.test(timestamp) || id === '' || id.includes('.') || Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  return secrets.some((secret) => isAmong(signatures, macOf(secret, `${id}.${timestamp}.`, body)));
};
