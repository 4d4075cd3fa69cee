import { ProofmarkError } from '#domain/errors.js';
import { collectionsOf } from './generation.js';
import { placeOf, ROW, statusOf, generationOf, type Catalog } from './mongodb-catalog.js';
import { journalOn } from './mongodb-journal.js';
import { countOf, findOf } from './mongodb-query.js';
import { idOf, keyOf, readRow, storedOf } from './mongodb-rows.js';
import type { Document, MongoServer } from './mongodb-server.js';
import type { Collection, ReadModelReader, Row } from './read-model.js';

interface Live {
  readonly place: string;
  readonly collection: Collection;
}

/**
 * Reads of one database. The catalog that is known from an earlier call is tried first and looked at after the answer:
 * one that has changed means that the collection may have been dropped under the query, which is then asked again.
 */
export const readerOn = (server: MongoServer): ReadModelReader => {
  const journal = journalOn(server);
  let known: Catalog | undefined;
  let live = new Map<string, Live>();

  const refresh = async (): Promise<void> => {
    const catalog = await journal.shown();
    live = new Map();
    for (const generation of catalog.generations) {
      if (generation.state !== 'live') continue;
      for (const collection of collectionsOf(generation)) live.set(collection.name, { collection, place: placeOf(collection.name, generation.generation) });
    }
    known = catalog;
  };
  const read = async <T>(name: string, ask: (at: Live) => Promise<T>): Promise<T> => {
    if (!known) await refresh();
    for (;;) {
      const structure = known?.structure;
      const at = live.get(name);
      // A query may fail because its collection was dropped, or because the new one has other columns.
      const answer = at && (await ask(at).then((value) => ({ value }), (thrown: unknown) => ({ thrown })));
      if ((await journal.shownStructure()) !== structure) {
        await refresh();
        continue;
      }
      if (!answer) throw new ProofmarkError('NOT_FOUND', `There is no read model "${name}" yet.`);
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
    checkpoint: async (projection) => generationOf(await journal.shown(), projection, 'live')?.checkpoint ?? -1,
    projections: async () => statusOf(await journal.shown()),
    close: () => server.close(),
  };
};
