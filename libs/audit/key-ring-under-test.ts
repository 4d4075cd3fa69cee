import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { ProofmarkError } from '#domain/errors.js';
import type { CheckpointKeys } from './audit-key.js';

/** TEST SUPPORT: a key ring in memory; `locked` says that it does not have its keys. */
export const keyRing = (): CheckpointKeys & { locked: boolean } => {
  const keys = new Map<string, KeyObject>();
  return {
    locked: false,
    async create() {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const kid = `key-${keys.size}`;
      keys.set(kid, privateKey);
      return { kid, jwk: { x: publicKey.export({ format: 'jwk' }).x ?? '' } };
    },
    async sign(kid, bytes) {
      const key = keys.get(kid);
      if (!key || this.locked) throw new ProofmarkError('KEYS_LOCKED', `no key ${kid}`);
      return sign(null, bytes, key);
    },
  };
};
