import { createHmac } from 'node:crypto';
import type { KnownKey } from '#access/directory.js';
import { ProofmarkError } from '#domain/errors.js';
import type { Claim } from './signature.js';
import { signersOf } from './signers.js';

const SIGNED = { tenant: 't', course: 'c', id: '1', body: Buffer.from('{}') };
const secretOf = (text: string): Uint8Array => createHmac('sha256', 'engine').update(text).digest();
const signatureOf = (hash: string): string => `v1,${createHmac('sha256', secretOf(JSON.stringify(['t', 'k1', hash]))).update('proofmark-event-1\nt\nc\n1\n{}').digest('base64')}`;
const claim = (hash: string): Exclude<Claim, { by: 'nobody' }> => ({ by: 'key', key: 'k1', signatures: signatureOf(hash) });
const key: KnownKey = { status: 'active', tenant: 't', key: 'k1', grant: { label: 'lms', actions: ['event:send'] }, hash: 'h1', issuedAt: 1, issuedBy: 'p', holders: ['p'], former: [] };
const rotated: KnownKey = { ...key, hash: 'h2', previous: { hash: 'h1', until: 1_000 } };

/** A directory that knows one key, and another state of it once it has caught up. */
const under = (before: KnownKey | undefined, after = before) => {
  const world = { known: before, caughtUp: 0, macs: 0, now: 0, failing: undefined as Error | undefined };
  const signers = signersOf({
    directory: {
      key: () => world.known,
      caughtUp: async () => {
        world.caughtUp++;
        if (world.failing) throw world.failing;
        world.known = after;
      },
    },
    mac: async (text) => {
      world.macs++;
      return secretOf(text);
    },
    now: () => world.now,
  });
  return { world, signers };
};

describe('who signs messages', () => {
  it('is known by the key, at once', async () => {
    const { world, signers } = under(key);
    expect(await signers.judge(claim('h1'), SIGNED, {})).toEqual({ sender: {} });
    expect(world.caughtUp).toBe(0);
  });

  it.each([['made', undefined, key], ['rotated', { ...key, hash: 'h0' }, key]])('is believed with a key that was %s just before', async (_how, before, after) => {
    const { signers } = under(before, after);
    expect(await signers.judge(claim('h1'), SIGNED, {})).toEqual({ sender: {} });
  });

  it('is doubted once all is known, which is waited for once in a batch', async () => {
    const { world, signers } = under(key);
    const batch = {};
    for (const of of [batch, batch, {}]) expect(await signers.judge(claim('other'), SIGNED, of)).toMatchObject({ doubt: { reason: 'bad-signature' } });
    expect(world.caughtUp).toBe(2);
    expect(await signers.judge({ by: 'unreadable', why: 'empty' }, SIGNED, {})).toMatchObject({ doubt: { detail: 'empty' } });
    expect(world.caughtUp).toBe(2);
  });

  it('is asked again later where that cannot be known now', async () => {
    const { world, signers } = under(undefined, key);
    world.failing = new ProofmarkError('STORE_UNAVAILABLE', 'gone');
    await expect(signers.judge(claim('h1'), SIGNED, {})).rejects.toThrow('gone');
    world.failing = undefined;
    expect(await signers.judge(claim('h1'), SIGNED, {})).toEqual({ sender: {} });
  });

  it('signs with the old secret as long as it is good, and no longer', async () => {
    const { world, signers } = under(rotated);
    for (const [now, hash, good] of [[999, 'h1', true], [999, 'h2', true], [1_000, 'h1', false], [1_000, 'h2', true]] as const) {
      world.now = now;
      expect([now, hash, (await signers.judge(claim(hash), SIGNED, {})).doubt === undefined]).toEqual([now, hash, good]);
    }
  });

  it('has each secret worked out once', async () => {
    const { world, signers } = under(key);
    for (let i = 0; i < 5; i++) await signers.judge(claim('h1'), SIGNED, {});
    expect(world.macs).toBe(1);
    world.known = rotated;
    for (let i = 0; i < 5; i++) await signers.judge(claim('h2'), SIGNED, {});
    expect(world.macs).toBe(2);
  });

  it('is nobody any more with a key that is revoked', async () => {
    const { world, signers } = under(key, { ...key, status: 'revoked' });
    world.known = { ...key, status: 'revoked' };
    expect(await signers.judge(claim('h1'), SIGNED, {})).toMatchObject({ doubt: { detail: 'the API key k1 is revoked' } });
  });
});
