import { Injectable } from '@nestjs/common';
import type { Credential } from '#domain/credential-event.js';
import { signingKey, type Issuer } from '#domain/issuer-event.js';
import type { EventStore } from '#event-store/event-store.js';
import { readCode } from '#credentials/code.js';
import { keyAddress } from '#credentials/document/addresses.js';
import { StatusLists, type AskedList } from '#credentials/issuer/status-lists.js';
import { issuersIn, readIssuer } from '#credentials/issuing/issuers.js';
import { readCredentials } from '#credentials/issuing/read-credential.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { signVcJwt, type JwtAlgorithm } from '#credentials/vc-jwt.js';
import type { Engine } from '../engine.js';
import { publicName, type PublicName } from '../privacy/public-name.js';
import { InjectEngine } from './engine-token.js';
import { UnknownCode } from './missed-codes.js';
import { refuse } from './problem.js';

/** What was issued, by its codes. Codes that nobody has and codes that cannot be are alike to who asks. */
@Injectable()
export class IssuedCredentials {
  readonly #lists: StatusLists;

  constructor(@InjectEngine() private readonly engine: Engine) {
    this.#lists = new StatusLists(engine.keys, engine.config.publicUrl, Date.now);
  }

  /** The public address under which everything stands. */
  get base(): string {
    return this.engine.config.publicUrl;
  }

  /** The log. */
  get store(): EventStore {
    return this.engine.store;
  }

  /** The credential of a code as somebody typed it; undefined where there is none. */
  async find(typed: string): Promise<Credential | undefined> {
    const code = readCode(typed);
    if (code === undefined) return undefined;
    const row = await this.engine.readModels.get('credential', { code });
    if (row?.['tenant'] !== this.engine.config.tenant) return undefined;
    return (await readCredentials(this.engine.store, row['award'] as string)).find((one) => one.code === code);
  }

  /** The credential of a code. @throws a problem: not found */
  async get(typed: string): Promise<Credential> {
    const found = await this.find(typed);
    if (!found) throw new UnknownCode(typed);
    return found;
  }

  /** The name of who holds it, where it may be shown to anybody now. */
  holder(credential: Credential): Promise<PublicName | undefined> {
    return publicName(this.engine, credential);
  }

  /** The signed document in a language. @throws a problem: not found */
  async edition(typed: string, language: string): Promise<{ readonly credential: Credential; readonly document: JsonObject }> {
    const credential = await this.get(typed);
    const document = Object.hasOwn(credential.editions, language) ? credential.editions[language] : undefined;
    if (!document) throw refuse('not-found', `This credential is there in ${Object.keys(credential.editions).join(', ')}.`);
    return { credential, document };
  }

  /** The same document as a JSON Web Token, signed now. @throws a problem: not found, where the issuer has no such key */
  async jwt({ issuer }: Pick<Credential, 'issuer'>, document: JsonObject, algorithm: JwtAlgorithm): Promise<string> {
    const key = signingKey(await this.issuer(issuer), algorithm);
    if (!key) throw refuse('not-found', `This issuer has no key for ${algorithm}. "proofmark keys rotate --algorithm ${algorithm}" makes one.`);
    return signVcJwt(document, { algorithm, keyId: keyAddress(this.base, issuer, key.kid), sign: (bytes) => this.engine.keys.sign(key.kid, bytes) });
  }

  /** An issuer with its keys. @throws a problem: not found */
  async issuer(id: string): Promise<Issuer> {
    const found = await readIssuer(this.engine.store, this.engine.config.tenant, id);
    if (found.keys.length === 0) throw refuse('not-found', `There is no issuer "${id}".`);
    return found;
  }

  /** Ids of all issuers that have keys. */
  issuers(): Promise<readonly string[]> {
    return issuersIn(this.engine.store, this.engine.config.tenant);
  }

  /** A signed status list. @throws a problem: not found */
  async statusList(asked: AskedList): Promise<JsonObject> {
    const found = await this.findStatusList(asked);
    if (!found) throw refuse('not-found', `The issuer "${asked.issuer}" has no status list ${asked.list}.`);
    return found;
  }

  /** A signed status list; undefined where there is none. */
  async findStatusList(asked: AskedList): Promise<JsonObject | undefined> {
    const { issuer, list, purpose } = asked;
    const found = await readIssuer(this.engine.store, this.engine.config.tenant, issuer);
    if (found.keys.length === 0) return undefined;
    const { readModels, config: { tenant } } = this.engine;
    if ((await readModels.find('credential', { where: { tenant, issuer, list }, limit: 1 })).length === 0) return undefined;
    const rows = await readModels.find('credential', { where: { tenant, issuer, list, status: purpose === 'revocation' ? 'revoked' : 'suspended' } });
    return this.#lists.signed(asked, found, rows.map(({ place }) => place as number));
  }
}
