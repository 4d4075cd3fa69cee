import { ProofmarkError } from '#domain/errors.js';
import { collectionsOf, type Generation } from './generation.js';
import type { MongoServer } from './mongodb-server.js';
import type { Collection, ProjectionStatus } from './read-model.js';

/** Everything that is known of one projection beside its rows; each commit makes a new one. */
export interface Catalog {
  /** Grows by one with each commit. It stands first, so that the later one of two catalogs is the greater document. */
  readonly seq: number;
  /** Number of the last commit that changed which generations there are. */
  readonly structure: number;
  /** The last number that a generation was given; none is given twice. */
  readonly last: number;
  readonly generations: readonly Generation[];
}

export const EMPTY: Catalog = { seq: 0, structure: 0, last: 0, generations: [] };

/** What all places of a projection begin with. */
export const placesOf = (projection: string): string => `${projection}.`;
/** The collection of the database that holds one of a generation. */
export const placeOf = (collection: string, { projection, generation }: Pick<Generation, 'projection' | 'generation'>): string =>
  `${placesOf(projection)}${collection}_g${generation}`;
const numberOf = (place: string): number => Number(/_g(\d+)$/.exec(place)?.[1] ?? NaN);

/** The field of a document that holds its row. */
export const ROW = 'row';
/** Where a row says at which log position it was written last; no column can have this name. */
export const WRITTEN = '_position';

export const generationOf = ({ generations }: Catalog, state: Generation['state']): Generation | undefined => generations.find((one) => one.state === state);

/** What readers are told of each projection. */
export const statusOf = (catalogs: readonly Catalog[]): readonly ProjectionStatus[] =>
  catalogs
    .flatMap((catalog): ProjectionStatus[] => {
      const [live, next] = [generationOf(catalog, 'live'), generationOf(catalog, 'building')];
      if (!live) return [];
      const { projection: name, version, generation, checkpoint } = live;
      return [{ name, version, generation, checkpoint, ...(next && { rebuilding: { generation: next.generation, checkpoint: next.checkpoint } }) }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));

/** A catalog to be committed after another one. */
const after = (catalog: Catalog): Catalog => ({ ...catalog, seq: catalog.seq + 1 });

const without = (catalog: Catalog, gone: Generation | undefined): Catalog =>
  gone ? { ...catalog, structure: catalog.seq, generations: catalog.generations.filter((one) => one !== gone) } : catalog;

const created = (catalog: Catalog, projection: string, version: number, state: Generation['state'], collections: string): Catalog => {
  const generation = catalog.last + 1;
  const added: Generation = { projection, generation, version, state, checkpoint: -1, collections };
  return { ...catalog, structure: catalog.seq, last: generation, generations: [...catalog.generations, added] };
};

/** The catalog after a registration; the same one where it changes nothing. */
export const registered = (before: Catalog, { name, version, collections }: { readonly name: string; readonly version: number; readonly collections: readonly Collection[] }): Catalog => {
  let catalog = after(before);
  const live = generationOf(catalog, 'live');
  const building = generationOf(catalog, 'building');
  const json = JSON.stringify(collections);
  if (building && building.version !== version) catalog = without(catalog, building);
  if (!live) catalog = created(catalog, name, version, 'live', json);
  else if (live.version !== version && building?.version !== version) catalog = created(catalog, name, version, 'building', json);
  return catalog.structure === catalog.seq ? catalog : before;
};

/** The catalog after a rebuild was asked for. @throws ProofmarkError NOT_FOUND */
export const rebuilt = (before: Catalog, projection: string): Catalog => {
  const live = generationOf(before, 'live');
  if (!live) throw new ProofmarkError('NOT_FOUND', `There is no projection "${projection}".`);
  const building = generationOf(before, 'building');
  const { version, collections } = building ?? live;
  return created(without(after(before), building), projection, version, 'building', collections);
};

/** The catalog after a promotion; the same one where nothing was being built. */
export const promoted = (before: Catalog): Catalog => {
  const building = generationOf(before, 'building');
  if (!building) return before;
  const catalog = without(after(before), generationOf(before, 'live'));
  const generations = catalog.generations.map((one) => (one === building ? { ...one, state: 'live' as const } : one));
  return { ...catalog, structure: catalog.seq, generations };
};

/** The catalog after checkpoints of some generations have moved. */
export const moved = (before: Catalog, checkpoints: ReadonlyMap<number, number>): Catalog => ({
  ...after(before),
  generations: before.generations.map((one) => ({ ...one, checkpoint: checkpoints.get(one.generation) ?? one.checkpoint })),
});

/** Creates the collections and indexes of every generation, where they are missing. */
export const prepare = async (server: MongoServer, catalog: Catalog): Promise<void> => {
  for (const generation of catalog.generations) {
    for (const { name, key, indexes = [] } of collectionsOf(generation)) {
      // With the key at its end the order of an index is the whole order of a page.
      const full = [key, ...indexes.map((index) => [...index, ...key.filter((column) => !index.includes(column))])];
      await server.index(
        placeOf(name, generation),
        Object.fromEntries(full.map((columns, i) => [i === 0 ? 'key' : `by_${columns.join('_')}`, columns.map((column) => `${ROW}.${column}`)])),
      );
    }
  }
};

/** Drops collections of a projection's generations that are no more; not those of one that another program has just begun. */
export const sweep = async (server: MongoServer, projection: string, catalog: Catalog): Promise<void> => {
  const known = new Set(catalog.generations.map(({ generation }) => generation));
  for (const place of await server.collections()) {
    const number = numberOf(place);
    if (place.startsWith(placesOf(projection)) && number <= catalog.last && !known.has(number)) await server.drop(place);
  }
};
