import { ProofmarkError } from '#domain/errors.js';
import type { Database, Statement as Prepared } from '#event-store/sqlite.js';
import { assertOpen, failure, GENERATION, generationFrom, tableOf } from './embedded-file.js';
import { collectionsOf, type Generation } from './generation.js';
import { bindKey } from './embedded-table.js';
import type { Collection, ProjectionStatus, ReadModelReader, Row, Value } from './read-model.js';
import { countSql, getSql, selectSql } from './sql.js';

const STATEMENTS_KEPT = 200;

/** Prepared statements by their text, the least recently used ones forgotten. */
const statementCache = (db: Database): { readonly of: (sql: string) => Prepared; readonly clear: () => void } => {
  const known = new Map<string, Prepared>();
  return {
    of: (sql) => {
      const found = known.get(sql) ?? db.prepare(sql);
      known.delete(sql);
      known.set(sql, found);
      if (known.size > STATEMENTS_KEPT) known.delete(known.keys().next().value ?? sql);
      return found;
    },
    clear: () => known.clear(),
  };
};

interface LiveTable {
  readonly table: string;
  readonly collection: Collection;
  /** In the order in which rows come. */
  readonly columns: readonly { readonly name: string; readonly json: boolean }[];
}

/** Reads on one connection. The catalog of live tables is kept until its number in the file says that it changed. */
export const readerOn = (db: Database, file: string): ReadModelReader => {
  const statements = statementCache(db);
  const [begin, end] = [db.prepare('begin'), db.prepare('commit')];
  const catalogNumber = db.prepare(`select value from counter where name = 'catalog'`);
  const generations = db.prepare(`select ${GENERATION} from generation order by projection`);
  const allGenerations = (): readonly Generation[] => generations.all().map(generationFrom);
  let known = -1;
  let tables = new Map<string, LiveTable>();

  const refresh = (): void => {
    const [current] = catalogNumber.get() as [number];
    if (current === known) return;
    statements.clear();
    tables = new Map();
    for (const generation of allGenerations()) {
      if (generation.state !== 'live') continue;
      for (const collection of collectionsOf(generation)) {
        const columns = Object.entries(collection.columns).map(([name, type]) => ({ name, json: type === 'json' }));
        tables.set(collection.name, { table: tableOf(collection.name, generation.generation), collection, columns });
      }
    }
    known = current;
  };
  /** One read transaction: a promotion by another thread or process falls before or after it. */
  const consistently = <T>(read: () => T): T => {
    assertOpen(db);
    try {
      begin.run();
      try {
        refresh();
        return read();
      } finally {
        end.run();
      }
    } catch (thrown) {
      throw failure(thrown, file);
    }
  };
  const live = (name: string): LiveTable => {
    const found = tables.get(name);
    if (!found) throw new ProofmarkError('NOT_FOUND', `There is no read model "${name}" yet.`);
    return found;
  };
  const read = ({ columns }: LiveTable, values: readonly Value[]): Row => {
    const row: Record<string, Value> = {};
    columns.forEach(({ name, json }, i) => {
      const value = values[i];
      row[name] = json && typeof value === 'string' ? (JSON.parse(value) as Value) : value;
    });
    return row;
  };

  return {
    get: async (name, key) =>
      consistently(() => {
        const at = live(name);
        const row = statements.of(getSql(at.table, at.collection)).get(...bindKey(at.collection, key)) as readonly Value[] | undefined;
        return row && read(at, row);
      }),
    find: async (name, query) =>
      consistently(() => {
        const at = live(name);
        const rows: Row[] = [];
        for (const { sql, bindings } of selectSql(at.table, at.collection, query)) {
          const left = query.limit === undefined ? -1 : query.limit - rows.length;
          if (left === 0) break;
          for (const row of statements.of(sql).all(...bindings, left) as (readonly Value[])[]) rows.push(read(at, row));
        }
        return rows;
      }),
    count: async (name, where) =>
      consistently(() => {
        const at = live(name);
        const { sql, bindings } = countSql(at.table, at.collection, where);
        const [count] = statements.of(sql).get(...bindings) as [number];
        return count;
      }),
    checkpoint: async (projection) =>
      consistently(() => {
        const all = allGenerations();
        return all.find((one) => one.projection === projection && one.state === 'live')?.checkpoint ?? -1;
      }),
    projections: async () =>
      consistently(() => {
        const all = allGenerations();
        return all
          .filter((one) => one.state === 'live')
          .map(({ projection, version, generation, checkpoint }): ProjectionStatus => {
            const next = all.find((one) => one.projection === projection && one.state === 'building');
            const status = { name: projection, version, generation, checkpoint };
            return next ? { ...status, rebuilding: { generation: next.generation, checkpoint: next.checkpoint } } : status;
          });
      }),
    close: async () => {
      if (db.isOpen) db.close();
    },
  };
};
