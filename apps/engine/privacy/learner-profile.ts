import { randomUUID } from 'node:crypto';
import { consents as consentsDecider, type ConsentEvent, type Consents, type ConsentTo } from '#domain/consent.js';
import { fold } from '#domain/decider.js';
import { ProofmarkError } from '#domain/errors.js';
import { readLogEvent } from '#domain/log-event.js';
import { learnerIdOf } from '#domain/recipient.js';
import { consentStream } from '#domain/streams.js';
import { execute } from '#event-store/execute.js';
import { readProfile, writeProfile, type Profile, type ProfileChange } from '#vault/profiles.js';
import type { Engine } from '../engine.js';

/** What profiles use of an engine. */
export type ProfilesEngine = Pick<Engine, 'store' | 'vault' | 'keys' | 'erased'>;

/** What is kept about a learner, and to what the learner has consented. */
export interface LearnerProfile extends Profile {
  readonly learner: string;
  readonly consents: Consents;
}

/** A learner by an id, or by an e-mail address that stands for one; of who is erased there is nothing but the id. */
export const learnerProfile = async ({ store, vault, keys, erased }: ProfilesEngine, tenant: string, given: string): Promise<LearnerProfile> => {
  const learner = await learnerIdOf(keys, tenant, given);
  if (erased.has(tenant, learner)) return { learner, consents: {} };
  const events = (await store.readStream(consentStream(tenant, learner))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as ConsentEvent);
  return { learner, ...(await readProfile(vault, tenant, learner)), consents: fold(consentsDecider, events) };
};

const notErased = async ({ keys, erased }: ProfilesEngine, tenant: string, given: string): Promise<string> => {
  const learner = await learnerIdOf(keys, tenant, given);
  if (erased.has(tenant, learner)) throw new ProofmarkError('NOT_FOUND', 'This learner is erased; nothing is kept about them any more.');
  return learner;
};

/** Changes what is kept about a learner. @throws ProofmarkError USAGE for a value that is none, NOT_FOUND for who is erased */
export const changeProfile = async (engine: ProfilesEngine, tenant: string, given: string, change: ProfileChange): Promise<void> =>
  writeProfile(engine.vault, tenant, await notErased(engine, tenant, given), change);

/** Gives or withdraws a consent; what it is already stays as it is. @throws ProofmarkError NOT_FOUND for who is erased */
export const changeConsent = async (engine: ProfilesEngine, tenant: string, given: string, to: ConsentTo, yes: boolean, now: number): Promise<void> => {
  const learner = await notErased(engine, tenant, given);
  await execute(engine.store, consentsDecider, consentStream(tenant, learner), { tenant, learner, to, given: yes, at: now }, { newId: randomUUID });
};
