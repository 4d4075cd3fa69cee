import { join } from 'node:path';
import { ProofmarkError } from '#domain/errors.js';
import type { PublicJwk } from '#domain/issuer-event.js';
import { replaceFile } from '#event-store/replace-file.js';
import { READABLE, readIfThere } from './checkpoint-files.js';
import { checkpointText, signedCheckpoint, type Checkpoint, type SignedCheckpoint } from './checkpoint.js';
import { formatVerifierKey, parseVerifierKey, verifierKey, type VerifierKey } from './signed-note.js';

/** Where the private half of the key is: as much of a key ring as checkpoints need. */
export interface CheckpointKeys {
  create(algorithm: 'Ed25519'): Promise<{ readonly kid: string; readonly jwk: PublicJwk }>;
  sign(kid: string, bytes: Uint8Array): Promise<Uint8Array>;
}

/** The key that signs the checkpoints of a log, and by its name which log that is. */
export interface AuditKey {
  readonly verifier: VerifierKey;
  /** A checkpoint with its signature. @throws ProofmarkError as the key ring does. */
  sign(checkpoint: Omit<Checkpoint, 'origin'>): Promise<SignedCheckpoint>;
}

const FILE = 'key.json';

const keyIn = (dir: string, text: string): { readonly kid: string; readonly verifier: VerifierKey } => {
  try {
    const { kid, verifierKey: line } = JSON.parse(text) as { readonly kid?: unknown; readonly verifierKey?: unknown };
    const verifier = typeof line === 'string' ? parseVerifierKey(line) : undefined;
    if (typeof kid === 'string' && verifier) return { kid, verifier };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ProofmarkError('STORE_CORRUPT', `${join(dir, FILE)} does not say which key signs the audit's checkpoints. Restore it from a backup.`);
};

/**
 * The key that this audit's directory names; one is made where it names none, for a log that is called after the engine's
 * `address` and the key, and keeps that name.
 */
export const openAuditKey = async (dir: string, keys: CheckpointKeys, address: string): Promise<AuditKey> => {
  const make = async (): Promise<{ readonly kid: string; readonly verifier: VerifierKey }> => {
    const { kid, jwk } = await keys.create('Ed25519');
    const { host, pathname } = new URL(address);
    const verifier = verifierKey(`${host}${pathname.replace(/\/$/, '').replaceAll('+', '%2B')}/log-${kid.slice(0, 16)}`, Buffer.from(jwk.x ?? '', 'base64url'));
    await replaceFile(dir, FILE, `${JSON.stringify({ kid, verifierKey: formatVerifierKey(verifier) }, null, 2)}\n`, READABLE);
    return { kid, verifier };
  };
  const text = await readIfThere(join(dir, FILE));
  const { kid, verifier } = text ? keyIn(dir, text.toString()) : await make();
  return {
    verifier,
    sign: async (state) => {
      const checkpoint = { ...state, origin: verifier.name };
      return signedCheckpoint(checkpoint, verifier, await keys.sign(kid, Buffer.from(checkpointText(checkpoint))));
    },
  };
};
