import { signingKey, type Issuer } from '#domain/issuer-event.js';
import { issuerDid, statusListAddress } from '../document/addresses.js';
import { isoSeconds } from '../document/open-badge.js';
import { signDocument } from '../data-integrity.js';
import type { JsonObject } from '../json-ld/json.js';
import type { KeyProvider } from '../keys/key-provider.js';
import { MIN_ENTRIES, statusBits, statusListCredential, type StatusPurpose } from '../status-list.js';

/** Which list is asked for. */
export interface AskedList {
  readonly issuer: string;
  readonly list: number;
  readonly purpose: StatusPurpose;
}

interface Kept {
  readonly set: string;
  readonly kid: string;
  readonly signed: JsonObject;
}

/** How many lists are kept ready: the newest ones are asked for most. */
const MOST_KEPT = 200;

/** Signs status lists when they are asked for, and keeps them until they change. */
export class StatusLists {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly keys: Pick<KeyProvider, 'sign'>,
    private readonly base: string,
    /** Epoch milliseconds. */
    private readonly now: () => number,
  ) {}

  /** The signed list (Bitstring Status List v1.0) in which these places are set. */
  async signed({ issuer, list, purpose }: AskedList, found: Issuer, places: readonly number[]): Promise<JsonObject> {
    const address = statusListAddress(this.base, issuer, list, purpose);
    const key = signingKey(found, 'Ed25519');
    if (!key) throw new Error(`the issuer ${issuer} has no key`);
    const set = [...places].sort((a, b) => a - b).join();
    const kept = this.#kept.get(address);
    if (kept?.set === set && kept.kid === key.kid) return kept.signed;
    const did = issuerDid(this.base, issuer);
    const time = isoSeconds(this.now());
    const document = statusListCredential({ list: address, issuer: did, purpose }, statusBits(MIN_ENTRIES, places), { validFrom: time });
    const signed = await signDocument(document, { signer: (bytes) => this.keys.sign(key.kid, bytes), verificationMethod: `${did}#${key.kid}`, created: time });
    this.#kept.delete(address);
    this.#kept.set(address, { set, kid: key.kid, signed });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return signed;
  }
}
