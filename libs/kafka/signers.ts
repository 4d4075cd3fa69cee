import type { AccessDirectory } from '#access/directory.js';
import type { QueuedMessage } from '#access/queue-signature.js';
import { goodHashes, signingSecret, type SourceMac } from '#access/signing-secret.js';
import { judge, type Claim, type Judgement, type Signer } from './signature.js';

/** What is needed to tell who signed messages. */
export interface SignersOptions {
  readonly directory: Pick<AccessDirectory, 'key' | 'caughtUp'>;
  readonly mac: SourceMac;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Tells who signed messages. */
export interface Signers {
  /**
   * Judges who sent a message. None is doubted before all is known of keys that stood in the log when its batch was there: a key may
   * have been made, or changed, just before the message.
   * @throws ProofmarkError STORE_UNAVAILABLE where that cannot be known now, and as the store and the key ring do.
   */
  judge(claim: Exclude<Claim, { readonly by: 'nobody' }>, signed: QueuedMessage, batch: object): Promise<Judgement>;
}

/** Tells it by the keys of a directory. */
export const signersOf = ({ directory, mac, now }: SignersOptions): Signers => {
  /** By hash: a key that is rotated has another one, and from each its secret follows for good. */
  const secrets = new Map<string, Promise<Uint8Array>>();
  const known = new WeakMap<object, Promise<void>>();

  const secretOf = (key: NonNullable<Signer['known']>, hash: string): Promise<Uint8Array> => {
    let secret = secrets.get(hash);
    if (!secret) {
      secrets.set(hash, (secret = signingSecret(mac, key, hash)));
      secret.catch(() => secrets.delete(hash)); // the next message asks again
    }
    return secret;
  };
  const signerOf = async (id: string): Promise<Signer> => {
    const key = directory.key(id);
    return { known: key, secrets: key?.status === 'active' ? await Promise.all(goodHashes(key, now()).map((hash) => secretOf(key, hash))) : [] };
  };
  const allKnown = (batch: object): Promise<void> => {
    let all = known.get(batch);
    if (!all) known.set(batch, (all = directory.caughtUp()));
    return all;
  };

  return {
    judge: async (claim, signed, batch) => {
      const now = async (): Promise<Judgement> => judge(claim, signed, claim.by === 'key' ? await signerOf(claim.key) : { known: undefined, secrets: [] });
      const first = await now();
      if (!first.doubt || claim.by !== 'key') return first;
      await allKnown(batch);
      return now();
    },
  };
};
