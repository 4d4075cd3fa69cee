import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA-256 of a text and the bytes after it. */
export const macOf = (secret: Uint8Array, text: string, body: Uint8Array): Uint8Array => createHmac('sha256', secret).update(text).update(body).digest();

/** Whether a code is among signatures as they are written in headers: "v1,BASE64", several separated by spaces. */
export const isAmong = (signatures: string, right: Uint8Array): boolean =>
  signatures.split(' ').some((one) => {
    const [version, text = ''] = one.split(',');
    const given = Buffer.from(text, 'base64');
    return version === 'v1' && given.length === right.length && timingSafeEqual(given, right);
  });
