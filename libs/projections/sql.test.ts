import { openDatabase } from '#event-store/sqlite.js';
import type { Collection, Query } from './read-model.js';
import { createTable, selectSql } from './sql.js';

const ITEMS: Collection = {
  name: 'item',
  columns: { tenant: 'text', id: 'text', at: 'integer' },
  key: ['id'],
  indexes: [['tenant', 'at']],
};

/** How SQLite would run the query's statements. */
const plan = (query: Query): readonly string[] => {
  const db = openDatabase(':memory:');
  for (const sql of createTable('item_1', ITEMS)) db.exec(sql);
  const details = selectSql('item_1', ITEMS, query).flatMap(({ sql, bindings }) =>
    (db.prepare(`explain query plan ${sql}`).all(...bindings, 10) as [number, number, number, string][]).map(([, , , detail]) => detail),
  );
  db.close();
  return details;
};

describe('a page deep in an order is found by seeking in an index, without sorting', () => {
  const where = { tenant: 't' };
  it.each<[string, Query, readonly string[]]>([
    ['first page', { where, orderBy: ['-at'] }, ['SEARCH item_1 USING COVERING INDEX item_1_0 (tenant=?)']],
    [
      'ascending',
      { where, orderBy: ['at'], after: { at: 5, id: 'x' } },
      ['SEARCH item_1 USING COVERING INDEX item_1_0 (tenant=? AND at>?)'],
    ],
    [
      'descending, then the rows without a value',
      { where, orderBy: ['-at'], after: { at: 5, id: 'x' } },
      ['SEARCH item_1 USING COVERING INDEX item_1_0 (tenant=? AND at<?)', 'SEARCH item_1 USING COVERING INDEX item_1_0 (tenant=? AND at=?)'],
    ],
    ['by key', { after: { id: 'x' } }, ['SEARCH item_1 USING PRIMARY KEY (id>?)']],
  ])('%s', (_what, query, expected) => {
    expect(plan(query)).toEqual(expected);
  });
});
