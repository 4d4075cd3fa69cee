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
  /** The decision trace that the editions name, as strangers may read it. */
  readonly trace: object;
  /** When it was first issued, and when it last changed, epoch milliseconds. */
  readonly issuedAt: number;
  readonly changedAt: number;
}

const started = (event: CredentialIssued): Credential => {
  const { tenant, issuer, award, badge, learner, code, serial, status: entry, editions, kid, trace, at } = event;
  return { tenant, issuer, award, badge, learner, code, serial, status: 'active', entry, editions: editions, kid, trace, issuedAt: at, changedAt: at };
};

const after = (credential: Credential, event: Exclude<CredentialEvent, CredentialIssued>): Credential => {
  const changed = { ...credential, changedAt: event.at };
  switch (event.type) {
    case 'CredentialRenewed':
      return { ...changed, editions: event.editions, kid: event.kid, trace: event.trace };
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

/** Every document that was ever signed for a credential in a language; the newest is what is signed now, if the language still is. */
export const everyEdition = async (store: Pick<EventStore, 'readStream'>, { award, code }: Pick<Credential, 'award' | 'code'>, language: string): Promise<readonly { readonly document: JsonObject; readonly newest: boolean }[]> => {
  const signed = (await store.readStream(credentialStream(award))).flatMap(({ type, schema, json }) => {
    const event = readLogEvent(type, schema, json) as CredentialEvent;
    return (event.type === 'CredentialIssued' || event.type === 'CredentialRenewed') && event.code === code ? [event.editions] : [];
  });
  return signed.flatMap((editions, i) => {
    const document = Object.hasOwn(editions, language) ? editions[language] : undefined;
    return document ? [{ document, newest: i === signed.length - 1 }] : [];
  });
};
