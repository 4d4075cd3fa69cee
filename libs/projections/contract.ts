import fc from 'fast-check';
import type { Collection, GenerationWriter, Query, ReadModelReader, ReadModelStore, Row, Value, Write } from './read-model.js';

/** Fresh, empty read models and what a test needs to do to them. */
export interface ReadModelsUnderTest {
  readonly store: ReadModelStore;
  /** A second open of the same read models, for reading only. */
  readonly openReader: () => Promise<ReadModelReader>;
  /** Closes the store and opens it again, as a restart of the program does. */
  readonly restart: () => Promise<ReadModelStore>;
  /** Closes everything and removes the data. */
  readonly discard: () => Promise<void>;
}

const BOOKS: Collection = {
  name: 'book',
  columns: { shelf: 'text', id: 'text', title: 'text', pages: 'integer', price: 'real', tags: 'json', lent: 'integer' },
  key: ['shelf', 'id'],
  indexes: [['title'], ['shelf', 'pages']],
};
const LOANS: Collection = {
  name: 'loan',
  columns: { position: 'integer', reader: 'text', note: 'text' },
  key: ['position'],
  indexes: [['reader']],
};
const LIBRARY = { name: 'library', version: 1, collections: [BOOKS, LOANS] };
const OTHER: Collection = { name: 'other', columns: { id: 'text', count: 'integer' }, key: ['id'] };
const SECOND = { name: 'second', version: 1, collections: [OTHER] };

const put = (collection: string, row: Row): Write => ({ op: 'put', collection, row });
const book = (shelf: string, id: string, more: Row = {}): Row => ({
  shelf, id, title: null, pages: null, price: null, tags: null, lent: null, ...more,
});

const generationOf = async (store: ReadModelStore, projection: string, state: 'live' | 'building' = 'live'): Promise<GenerationWriter> => {
  const found = (await store.generations()).find((one) => one.projection === projection && one.state === state);
  if (!found) throw new Error(`no ${state} generation of ${projection}`);
  return found;
};
const write = async (store: ReadModelStore, checkpoint: number, ...writes: Write[]): Promise<void> =>
  store.apply([{ generation: await generationOf(store, 'library'), writes, checkpoint }]);

/** Texts by code point, no value first: the order that every adapter keeps. */
const compare = (a: Value, b: Value): number => {
  const [none, other] = [(a ?? null) === null, (b ?? null) === null];
  if (none || other) return Number(other) - Number(none);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
};

/** What a query answers, worked out the slow and obvious way. */
const expected = (rows: readonly Row[], query: Query): readonly Row[] => {
  const order = (query.orderBy ?? []).map((text) => ({ column: text.replace(/^-/, ''), sign: text.startsWith('-') ? -1 : 1 }));
  const sign = order.at(-1)?.sign ?? 1;
  for (const column of BOOKS.key) if (!order.some((one) => one.column === column)) order.push({ column, sign });
  const by = (a: Row, b: Row): number => {
    for (const { column, sign } of order) {
      const difference = compare(a[column], b[column]) * sign;
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const after = query.after;
  return rows
    .filter((row) =>
      Object.entries(query.where ?? {}).every(([column, wanted]) => {
        const condition = typeof wanted === 'object' ? wanted : { eq: wanted };
        const value = row[column] ?? null;
        if (value === null) return Object.keys(condition).length === 0;
        return (
          (condition.eq === undefined || compare(value, condition.eq) === 0) &&
          (condition.in === undefined || condition.in.some((one) => compare(value, one) === 0)) &&
          (condition.gte === undefined || compare(value, condition.gte) >= 0) &&
          (condition.gt === undefined || compare(value, condition.gt) > 0) &&
          (condition.lt === undefined || compare(value, condition.lt) < 0) &&
          (condition.lte === undefined || compare(value, condition.lte) <= 0)
        );
      }),
    )
    .sort(by)
    .filter((row) => !after || by(row, after) > 0)
    .slice(0, query.limit ?? Infinity);
};

const someText = fc.constantFrom('', 'a', 'b', 'B', 'ab', 'é', 'z%', "o'k", '10', '9', '\u{1F3C5}', '\uFFFD');
const someNumber = fc.constantFrom(-1, 0, 1, 2, 10, 1_380_000_000_000);
const someBooks = fc.uniqueArray(
  fc.record({
    shelf: fc.constantFrom('a', 'b', 'é'),
    id: someText,
    title: fc.option(someText, { freq: 2 }),
    pages: fc.option(someNumber, { freq: 2 }),
    price: fc.option(fc.constantFrom(-0.5, 0, 1.25, 2), { freq: 2 }),
    tags: fc.option(fc.array(someText, { maxLength: 2 })),
    lent: fc.constantFrom(0, 1),
  }),
  { selector: ({ shelf, id }) => JSON.stringify([shelf, id]), maxLength: 25 },
);
const conditionOn = (value: fc.Arbitrary<string | number>): fc.Arbitrary<NonNullable<Query['where']>[string]> =>
  fc.oneof(
    value,
    fc.record({ in: fc.array(value, { maxLength: 3 }) }),
    fc.record({ gte: value, lt: value }),
    fc.record({ gt: value }),
    fc.record({ lte: value }),
    fc.record({ eq: value }),
  );
const someWhere = fc.oneof(fc.constant({}), fc.record(
  { shelf: conditionOn(fc.constantFrom('a', 'b', 'é')), title: conditionOn(someText), pages: conditionOn(someNumber), lent: fc.constantFrom(0, 1) },
  { requiredKeys: [] },
));
const someOrder = fc
  .uniqueArray(fc.constantFrom('shelf', 'id', 'title', 'pages', 'price', 'lent'), { maxLength: 3 })
  .chain((columns) => fc.tuple(...columns.map((column) => fc.constantFrom(column, `-${column}`))));

/** What every read-model store promises; each adapter runs it. */
export const readModelContract = (name: string, open: () => Promise<ReadModelsUnderTest>): void => {
  describe(`read models: ${name}`, () => {
    let models: ReadModelsUnderTest;
    let store: ReadModelStore;
    beforeEach(async () => {
      models = await open();
      store = models.store;
      await store.register([LIBRARY]);
    });
    afterEach(() => models.discard());
    const restart = async (): Promise<void> => {
      store = await models.restart();
    };

    describe('writes', () => {
      it('put inserts, then replaces the whole row', async () => {
        await write(store, 1, put('book', { shelf: 'a', id: '1', title: 'One', pages: 10, price: 1.5, tags: ['x', { y: null }], lent: true }));
        expect(await store.get('book', { shelf: 'a', id: '1' })).toEqual(
          book('a', '1', { title: 'One', pages: 10, price: 1.5, tags: ['x', { y: null }], lent: 1 }),
        );
        await write(store, 2, put('book', { shelf: 'a', id: '1', lent: false }));
        expect(await store.get('book', { shelf: 'a', id: '1' })).toEqual(book('a', '1', { lent: 0 }));
        expect(await store.get('book', { shelf: 'a', id: '2' })).toBeUndefined();
      });

      it('keep inserts an absent row and leaves a present one', async () => {
        await write(store, 1, { op: 'keep', collection: 'book', row: { shelf: 'a', id: '1', title: 'first' } });
        await write(store, 2, { op: 'keep', collection: 'book', row: { shelf: 'a', id: '1', title: 'second' } });
        expect(await store.find('book', {})).toEqual([book('a', '1', { title: 'first' })]);
      });

      it('patch sets columns of a present row and ignores an absent one', async () => {
        const patch = (id: string, set: Row): Write => ({ op: 'patch', collection: 'book', key: { shelf: 'a', id }, set });
        await write(store, 1, put('book', { shelf: 'a', id: '1', title: 'One', pages: 7 }), patch('1', { pages: 8, tags: { a: 1 } }), patch('2', { pages: 8 }));
        expect(await store.find('book', {})).toEqual([book('a', '1', { title: 'One', pages: 8, tags: { a: 1 } })]);
        await write(store, 2, patch('1', { title: null }), patch('1', {}));
        expect(await store.find('book', {})).toEqual([book('a', '1', { pages: 8, tags: { a: 1 } })]);
      });

      it('add counts from 0 where the row or the column has no value', async () => {
        const add = (id: string, amounts: Record<string, number>): Write => ({ op: 'add', collection: 'book', key: { shelf: 'a', id }, add: amounts });
        await write(store, 1, put('book', { shelf: 'a', id: '1', title: 'One', price: 0.5 }));
        await write(store, 2, add('1', { pages: 2, price: 0.25 }), add('1', { pages: -5 }), add('2', { lent: 3 }));
        expect(await store.find('book', {})).toEqual([
          book('a', '1', { title: 'One', pages: -3, price: 0.75 }),
          book('a', '2', { lent: 3 }),
        ]);
      });

      it('forget takes all rows away that have the values, those of the same batch too, in its turn', async () => {
        const forget = (where: Readonly<Record<string, string | number>>): Write => ({ op: 'forget', collection: 'book', where });
        await write(store, 1, put('book', book('a', '1', { title: 'x' })), put('book', book('a', '2', { title: 'y' })), put('book', book('b', '3', { title: 'x' })));
        await write(store, 2, put('book', book('c', '4', { title: 'x' })), forget({ title: 'x' }), put('book', book('d', '5', { title: 'x' })), put('book', book('b', '3', { title: 'z' })));
        expect((await store.find('book', { orderBy: ['id'] })).map(({ id }) => id)).toEqual(['2', '3', '5']);
        await write(store, 3, forget({ shelf: 'd', title: 'x' }), forget({ title: 'nothing' }));
        await write(store, 4, { op: 'keep', collection: 'book', row: book('d', '5', { title: 'again' }) });
        expect((await store.find('book', { orderBy: ['id'] })).map(({ id, title }) => [id, title])).toEqual([['2', 'y'], ['3', 'z'], ['5', 'again']]);
        await expect(write(store, 5, forget({}))).rejects.toMatchObject({ code: 'USAGE' });
        await expect(write(store, 5, forget({ tags: 'x' }))).rejects.toMatchObject({ code: 'USAGE' });
      });

      it('remove takes the row away, and an absent one is no error', async () => {
        const remove = (id: string): Write => ({ op: 'remove', collection: 'book', key: { shelf: 'a', id } });
        await write(store, 1, put('book', { shelf: 'a', id: '1' }), put('book', { shelf: 'a', id: '2' }));
        await write(store, 2, remove('1'), remove('9'));
        expect(await store.find('book', {})).toEqual([book('a', '2')]);
      });

      it('takes hold of a row by a single integer key too', async () => {
        await write(store, 1, put('loan', { position: 9, reader: 'r' }), put('loan', { position: 3, reader: 'q' }), put('loan', { position: 9, reader: 's' }));
        expect(await store.find('loan', {})).toEqual([
          { position: 3, reader: 'q', note: null },
          { position: 9, reader: 's', note: null },
        ]);
        expect(await store.get('loan', { position: 9 })).toEqual({ position: 9, reader: 's', note: null });
      });

      it.each<[string, Write]>([
        ['a column that does not exist', put('book', { shelf: 'a', id: '1', colour: 'red' })],
        ['a key without a value', put('book', { shelf: 'a', title: 'x' })],
        ['an integer key without a value', put('loan', { reader: 'x' })],
        ['a collection that does not exist', put('film', { id: '1' })],
        ['a change of the key', { op: 'patch', collection: 'book', key: { shelf: 'a', id: '1' }, set: { id: '2' } }],
        ['adding to a text', { op: 'add', collection: 'book', key: { shelf: 'a', id: '1' }, add: { title: 1 } }],
      ])('refuses %s, and with it the whole batch', async (_what, wrong) => {
        await expect(write(store, 5, put('book', { shelf: 'a', id: '1' }), wrong)).rejects.toMatchObject({ code: 'USAGE' });
        expect(await store.count('book')).toBe(0);
        expect(await store.checkpoint('library')).toBe(-1);
        await write(store, 5, put('book', { shelf: 'a', id: '1' }));
        expect(await store.count('book')).toBe(1);
      });
    });

    describe('checkpoints', () => {
      it('start at -1 and move with the writes', async () => {
        expect(await store.checkpoint('library')).toBe(-1);
        expect(await store.checkpoint('unheard-of')).toBe(-1);
        await write(store, 7);
        expect(await store.checkpoint('library')).toBe(7);
        expect(await (await generationOf(store, 'library')).checkpoint()).toBe(7);
      });

      it('make a repeated batch change nothing', async () => {
        const add: Write = { op: 'add', collection: 'book', key: { shelf: 'a', id: '1' }, add: { pages: 1 } };
        await write(store, 3, add);
        await write(store, 3, add);
        await write(store, 2, add);
        expect(await store.find('book', {})).toEqual([book('a', '1', { pages: 1 })]);
        expect(await store.checkpoint('library')).toBe(3);
        await restart();
        await store.register([LIBRARY]);
        await write(store, 3, add);
        expect(await store.find('book', {})).toEqual([book('a', '1', { pages: 1 })]);
      });

      it('move for several projections at once; a batch that is wrong moves nothing of its own', async () => {
        await store.register([LIBRARY, SECOND]);
        const first = await generationOf(store, 'library');
        const second = await generationOf(store, 'second');
        const good = { generation: first, writes: [put('book', { shelf: 'a', id: '1' })], checkpoint: 4 };
        await expect(
          store.apply([good, { generation: second, writes: [put('other', { id: '1', wrong: 1 })], checkpoint: 4 }]),
        ).rejects.toMatchObject({ code: 'USAGE' });
        expect([await store.checkpoint('second'), await store.count('other')]).toEqual([-1, 0]);
        await store.apply([good, { generation: second, writes: [put('other', { id: '1', count: 1 })], checkpoint: 4 }]);
        expect([await store.checkpoint('library'), await store.checkpoint('second')]).toEqual([4, 4]);
        expect([await store.count('book'), await store.count('other')]).toEqual([1, 1]);
      });

      it('a projection may write only into its own collections', async () => {
        await store.register([LIBRARY, SECOND]);
        await expect(write(store, 1, put('other', { id: '1' }))).rejects.toMatchObject({ code: 'USAGE' });
        await expect(store.register([{ ...SECOND, name: 'thief', collections: [BOOKS] }])).rejects.toMatchObject({ code: 'USAGE' });
      });
    });

    describe('queries', () => {
      const all = ['1', '2', '3', '4'].map((id, i) => book(i < 2 ? 'a' : 'b', id, { title: `t${id}`, pages: i === 3 ? null : 10 - i }));
      const ids = async (query: Query): Promise<string> => (await store.find('book', query)).map(({ id }) => id as string).join('');
      beforeEach(() => write(store, 1, ...all.map((row) => put('book', row))));

      it('filter, order and limit', async () => {
        expect(await ids({})).toBe('1234');
        expect(await ids({ where: { shelf: 'b' } })).toBe('34');
        expect(await ids({ where: { shelf: 'a', id: { in: ['2', '3'] } } })).toBe('2');
        expect(await ids({ where: { id: { in: [] } } })).toBe('');
        expect(await ids({ where: { pages: { gt: 8 } }, orderBy: ['pages'] })).toBe('21');
        expect(await ids({ orderBy: ['pages'] })).toBe('4321');
        expect(await ids({ orderBy: ['-pages'], limit: 2 })).toBe('12');
        expect(await ids({ orderBy: ['-shelf'], limit: 0 })).toBe('');
      });

      it('count what they would find', async () => {
        expect(await store.count('book')).toBe(4);
        expect(await store.count('book', { pages: { gte: 8, lt: 10 } })).toBe(2);
      });

      it('put rows without a value first, on every page', async () => {
        const next = { '': '4', '4': '3', '43': '2', '432': '1' } as const;
        for (const [before, id] of Object.entries(next)) {
          const after = all.find((row) => row['id'] === before.at(-1));
          expect(await ids({ orderBy: ['lent', 'pages'], limit: 1, ...(after && { after }) })).toBe(id);
        }
        await write(store, 2, put('book', book('a', '5', { pages: 1 })), put('book', book('a', '6')));
        const five = await store.get('book', { shelf: 'a', id: '5' });
        expect(await ids({ orderBy: ['shelf', '-pages'], ...(five && { after: five }) })).toBe('634');
      });

      it.each<[string, Query]>([
        ['a column that does not exist', { where: { 'id" or 1=1 --': 'x' } }],
        ['an inherited name', { where: { constructor: 'x' } }],
        ['a filter on JSON', { where: { tags: 'x' } }],
        ['an order by JSON', { orderBy: ['tags'] }],
        ['an order by no column', { orderBy: ['pages desc'] }],
        ['a value that is none', { where: { pages: NaN } }],
        ['a page after a row without the ordering columns', { orderBy: ['pages'], after: { shelf: 'a', id: '1' } }],
        ['a limit below 0', { limit: -5 }],
      ])('refuse %s', async (_what, query) => {
        await expect(store.find('book', query)).rejects.toMatchObject({ code: 'USAGE' });
      });

      it('refuse a collection that does not exist', async () => {
        await expect(store.find('film', {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
      });
    });

    it('answers any query as the slow and obvious way does, page by page too', async () => {
      let checkpoint = 0;
      await fc.assert(
        fc.asyncProperty(someBooks, someWhere, someOrder, fc.integer({ min: 1, max: 5 }), async (rows, where, orderBy, limit) => {
          const old = (await store.find('book', {})).map((row): Write => ({ op: 'remove', collection: 'book', key: { shelf: row['shelf'], id: row['id'] } }));
          await write(store, ++checkpoint, ...old, ...rows.map((row) => put('book', row)));
          const answer = expected(rows, { where, orderBy });
          expect(await store.find('book', { where, orderBy })).toEqual(answer);
          expect(await store.count('book', where)).toBe(answer.length);

          const paged: Row[] = [];
          for (;;) {
            const after = paged.at(-1);
            const page = await store.find('book', { where, orderBy, limit, ...(after && { after }) });
            expect(page).toEqual(expected(rows, { where, orderBy, limit, ...(after && { after }) }));
            paged.push(...page);
            if (page.length < limit) break;
          }
          expect(paged).toEqual(answer);
        }),
        { numRuns: 150 },
      );
    });

    describe('generations', () => {
      const next = { ...LIBRARY, version: 2, collections: [{ ...BOOKS, columns: { ...BOOKS.columns, author: 'text' as const } }, LOANS] };
      const titles = async (reader: ReadModelReader): Promise<string> => (await reader.find('book', {})).map(({ title }) => title as string).join();
      const build = async (checkpoint: number, ...writes: Write[]): Promise<void> =>
        store.apply([{ generation: await generationOf(store, 'library', 'building'), writes, checkpoint }]);
      beforeEach(() => write(store, 10, put('book', { shelf: 'a', id: '1', title: 'old' })));

      it('survive a restart', async () => {
        await restart();
        await store.register([LIBRARY]);
        expect(await titles(store)).toBe('old');
        expect(await store.projections()).toEqual([{ name: 'library', version: 1, generation: expect.any(Number) as number, checkpoint: 10 }]);
      });

      it('serve the old one, until the new one is promoted, to every reader', async () => {
        await restart();
        await store.register([next]);
        const reader = await models.openReader();
        expect(await titles(reader)).toBe('old');
        // the code cannot write the shape of the old generation any more: it stays as it is
        expect((await store.generations()).map(({ state }) => state)).toEqual(['building']);
        await build(5, put('book', { shelf: 'a', id: '1', title: 'new', author: 'me' }));
        expect([await titles(reader), await titles(store)]).toEqual(['old', 'old']);
        expect([await reader.checkpoint('library'), await store.checkpoint('library')]).toEqual([10, 10]);
        expect(await reader.projections()).toMatchObject([{ name: 'library', version: 1, checkpoint: 10, rebuilding: { checkpoint: 5 } }]);

        await store.promote('library');
        expect([await titles(reader), await titles(store)]).toEqual(['new', 'new']);
        expect(await reader.get('book', { shelf: 'a', id: '1' })).toMatchObject({ author: 'me' });
        expect(await reader.projections()).toEqual([{ name: 'library', version: 2, generation: expect.any(Number) as number, checkpoint: 5 }]);
        expect((await store.generations()).map(({ state }) => state)).toEqual(['live']);
        await write(store, 6, put('book', { shelf: 'a', id: '2', title: 'later' }));
        expect(await titles(reader)).toBe('new,later');
        await reader.close();
      });

      it('go on building the same one after a restart', async () => {
        await store.rebuild('library');
        await build(4, put('book', { shelf: 'a', id: '1', title: 'new' }));
        const { generation } = await generationOf(store, 'library', 'building');
        await restart();
        await store.register([LIBRARY]);
        const again = await generationOf(store, 'library', 'building');
        expect([again.generation, await again.checkpoint()]).toEqual([generation, 4]);
      });

      it('are fed both while the same code rebuilds', async () => {
        await store.rebuild('library');
        await write(store, 11, put('book', { shelf: 'a', id: '2', title: 'more' }));
        await build(1, put('book', { shelf: 'a', id: '1', title: 'again' }));
        expect(await titles(store)).toBe('old,more');
        await store.promote('library');
        expect(await titles(store)).toBe('again');
      });

      it('give up one that is being built when other code comes or it starts anew', async () => {
        await store.register([next]);
        const stale = await generationOf(store, 'library', 'building');
        await store.rebuild('library');
        const fresh = await generationOf(store, 'library', 'building');
        expect(fresh.generation).not.toBe(stale.generation);
        await store.apply([{ generation: stale, writes: [put('book', { shelf: 'a', id: '1' })], checkpoint: 99 }]); // ignored
        expect(await fresh.checkpoint()).toBe(-1);
        await store.register([LIBRARY]); // back to the code that wrote the live one
        expect((await store.generations()).map(({ state }) => state)).toEqual(['live']);
        await store.promote('library'); // nothing to promote
        expect(await titles(store)).toBe('old');
      });

      it('show a collection to readers that were there before it', async () => {
        const reader = await models.openReader();
        await expect(reader.count('other')).rejects.toMatchObject({ code: 'NOT_FOUND' });
        await store.register([LIBRARY, SECOND]);
        expect(await reader.count('other')).toBe(0);
        await reader.close();
      });

      it('are told of some projections alone where these are named', async () => {
        await store.register([LIBRARY, SECOND]);
        expect((await store.generations(['second'])).map(({ projection }) => projection)).toEqual(['second']);
        expect(await store.generations(['nobody'])).toEqual([]);
      });

      it('of one projection are independent of another', async () => {
        await store.register([LIBRARY, SECOND]);
        await store.rebuild('second');
        await store.promote('second');
        expect(await titles(store)).toBe('old');
        await expect(store.rebuild('unheard-of')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      });
    });

    it('is of no use once closed', async () => {
      await store.close();
      await store.close();
      await expect(store.find('book', {})).rejects.toMatchObject({ code: 'STORE_CLOSED' });
      await expect(store.promote('library')).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    });
  });
};
