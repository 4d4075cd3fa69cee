import { createHmac, randomBytes } from 'node:crypto';
import { isSignedWebhook, showWebhookSecret } from './webhook-signature.js';

const SECRET = randomBytes(32);
const NOW = Date.UTC(2026, 0, 5);
const BODY = Buffer.from('{"id":"1"}');
const sign = (id: string, timestamp: string, body: Uint8Array, secret: Uint8Array = SECRET): string => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
const AT = String(NOW / 1_000);

describe('a signed webhook', () => {
  // The vector in the specification of Standard Webhooks.
  it('is the one of the specification', () => {
    const secret = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', body: Buffer.from('{"test": 2432232314}'), signatures: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };
    expect(isSignedWebhook(message, [secret], 1_614_265_330_000)).toBe(true);
    expect(showWebhookSecret(secret)).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  });

  it('is one with any of the secrets, and with other signatures beside', () => {
    const message = { id: 'm', timestamp: AT, body: BODY, signatures: `v1a,xxx v1,${Buffer.alloc(32).toString('base64')} ${sign('m', AT, BODY)}` };
    expect(isSignedWebhook(message, [randomBytes(32), SECRET], NOW)).toBe(true);
    expect(isSignedWebhook(message, [randomBytes(32)], NOW)).toBe(false);
  });

  it('is none that was altered, is too old or from the future, or says nothing', () => {
    const good = { id: 'm', timestamp: AT, body: BODY, signatures: sign('m', AT, BODY) };
    const [soon, late] = [String(NOW / 1_000 - 301), String(NOW / 1_000 + 301)];
    for (const bad of [
      { ...good, body: Buffer.from('{"id":"2"}') }, { ...good, id: 'n' }, { ...good, timestamp: String(NOW / 1_000 - 1) }, { ...good, signatures: '' }, { ...good, signatures: good.signatures.replace('v1', 'v2') },
      { ...good, timestamp: soon, signatures: sign('m', soon, BODY) }, { ...good, timestamp: late, signatures: sign('m', late, BODY) }, { ...good, timestamp: 'x' }, { ...good, id: `m.${AT}`, timestamp: '1' },
    ]) {
      expect([bad, isSignedWebhook(bad, [SECRET], NOW)]).toEqual([bad, false]);
    }
  });
});
