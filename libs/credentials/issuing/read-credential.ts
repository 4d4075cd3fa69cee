import type { CredentialEvent, CredentialIssued, StatusEntry } from '#domain/credential-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { credentialStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import type { JsonObject } from '../json-ld/json.js';

/** A credential as it is now. */
export interface Credential {
  readonly tenant: string;
  readonly issuer: string;
  readonly award: string;
  readonly badge: string;
  readonly learner: string;
  readonly code: string;
  readonly serial: number;
  readonly status: 'active' | 'suspended' | 'revoked';
  readonly entry: StatusEntry;
  /** The signed documents, by language; the badge's own language first. */
  readonly editions: Readonly<Record<string, JsonObject>>;
  readonly kid: string;
  /** When it was first issued, and when it last changed, epoch milliseconds. */
  readonly issuedAt: number;
  readonly changedAt: number;
}

const started = (event: CredentialIssued): Credential => {
  const { tenant, issuer, award, badge, learner, code, serial, status: entry, editions, kid, at } = event;
  return { tenant, issuer, award, badge, learner, code, serial, status: 'active', entry, editions: editions as Credential['editions'], kid, issuedAt: at, changedAt: at };
};

const after = (credential: Credential, event: Exclude<CredentialEvent, CredentialIssued>): Credential => {
  const changed = { ...credential, changedAt: event.at };
  switch (event.type) {
    case 'CredentialRenewed':
      return { ...changed, editions: event.editions as Credential['editions'], kid: event.kid };
    case 'CredentialSuspended':
      return { ...changed, status: 'suspended' };
    case 'CredentialReinstated':
      return { ...changed, status: 'active' };
    case 'CredentialRevoked':
      return { ...changed, status: 'revoked' };
  }
};

/** All credentials that an award has had, the latest last. */
export const readCredentials = async (store: Pick<EventStore, 'readStream'>, award: string): Promise<readonly Credential[]> => {
  const found: Credential[] = [];
  for (const { type, schema, json } of await store.readStream(credentialStream(award))) {
    const event = readLogEvent(type, schema, json) as CredentialEvent;
    const last = found.at(-1);
    if (event.type === 'CredentialIssued') found.push(started(event));
    else if (last) found[found.length - 1] = after(last, event);
  }
  return found;
};

/** Every document that was ever signed for a credential in a language, the newest last. */
export const everyEdition = async (store: Pick<EventStore, 'readStream'>, { award, code }: Pick<Credential, 'award' | 'code'>, language: string): Promise<readonly JsonObject[]> =>
  (await store.readStream(credentialStream(award))).flatMap(({ type, schema, json }) => {
    const event = readLogEvent(type, schema, json) as CredentialEvent;
    if ((event.type !== 'CredentialIssued' && event.type !== 'CredentialRenewed') || event.code !== code) return [];
    const document = Object.hasOwn(event.editions, language) ? (event.editions as Credential['editions'])[language] : undefined;
    return document ? [document] : [];
  });
