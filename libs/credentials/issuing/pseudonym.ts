import { contentHash } from '#domain/ids.js';
import type { Verdict } from '#domain/verdict.js';
import type { Criterion } from '#rules/rule.js';
import { publicTrace, type PublicTrace } from '../document/public-trace.js';
import type { KeyProvider } from '../keys/key-provider.js';

/**
 * The learner's name in credentials: a UUID (RFC 9562 version 8) that only who has the secret can find from the learner's
 * id. One for each learner of a tenant, so that a wallet can tell whose badges belong together.
 */
export const pseudonymOf = async (keys: Pick<KeyProvider, 'mac'>, tenant: string, learner: string): Promise<string> => {
  const bytes = (await keys.mac('pseudonym', JSON.stringify([tenant, learner]))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/**
 * A decision trace as strangers may read it, and the sha256 of its canonical JSON (RFC 8785), in hex. The hash is of what
 * is published, so that everybody can work it out; one of the whole trace would let who guesses the rest find out whether it is right.
 */
export const statedTrace = async (keys: Pick<KeyProvider, 'mac'>, award: string, criteria: Criterion, verdict: Verdict): Promise<{ readonly trace: PublicTrace; readonly hash: string }> => {
  const trace = publicTrace(criteria, verdict, await keys.mac('pseudonym', JSON.stringify(['trace', award])));
  return { trace, hash: contentHash(trace) };
};
