import { ProofmarkError } from '#domain/errors.js';
import { collectionsOf } from './generation.js';
import { generationOf, placeOf, ROW, statusOf } from './mongodb-catalog.js';
import { shownCatalogs, shownStructure } from './mongodb-journal.js';
import { countOf, findOf } from './mongodb-query.js';
import { idOf, keyOf, readRow, storedOf } from './mongodb-rows.js';
import type { Document, MongoServer } from './mongodb-server.js';
import type { Collection, ReadModelReader, Row } from './read-model.js';

interface Live {
  readonly place: string;
  readonly collection: Collection;
  readonly projection: string;
  /** The commit by which its projection got the generations that it has. */
  readonly structure: number;
}

/**
 * Reads of one database. What is known of a collection from an earlier call is tried first and looked at after the answer:
 * where its projection's generations have changed, the collection may have been dropped under the query, which is then asked again.
 */
export const readerOn = (server: MongoServer): ReadModelReader => {
  let live = new Map<string, Live>();

  const refresh = async (): Promise<void> => {
    const found = new Map<string, Live>();
    for (const catalog of await shownCatalogs(server)) {
      const generation = generationOf(catalog, 'live');
      if (!generation) continue;
      for (const collection of collectionsOf(generation)) {
        found.set(collection.name, { collection, place: placeOf(collection.name, generation), projection: generation.projection, structure: catalog.structure });
      }
    }
    live = found;
  };
  const read = async <T>(name: string, ask: (at: Live) => Promise<T>): Promise<T> => {
    if (!live.has(name)) await refresh();
    for (;;) {
      const at = live.get(name);
      if (!at) throw new ProofmarkError('NOT_FOUND', `There is no read model "${name}" yet.`);
      // A query may fail because its collection was dropped, or because the new one has other columns.
      const answer = await ask(at).then((value) => ({ value }), (thrown: unknown) => ({ thrown }));
      if ((await shownStructure(server, at.projection)) !== at.structure) {
        await refresh();
        continue;
      }
      if ('thrown' in answer) throw answer.thrown;
      return answer.value;
    }
  };
  const rowIn = (document: Document | undefined, collection: Collection): Row | undefined => {
    const stored = document && storedOf(collection, document[ROW] as Document);
    return stored ? readRow(collection, stored) : undefined;
  };

  return {
    get: (name, key) =>
      read(name, async ({ place, collection }) => rowIn(await server.get(place, idOf(collection, keyOf(collection, key)), [ROW]), collection)),
    find: (name, query) =>
      read(name, async ({ place, collection }) => {
        const asked = findOf(collection, query);
        if (!asked) return [];
        const { filter, sort, limit } = asked;
        const documents = await server.find(place, filter, { fields: [ROW], sort, ...(limit < Infinity && { limit }) });
        return documents.map((document) => rowIn(document, collection)).filter((row) => row !== undefined);
      }),
    count: (name, where) => read(name, async ({ place, collection }) => server.count(place, countOf(collection, where))),
    checkpoint: async (projection) => (await shownCatalogs(server)).flatMap((catalog) => generationOf(catalog, 'live') ?? []).find((one) => one.projection === projection)?.checkpoint ?? -1,
    projections: async () => statusOf(await shownCatalogs(server)),
    close: () => server.close(),
  };
};
