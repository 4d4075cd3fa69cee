import { Injectable } from '@nestjs/common';
import type { KnownKey } from '#access/directory.js';
import { readKey, sameHash } from '#access/secret.js';
import { goodHashes, signingSecret } from '#access/signing-secret.js';
import { isSignedWebhook, type SignedMessage } from '#access/webhook-signature.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';

/** Finds the key that somebody has shown to have. */
@Injectable()
export class ApiKeyCheck {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** The key whose text this is; undefined where there is none, or it is good no more. */
  find(text: string): KnownKey | undefined {
    const sent = readKey(text);
    const known = sent && this.active(sent.id);
    return sent && known && goodHashes(known, Date.now()).some((hash) => sameHash(sent.hash, hash)) ? known : undefined;
  }

  /** The key of an id, as long as it is good. */
  active(id: string): KnownKey | undefined {
    const known = this.engine.access.key(id);
    return known?.status === 'active' ? known : undefined;
  }

  /** The key with which a message was signed; undefined where it was not, or with none that is good. */
  async signer(id: string, message: SignedMessage): Promise<KnownKey | undefined> {
    const known = this.active(id);
    if (!known) return undefined;
    const now = Date.now();
    const secrets = await Promise.all(goodHashes(known, now).map((hash) => this.#secret(known, hash)));
    return isSignedWebhook(message, secrets, now) ? known : undefined;
  }

  /** With what the owner of a key signs. */
  secretOf(known: KnownKey): Promise<Uint8Array> {
    return this.#secret(known, known.hash);
  }

  #secret(known: KnownKey, hash: string): Promise<Uint8Array> {
    return signingSecret((text) => this.engine.keys.mac('source', text), known, hash);
  }
}
