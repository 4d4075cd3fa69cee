import type { KnownKey } from './directory.js';

/** HMAC-SHA-256 of a text under the engine's own secret for what sources sign. */
export type SourceMac = (text: string) => Promise<Uint8Array>;

/** The hashes of the secrets of a key that are good now: its present one, and the one before for a while. */
export const goodHashes = ({ hash, previous }: Pick<KnownKey, 'hash' | 'previous'>, now: number): readonly string[] => (previous && previous.until > now ? [hash, previous.hash] : [hash]);

/** The secret with which a key's owner signs. It follows from the key's own, and changes with it, so that it is kept nowhere. */
export const signingSecret = (mac: SourceMac, { tenant, key }: Pick<KnownKey, 'tenant' | 'key'>, hash: string): Promise<Uint8Array> => mac(JSON.stringify([tenant, key, hash]));
