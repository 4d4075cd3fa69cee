import { ProofmarkError } from '#domain/errors.js';
import { checkCollection } from './query.js';
import type { Collection } from './read-model.js';

/** One generation of one projection, as a store of read models keeps it. */
export interface Generation {
  readonly projection: string;
  readonly generation: number;
  readonly version: number;
  readonly state: 'live' | 'building';
  readonly checkpoint: number;
  /** JSON of its collections, so that a reader needs nothing but the store. */
  readonly collections: string;
}

/** The collections that a generation has. */
export const collectionsOf = (generation: Generation): readonly Collection[] => JSON.parse(generation.collections) as Collection[];

/** Holds collections that are to be registered to be well formed, and each to belong to one projection. @throws ProofmarkError USAGE */
export const checkOwners = (
  projections: readonly { readonly name: string; readonly collections: readonly Collection[] }[],
  kept: readonly Generation[],
): void => {
  const owners = new Map<string, string>();
  for (const generation of kept) {
    if (projections.some(({ name }) => name === generation.projection)) continue;
    for (const { name } of collectionsOf(generation)) owners.set(name, generation.projection);
  }
  for (const { name, collections } of projections) {
    for (const collection of collections) {
      checkCollection(collection);
      const owner = owners.get(collection.name);
      if (owner) throw new ProofmarkError('USAGE', `The collection "${collection.name}" belongs to the projection "${owner}".`);
      owners.set(collection.name, name);
    }
  }
};
