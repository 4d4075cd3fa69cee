import { randomUUID } from 'node:crypto';
import { fold } from '#domain/decider.js';
import { contentHash } from '#domain/ids.js';
import { issuer as issuerDecider, signingKey, type Issuer, type IssuerEvent, type IssuerKey, type IssuerProfile, type KeyAlgorithm } from '#domain/issuer-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { issuerStream, parseStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { execute } from '#event-store/execute.js';
import { Turns } from '#event-store/turns.js';
import type { KeyProvider } from '../keys/key-provider.js';

/** What every issuer has: a key for Data Integrity proofs and one for JSON Web Tokens. */
const NEEDED: readonly KeyAlgorithm[] = ['Ed25519', 'ES256'];

export interface IssuersOptions {
  readonly store: Pick<EventStore, 'append' | 'readStream'>;
  readonly keys: KeyProvider;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Who does something, and for whom. */
export interface IssuerAct {
  readonly tenant: string;
  readonly issuer: string;
  readonly by?: string;
}

/** An issuer as the log has it. */
export const readIssuer = async (store: Pick<EventStore, 'readStream'>, tenant: string, issuer: string): Promise<Issuer> =>
  fold(issuerDecider, (await store.readStream(issuerStream(tenant, issuer))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as IssuerEvent));

/** Ids of all issuers of a tenant in the log. */
export const issuersIn = async (store: Pick<EventStore, 'readAll'>, tenant: string): Promise<readonly string[]> => {
  const ids = new Set<string>();
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: 1000, categories: ['issuer'] });
    for (const { stream } of page) {
      const parsed = parseStream(stream);
      if (parsed?.tenant === tenant) ids.add(parsed.subject);
    }
    const last = page.at(-1);
    if (!last) return [...ids];
    after = last.position;
  }
};

/** The profile that an issuer has until somebody writes one: its id stands for its name. */
export const profileOf = ({ profile }: Issuer, issuer: string): IssuerProfile => profile ?? { name: { en: issuer } };

/** Profiles and keys of the issuers in the log; the one writer of issuer streams. */
export class Issuers {
  readonly #turns = new Turns();

  constructor(private readonly options: IssuersOptions) {}

  /** The issuer, with the keys that it needs: those that are missing are made. */
  async ready(act: IssuerAct): Promise<Issuer> {
    const found = await readIssuer(this.options.store, act.tenant, act.issuer);
    if (NEEDED.every((algorithm) => signingKey(found, algorithm))) return found;
    // One after another: of several at once each would make keys.
    return this.#turns.take(issuerStream(act.tenant, act.issuer), () => this.#makeReady(act));
  }

  async #makeReady(act: IssuerAct): Promise<Issuer> {
    let found = await readIssuer(this.options.store, act.tenant, act.issuer);
    for (const algorithm of NEEDED) {
      if (!signingKey(found, algorithm)) found = await this.#addKey(act, algorithm);
    }
    return found;
  }

  /** Publishes a profile; the same once more changes nothing. Returns the position of the publication, 0 where nothing changed. */
  async publish(act: IssuerAct, profile: IssuerProfile): Promise<number> {
    const command = { type: 'PublishProfile' as const, ...act, at: this.options.now(), hash: contentHash(profile), profile };
    const { events, position } = await this.#execute(act, command);
    return events.length === 0 ? 0 : position;
  }

  /** Makes a new key of an algorithm, which signs from now on. */
  async rotate(act: IssuerAct, algorithm: KeyAlgorithm): Promise<IssuerKey | undefined> {
    return signingKey(await this.#addKey(act, algorithm), algorithm);
  }

  /**
   * Gives a key up that somebody else may know. A new one takes its place in the same breath, and what the old one
   * signed is signed anew by it.
   * @throws ProofmarkError NOT_FOUND where the issuer has no such key.
   */
  async compromised(act: IssuerAct, kid: string, reason: string): Promise<void> {
    const { store, now } = this.options;
    const found = await readIssuer(store, act.tenant, act.issuer);
    const at = now();
    const given = issuerDecider.decide({ type: 'ReportCompromise', ...act, at, kid, reason }, found);
    const key = found.keys.find((one) => one.kid === kid);
    if (given.length === 0 || !key) return;
    if (key.status === 'signing') await this.#addKey(act, key.algorithm);
    await this.#execute(act, { type: 'ReportCompromise', ...act, at, kid, reason });
  }

  /** Asks for everything that an issuer has issued to be issued anew. Returns the position of the request. */
  async reissue(act: IssuerAct, reason: string): Promise<number> {
    return (await this.#execute(act, { type: 'Reissue', ...act, at: this.options.now(), reason })).position;
  }

  #execute(act: IssuerAct, command: Parameters<typeof issuerDecider.decide>[0]) {
    return execute(this.options.store, issuerDecider, issuerStream(act.tenant, act.issuer), command, { newId: randomUUID });
  }

  async #addKey(act: IssuerAct, algorithm: KeyAlgorithm): Promise<Issuer> {
    const { store, keys, now } = this.options;
    const { kid, jwk } = await keys.create(algorithm);
    await this.#execute(act, { type: 'AddKey', ...act, at: now(), kid, algorithm, jwk });
    return readIssuer(store, act.tenant, act.issuer);
  }
}
