import { ProofmarkError } from '#domain/errors.js';
import { checkOwners } from './generation.js';
import { shownCatalogs } from './mongodb-journal.js';
import { writerOn, type ProjectionWriter } from './mongodb-projection.js';
import { readerOn } from './mongodb-reader.js';
import { rowCache } from './mongodb-row-cache.js';
import type { MongoServer } from './mongodb-server.js';
import type { ReadModelStore } from './read-model.js';

const CACHE_BYTES = 64_000_000;

const isAway = (error: Error): boolean => error instanceof ProofmarkError && error.code === 'STORE_UNAVAILABLE';

/**
 * Read models of one database, for writing. Each projection is written for itself, so that several programs may build
 * different ones without waiting for one another; two that build the same one take turns, and are told so.
 */
export const storeOn = (server: MongoServer, cacheBytes = CACHE_BYTES): ReadModelStore => {
  const rows = rowCache(cacheBytes);
  const writers = new Map<string, ProjectionWriter>();
  const registered = new Set<string>();
  const writerOf = (projection: string): ProjectionWriter => {
    const writer = writers.get(projection) ?? writerOn(server, projection, rows);
    writers.set(projection, writer);
    return writer;
  };
  return {
    ...readerOn(server),
    register: async (projections) => {
      checkOwners(projections, (await shownCatalogs(server)).flatMap(({ generations }) => generations));
      for (const projection of projections) {
        await writerOf(projection.name).register(projection);
        registered.add(projection.name);
      }
    },
    generations: async (projections = [...registered]) => (await Promise.all(projections.filter((one) => registered.has(one)).map((projection) => writerOf(projection).generations()))).flat(),
    rebuild: (projection) => writerOf(projection).rebuild(),
    promote: (projection) => writerOf(projection).promote(),
    apply: async (batches) => {
      const projections = [...new Set(batches.map(({ generation }) => generation.projection))];
      const ended = await Promise.allSettled(projections.map((projection) => writerOf(projection).apply(batches.filter(({ generation }) => generation.projection === projection))));
      const failures = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
      // What may be repeated as it is comes last: after anything else the caller has to look anew.
      const [worst] = failures.sort((a, b) => Number(isAway(a)) - Number(isAway(b)));
      if (worst) throw worst;
    },
  };
};
