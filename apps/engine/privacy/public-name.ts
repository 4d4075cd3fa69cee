import { consents as consentsDecider, type ConsentEvent } from '#domain/consent.js';
import type { Credential } from '#domain/credential-event.js';
import { fold } from '#domain/decider.js';
import { readLogEvent } from '#domain/log-event.js';
import { consentStream } from '#domain/streams.js';
import { cleanText } from '#credentials/certificate/clean-text.js';
import { readProfile } from '#vault/profiles.js';
import type { ProfilesEngine } from './learner-profile.js';

const MOST_CHARACTERS = 80;

/** A holder's name, as it may be shown to anybody now. */
export interface PublicName {
  /** One line of at most 80 characters, without any that cannot be seen or reorder others; as the holder or the school has put it. */
  readonly name: string;
  /** LinkedIn may be told it, too, which keeps what it was told. */
  readonly onLinkedIn: boolean;
}

/**
 * The name of who holds a credential, from the vault, while they consent to it (`public-name`) and the badge is theirs: it is neither
 * suspended nor revoked, and they are not erased. The log is asked each time, so a consent that is withdrawn holds no longer than its answer.
 */
export const publicName = async ({ store, vault, erased }: ProfilesEngine, { tenant, learner, status }: Pick<Credential, 'tenant' | 'learner' | 'status'>): Promise<PublicName | undefined> => {
  if (status !== 'active' || erased.has(tenant, learner)) return undefined;
  const events = (await store.readStream(consentStream(tenant, learner))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as ConsentEvent);
  const consents = fold(consentsDecider, events);
  if (consents['public-name']?.given !== true) return undefined;
  const name = cleanText((await readProfile(vault, tenant, learner)).name ?? '', MOST_CHARACTERS);
  return name === '' ? undefined : { name, onLinkedIn: consents.linkedin?.given === true };
};
