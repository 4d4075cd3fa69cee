import { setTimeout as pause } from 'node:timers/promises';
import { ProofmarkError } from '#domain/errors.js';
import { Turns } from '#event-store/turns.js';
import { collectionsOf, type Generation } from './generation.js';
import { moved, placeOf, placesOf, prepare, promoted, rebuilt, registered, ROW, sweep, type Catalog } from './mongodb-catalog.js';
import { journalOf, type PlacedState } from './mongodb-journal.js';
import type { RowCache } from './mongodb-row-cache.js';
import { basesOf, fold, forgettings, stepsOf, storedOf, type Forgetting, type Stored } from './mongodb-rows.js';
import type { Document, MongoServer } from './mongodb-server.js';
import type { Collection, GenerationWriter, ReadModelStore, Write } from './read-model.js';

/** A collection of up to so many rows is read whole when the first of them is needed. */
const WHOLE = 50_000;
const IDS_PER_READ = 1000;
const MOST_PAUSE_MS = 500;

/** Another program's commit can be in the way before it can be read: not before a majority has it. */
const giveWay = (attempt: number): Promise<void> => pause(Math.min(MOST_PAUSE_MS, 2 ** attempt));

type Batch = Parameters<ReadModelStore['apply']>[0][number];

/** A projection as it is registered. */
export type Registered = Parameters<ReadModelStore['register']>[0][number];

/** The rows, generations and checkpoints of one projection. */
export interface ProjectionWriter {
  register(projection: Registered): Promise<void>;
  generations(): Promise<readonly GenerationWriter[]>;
  rebuild(): Promise<void>;
  promote(): Promise<void>;
  /** Applies batches of its generations, all of them or nothing. */
  apply(batches: readonly Batch[]): Promise<void>;
}

/**
 * What one projection has in a database, for writing. Several programs may write at once: each commit is one program's,
 * and one whose batch starts where the generation no longer stands is told so (CONCURRENT_CHANGE).
 */
export const writerOn = (server: MongoServer, projection: string, rows: RowCache): ProjectionWriter => {
  const journal = journalOf(server, projection);
  /** The version of the code that was registered. */
  let version: number | undefined;
  /** Where the caller of each writer believes its generation to stand. */
  const beliefs = new WeakMap<GenerationWriter, number>();
  /** The structure that the caller knows: as of when it last asked for the generations or changed them. */
  let listed = 0;
  /** The catalog as of the last commit that is known, and the one that the rows in the cache belong to. */
  let known: Catalog | undefined;

  // One change at a time: they share the cached rows and the catalog.
  const turns = new Turns();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => turns.take(projection, work);
  const load = async (): Promise<Catalog> => {
    const found = await journal.load();
    if (found.seq !== known?.seq) rows.clear(placesOf(projection));
    return (known = found);
  };
  const commit = async (catalog: Catalog, states: readonly PlacedState[]): Promise<boolean> => {
    known = undefined; // until it is known how this ends
    // Most rows that are put are new; of the others those that the cache holds are known.
    if (!(await journal.commit(catalog, states, ({ place, id }) => (rows.get(place, id) ?? null) === null))) return false;
    known = catalog;
    return true;
  };
  const checkListed = (catalog: Catalog): void => {
    if (catalog.structure !== listed) throw new ProofmarkError('CONCURRENT_CHANGE', 'Another program has changed which generations there are.');
  };
  /** Commits a change of which generations there are, to whatever others have made of the catalog meanwhile. */
  const restructure = (change: (catalog: Catalog) => Catalog): Promise<void> =>
    inTurn(async () => {
      for (let attempt = 0; ; attempt++) {
        const before = await load();
        const catalog = change(before);
        if (catalog !== before && !(await commit(catalog, []))) {
          await giveWay(attempt);
          continue;
        }
        await prepare(server, catalog);
        await sweep(server, projection, catalog);
        listed = catalog.structure;
        return;
      }
    });

  const rowOf = (collection: Collection, document: Document): readonly [string, Stored | null] => [
    document['_id'] as string,
    storedOf(collection, document[ROW] as Document),
  ];
  /** Brings the rows that a batch builds on into a map or the cache. */
  const bases = async (generation: Generation, steps: ReturnType<typeof stepsOf>): Promise<(place: string, id: string) => Stored | undefined> => {
    const read = new Map<string, Stored | null>();
    const collections = new Map(collectionsOf(generation).map((one) => [placeOf(one.name, generation), one]));
    for (const [place, ids] of basesOf(steps)) {
      const collection = collections.get(place);
      if (!collection) continue;
      if (!rows.follows(place)) {
        const empty = generation.checkpoint < 0;
        const whole = empty || (await server.size(place)) <= WHOLE;
        const found = whole && !empty ? await server.find(place, {}, { fields: [ROW] }) : [];
        rows.follow(place, found.map((document) => rowOf(collection, document)), whole);
      }
      const missing: string[] = [];
      for (const id of ids) {
        const row = rows.get(place, id);
        if (row === undefined) missing.push(id);
        else read.set(`${place}\n${id}`, row);
      }
      for (let i = 0; i < missing.length; i += IDS_PER_READ) {
        const found = await server.find(place, { _id: { $in: missing.slice(i, i + IDS_PER_READ) } }, { fields: [ROW] });
        for (const [id, row] of found.map((document) => rowOf(collection, document))) read.set(`${place}\n${id}`, row);
      }
    }
    return (place, id) => read.get(`${place}\n${id}`) ?? undefined;
  };

  /** Ids of the rows that have what is to be forgotten. */
  const forgotten = async (steps: ReturnType<typeof stepsOf>): Promise<ReadonlyMap<Forgetting, readonly string[]>> => {
    const had = new Map<Forgetting, readonly string[]>();
    for (const step of forgettings(steps)) {
      const filter = Object.fromEntries(Object.entries(step.where).map(([column, value]) => [`${ROW}.${column}`, value]));
      had.set(step, (await server.find(step.place, filter, { fields: ['_id'] })).map((document) => document['_id'] as string));
    }
    return had;
  };

  /** The batches that there is something to do for, each with its generation. */
  const open = (catalog: Catalog, batches: readonly Batch[]) =>
    batches.flatMap(({ generation: writer, writes, checkpoint }) => {
      const generation = catalog.generations.find((one) => one.generation === writer.generation);
      if (!generation || checkpoint <= generation.checkpoint) return [];
      if (beliefs.get(writer) !== generation.checkpoint) {
        throw new ProofmarkError('CONCURRENT_CHANGE', `Another program has moved "${writer.projection}" to log position ${generation.checkpoint}.`);
      }
      return [{ generation, writes, checkpoint }];
    });
  const statesOf = async (batches: readonly { readonly generation: Generation; readonly writes: readonly Write[]; readonly checkpoint: number }[]): Promise<PlacedState[]> => {
    const checked = batches.map(({ generation, writes, checkpoint }) => ({
      generation,
      checkpoint,
      steps: stepsOf(generation.projection, generation.generation, collectionsOf(generation), writes),
    }));
    const states: PlacedState[] = [];
    for (const { generation, checkpoint, steps } of checked) {
      for (const state of fold(steps, await bases(generation, steps), await forgotten(steps))) states.push({ ...state, position: checkpoint });
    }
    return states;
  };

  const writerOf = ({ generation, state, checkpoint }: Generation): GenerationWriter => {
    const writer: GenerationWriter = {
      projection,
      generation,
      state,
      checkpoint: () =>
        inTurn(async () => {
          const found = (await load()).generations.find((one) => one.generation === generation);
          beliefs.set(writer, found?.checkpoint ?? -1);
          return found?.checkpoint ?? -1;
        }),
    };
    beliefs.set(writer, checkpoint);
    return writer;
  };

  return {
    register: async (wanted) => {
      await restructure((catalog) => registered(catalog, wanted));
      version = wanted.version;
    },
    generations: () =>
      inTurn(async () => {
        const { structure, generations } = await load();
        listed = structure;
        return generations.filter((one) => one.version === version).map(writerOf);
      }),
    rebuild: () => restructure((catalog) => rebuilt(catalog, projection)),
    promote: () =>
      restructure((catalog) => {
        checkListed(catalog); // else the one that is being built may be another one than the caller has filled
        return promoted(catalog);
      }),
    apply: (batches) =>
      inTurn(async () => {
        for (let attempt = 0; ; attempt++) {
          const catalog = known ?? (await load());
          checkListed(catalog);
          const wanted = open(catalog, batches);
          if (wanted.length > 0) {
            const states = await statesOf(wanted);
            const checkpoints = new Map(wanted.map(({ generation, checkpoint }) => [generation.generation, checkpoint]));
            if (!(await commit(moved(catalog, checkpoints), states))) {
              await giveWay(attempt);
              continue;
            }
            rows.remember(states);
          }
          for (const { generation, checkpoint } of batches) beliefs.set(generation, Math.max(beliefs.get(generation) ?? -1, checkpoint));
          return;
        }
      }),
  };
};
