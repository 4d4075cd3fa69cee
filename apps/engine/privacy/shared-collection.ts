import { randomBytes, randomUUID } from 'node:crypto';
import { collection as collectionDecider, type Collection, type CollectionCommand, type CollectionEvent } from '#domain/collection.js';
import { fold } from '#domain/decider.js';
import { readLogEvent } from '#domain/log-event.js';
import { collectionStream } from '#domain/streams.js';
import { execute } from '#event-store/execute.js';
import { CODE_BYTES, newCode, readCode } from '#credentials/code.js';
import type { Engine } from '../engine.js';

type CollectionsEngine = Pick<Engine, 'store' | 'config' | 'erased' | 'readModels'>;

/** A collection that is shown, and whose. */
export type Shown = Extract<Collection, { readonly status: 'shared' }> & { readonly learner: string };

/** What a learner shows now, as the log has it. */
export const readCollection = async ({ store, config: { tenant }, erased }: Omit<CollectionsEngine, 'readModels'>, learner: string): Promise<Collection> => {
  if (erased.has(tenant, learner)) return collectionDecider.initialState;
  const events = (await store.readStream(collectionStream(tenant, learner))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as CollectionEvent);
  return fold(collectionDecider, events);
};

/**
 * The collection of a code as somebody typed it; undefined where there is none, or none any more. The read model says whose it is, and the log
 * whether it still stands: so a link is dead when the answer says that it was withdrawn, however far the read model is.
 */
export const findCollection = async (engine: CollectionsEngine, typed: string): Promise<Shown | undefined> => {
  const code = readCode(typed);
  const row = code === undefined ? undefined : await engine.readModels.get('shared_collection', { code });
  if (row?.['tenant'] !== engine.config.tenant) return undefined;
  const learner = row['learner'] as string;
  const found = await readCollection(engine, learner);
  return found.status === 'shared' && found.code === code ? { ...found, learner } : undefined;
};

const change = async ({ store, config: { tenant } }: CollectionsEngine, learner: string, command: CollectionCommand): Promise<number> =>
  (await execute(store, collectionDecider, collectionStream(tenant, learner), command, { newId: randomUUID })).position;

/** More changes than anybody makes of what they show; whoever looks at it has them all read. */
const MOST_CHANGES = 500;

/** Whether a learner's choice was changed so often that it can only be withdrawn any more. */
export const isWornOut = async ({ store, config: { tenant } }: Pick<CollectionsEngine, 'store' | 'config'>, learner: string): Promise<boolean> =>
  (await store.readStream(collectionStream(tenant, learner))).length >= MOST_CHANGES;

/** Shows a choice of a learner's awards. Says at which log position it is shown. */
export const showCollection = (engine: CollectionsEngine, learner: string, awards: readonly string[], now: number): Promise<number> =>
  change(engine, learner, { type: 'Show', tenant: engine.config.tenant, learner, code: newCode(randomBytes(CODE_BYTES)), awards, at: now });

/** Shows it no more; the link is dead. Says at which log position it is. */
export const withdrawCollection = (engine: CollectionsEngine, learner: string, now: number): Promise<number> =>
  change(engine, learner, { type: 'Withdraw', tenant: engine.config.tenant, learner, at: now });
