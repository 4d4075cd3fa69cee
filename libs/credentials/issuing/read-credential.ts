import { credential, type Credential, type CredentialEvent } from '#domain/credential-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { credentialStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import type { JsonObject } from '../json-ld/json.js';

/** All credentials that an award has had, the latest last. */
export const readCredentials = async (store: Pick<EventStore, 'readStream'>, award: string): Promise<readonly Credential[]> => {
  const found: Credential[] = [];
  for (const { type, schema, json } of await store.readStream(credentialStream(award))) {
    const event = readLogEvent(type, schema, json) as CredentialEvent;
    const last = event.type === 'CredentialIssued' ? undefined : found.pop();
    const state = credential.evolve(last ?? credential.initialState, event);
    if (state.status !== 'none') found.push(state);
  }
  return found;
};

/** Every document that was ever signed for a credential in a language; the newest is what is signed now, if the language still is. */
export const everyEdition = ({ editions, former }: Pick<Credential, 'editions' | 'former'>, language: string): readonly { readonly document: JsonObject; readonly newest: boolean }[] =>
  [...former, editions].flatMap((signed) => {
    const document = Object.hasOwn(signed, language) ? signed[language] : undefined;
    return document ? [{ document, newest: signed === editions }] : [];
  });
