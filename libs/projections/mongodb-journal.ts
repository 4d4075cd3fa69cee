import { randomUUID } from 'node:crypto';
import { ProofmarkError } from '#domain/errors.js';
import { EMPTY, ROW, type Catalog } from './mongodb-catalog.js';
import { valueOf, type RowState, type Stored } from './mongodb-rows.js';
import type { MongoServer } from './mongodb-server.js';

/*
 * Each projection has a journal and a catalog, so that programs which build different ones are not in one another's way.
 *
 * A commit is one document that is inserted into the journal under the number of the catalog that it makes: it holds that
 * catalog and the state of every row that changes, so whoever finds it can finish it, as often as they like.
 *
 * 1. Insert the record. It fails where another program has made a commit of that number: there is one per number.
 * 2. Read which number is shown. One that is not before ours tells that we were late (the record of that number was
 *    finished and removed before we inserted ours, which then counts for nothing).
 * 3. Insert the rows that are new and raise the others to their states, then the shown catalog to the record's. A row and a
 *    catalog only ever go to a later position or number, so a late or repeated step does no harm.
 *
 * So a crash between any two commands leaves either no record (nothing happened) or one that the next program finishes
 * before it does anything else, and no batch is ever worked out from rows that are ahead of their checkpoint.
 */

const JOURNAL = 'journal';
const CATALOGS = 'catalogs';
const SHOWN = 'shown';
/** MongoDB takes documents of up to 16 MiB. */
const PART_BYTES = 8_000_000;

/** A state and the position at which its row has it. */
export interface PlacedState extends RowState {
  readonly position: number;
}

export interface Journal {
  /** The catalog as of the last commit, which is finished first if it was not. */
  readonly load: () => Promise<Catalog>;
  /**
   * Makes a catalog and row states the next ones; false where another program was first. Rows that are new as far as is
   * known are inserted, which is cheaper, and raised where they are there after all.
   */
  readonly commit: (catalog: Catalog, states: readonly PlacedState[], isNew: (state: PlacedState) => boolean) => Promise<boolean>;
}

/** What the ids of a projection's records begin with; no name of one has a slash. */
const recordsOf = (projection: string): string => `${projection}/`;
const recordId = (projection: string, seq: number): string => `${recordsOf(projection)}${String(seq).padStart(16, '0')}`;
const partId = (projection: string, seq: number, nonce: string, i: number): string => `${recordId(projection, seq)}-${nonce}-${String(i).padStart(4, '0')}`;

type Line = readonly [place: string, id: string, position: number, row: Stored | null];

const partsOf = (states: readonly PlacedState[]): readonly string[] => {
  const parts: string[] = [];
  let lines: string[] = [];
  let size = 0;
  const end = (): void => {
    if (lines.length > 0) parts.push(lines.join('\n'));
    [lines, size] = [[], 0];
  };
  for (const { place, id, position, row } of states) {
    const line = JSON.stringify([place, id, position, row] satisfies Line);
    const bytes = Buffer.byteLength(line);
    if (bytes > PART_BYTES) throw new ProofmarkError('USAGE', `A row of "${place}" is too large for MongoDB: ${bytes} bytes.`);
    if (size + bytes > PART_BYTES) end();
    lines.push(line);
    size += bytes;
  }
  end();
  return parts;
};

const statesOf = (parts: readonly string[]): readonly PlacedState[] =>
  parts.flatMap((part) =>
    part.split('\n').map((text) => {
      const [place, id, position, row] = JSON.parse(text) as Line;
      return { place, id, position, row };
    }),
  );

/** The catalogs of all projections of one database, as readers are shown them. */
export const shownCatalogs = async (server: MongoServer): Promise<readonly Catalog[]> =>
  (await server.find(CATALOGS, {}, { fields: [SHOWN] })).map((document) => document[SHOWN] as Catalog);

/** The number of the last commit that changed which generations of a projection there are, as readers are shown it. */
export const shownStructure = async (server: MongoServer, projection: string): Promise<number> => shownField(server, projection, 'structure');

const shownField = async (server: MongoServer, projection: string, name: 'seq' | 'structure'): Promise<number> => {
  const found = (await server.get(CATALOGS, projection, [`${SHOWN}.${name}`]))?.[SHOWN] as Partial<Catalog> | undefined;
  return found?.[name] ?? 0;
};

/** The journal and the catalog of one projection. */
export const journalOf = (server: MongoServer, projection: string): Journal => {
  const shown = async (): Promise<Catalog> => ((await server.get(CATALOGS, projection))?.[SHOWN] as Catalog | undefined) ?? EMPTY;

  const write = async (place: string, states: readonly PlacedState[], isNew: (state: PlacedState) => boolean): Promise<void> => {
    const fresh = states.filter(isNew);
    const inserted = fresh.length > 0 ? new Set(fresh.map(({ id }) => id)) : undefined;
    if (inserted) {
      const documents = fresh.map(({ id, position, row }) => ({ _id: id, [ROW]: valueOf(position, row) }));
      for (const id of await server.insertAbsent(place, documents)) inserted.delete(id);
    }
    const raises = states.flatMap(({ id, position, row }) => (inserted?.has(id) ? [] : [{ id, value: valueOf(position, row) }]));
    if (raises.length > 0) await server.raise(place, ROW, raises);
  };
  const finish = async (catalog: Catalog, states: readonly PlacedState[], isNew: (state: PlacedState) => boolean = () => false): Promise<void> => {
    const byPlace = new Map<string, PlacedState[]>();
    for (const state of states) {
      const those = byPlace.get(state.place);
      if (those) those.push(state);
      else byPlace.set(state.place, [state]);
    }
    await Promise.all([
      ...[...byPlace].map(([place, those]) => write(place, those, isNew)),
      server.removeBetween(JOURNAL, recordsOf(projection), recordId(projection, catalog.seq)), // all of it is finished
    ]);
    await server.raise(CATALOGS, SHOWN, [{ id: projection, value: { ...catalog } }]);
  };

  return {
    load: async () => {
      for (;;) {
        const catalog = await shown();
        const record = await server.get(JOURNAL, recordId(projection, catalog.seq + 1));
        if (!record) return catalog;
        const { catalog: next, nonce, parts, rows } = record as unknown as { catalog: Catalog; nonce: string; parts: number; rows?: string };
        const texts: string[] = rows === undefined ? [] : [rows];
        for (let i = 0; i < parts; i++) {
          const text = (await server.get(JOURNAL, partId(projection, next.seq, nonce, i)))?.['rows'];
          if (typeof text === 'string') texts.push(text);
        }
        // Parts go only after a later commit was made: another program has finished this one already.
        if (rows === undefined && texts.length < parts) continue;
        // A record that came too late is like no other, until its number is looked up: it was taken and finished before.
        if ((await shownField(server, projection, 'seq')) !== catalog.seq) continue;
        await finish(next, statesOf(texts));
      }
    },
    commit: async (catalog, states, isNew) => {
      const { seq } = catalog;
      const nonce = randomUUID();
      const texts = partsOf(states);
      const one = texts.length === 1;
      if (!one) for (const [i, rows] of texts.entries()) await server.insert(JOURNAL, { _id: partId(projection, seq, nonce, i), rows });
      const record = { _id: recordId(projection, seq), catalog, nonce, parts: one ? 0 : texts.length, ...(one && { rows: texts[0] }) };
      if (!(await server.insert(JOURNAL, record))) return false;
      if ((await shownField(server, projection, 'seq')) >= seq) return false;
      await finish(catalog, states, isNew);
      return true;
    },
  };
};
