import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ALL_PROJECTIONS } from '#projections/all.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import { placed, someEvent, T0 } from '#projections/fixtures.js';
import { inMemoryLog, type InMemoryLog } from '#projections/in-memory-log.js';
import { openMongoReadModels } from '#projections/mongodb.js';
import { projectionProgress } from '#projections/progress.js';
import type { Projection } from '#projections/projection.js';
import type { Collection, ReadModelReader, ReadModelStore, Write } from '#projections/read-model.js';
import { runProjections } from '#projections/runner.js';
import { itUnless } from '../where-possible.js';
import { describeOn, describeOnOwn } from './describe-on.js';
import { startFerretDb } from './ferretdb.js';
import { dropDatabases, newDatabase } from './mongo-databases.js';
import { openMongoProxy } from './mongo-proxy.js';

const uri = process.env['MONGODB_URI'] ?? '';
/** `it` where a proxy can stand before the server: before one, whose words it can read. */
const proxied = (name: string, run: () => Promise<void>, timeoutMs?: number): void => {
  const readable = /^mongodb:\/\/[^,]*$/.test(uri) && !/(tls|ssl)=true/.test(uri);
  itUnless(readable ? undefined : 'MONGODB_URI names several servers, or has TLS, so that no proxy can stand in between', name, run, timeoutMs);
};
const WAIT = 100_000; // a bound for what must happen, never a pace

const COUNTERS: Collection = { name: 'counter', columns: { id: 'text', hits: 'integer', first: 'integer', note: 'text' }, key: ['id'], indexes: [['note']] };
const PAIRS: Collection = { name: 'pair', columns: { a: 'text', b: 'integer', sum: 'real', data: 'json' }, key: ['a', 'b'] };
const MIXED = { name: 'mixed', version: 1, collections: [COUNTERS, PAIRS] };

/** Every kind of write at every position, on few rows, so that rows are written again and again. */
const writesAt = (position: number): readonly Write[] => {
  const key = { id: `c${position % 3}` };
  const pair = { a: `a${position % 2}`, b: position % 5 };
  return [
    { op: 'keep', collection: 'counter', row: { ...key, first: position } },
    { op: 'add', collection: 'counter', key, add: { hits: 1 } },
    { op: 'patch', collection: 'counter', key: { id: `c${(position + 1) % 3}` }, set: { note: `seen from ${position}` } },
    ...(position % 7 === 0 ? [{ op: 'remove', collection: 'counter', key: { id: `c${position % 2}` } } as const] : []),
    position % 4 === 0 ? { op: 'put', collection: 'pair', row: { ...pair, data: { 'a.b': position, $c: [null] } } } : { op: 'add', collection: 'pair', key: pair, add: { sum: 0.5 } },
    ...(position % 6 === 0 ? [{ op: 'remove', collection: 'pair', key: pair } as const] : []),
  ];
};
const stretch = (after: number, to: number): readonly Write[] => Array.from({ length: to - after }, (_, i) => writesAt(after + 1 + i)).flat();

const everything = async (reader: ReadModelReader, collections: readonly Collection[]): Promise<readonly unknown[]> => {
  const all: unknown[] = [];
  for (const { name } of collections) all.push([name, await reader.find(name, {})]);
  return all;
};

/** Applies the stretch up to a position from wherever the store stands, in batches of a size. */
const applyTo = async (store: ReadModelStore, to: number, size: number): Promise<void> => {
  await store.register([MIXED]);
  const [generation] = await store.generations();
  if (!generation) throw new Error('no generation');
  for (let at = Math.max(0, await generation.checkpoint()); at < to; ) {
    const next = Math.min(to, at + size);
    await store.apply([{ generation, writes: stretch(at, next), checkpoint: next }]);
    at = next;
  }
};

describeOn(['MONGODB_URI'], 'read models in MongoDB', () => {
  let dir: string;
  let database: string;
  const closing: (() => Promise<void>)[] = [];
  const databases: string[] = [];
  const fresh = (): string => {
    const name = newDatabase();
    databases.push(name);
    return name;
  };
  const open = (address = uri, waitMs = 5000, cacheBytes = 64_000_000): ReadModelStore => {
    const store = openMongoReadModels({ uri: address, database, waitMs, cacheBytes });
    closing.push(() => store.close());
    return store;
  };
  /** The rows that a fold of the stretch into fresh read models gives, by the embedded adapter. */
  const freshFold = async (to: number): Promise<readonly unknown[]> => {
    const home = mkdtempSync(join(dir, 'fresh-'));
    const store = openEmbeddedReadModels({ dir: home });
    await applyTo(store, to, to);
    const rows = await everything(store, MIXED.collections);
    await store.close();
    return rows;
  };
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'mongodb-'));
    database = fresh();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await dropDatabases(uri, databases.splice(0));
    rmSync(dir, { recursive: true });
  });

  for (const side of ['command', 'reply'] as const) proxied(`are right after a crash at the ${side} of any command of a batch, however the batches are cut then`, async () => {
    const proxy = await openMongoProxy(uri);
    closing.push(() => proxy.close());
    const before = await freshFold(5);
    const after = await freshFold(12);
    let [unfinished, crashes] = [0, 0];
    for (let command = 1; ; command++) {
      database = fresh();
      proxy.mend();
      const crashing = open(proxy.address, 500);
      await applyTo(crashing, 5, 2);
      const [generation] = await crashing.generations();
      if (!generation) throw new Error('no generation');
      proxy.breakAt(command, side);
      const outcome = await crashing.apply([{ generation, writes: stretch(5, 9), checkpoint: 9 }]).then(() => 'applied', (error: { code: string }) => error.code);
      if (!proxy.broken()) {
        expect(outcome).toBe('applied');
        break;
      }
      crashes++;
      expect(outcome).toBe('STORE_UNAVAILABLE');
      await crashing.close();

      // a reader beside it sees a checkpoint that the rows have reached
      const reader = open();
      expect([-1, 5, 9]).toContain(await reader.checkpoint('mixed'));
      const next = open();
      await next.register([MIXED]);
      const [again] = await next.generations();
      const reached = await again?.checkpoint();
      if (reached === 9) unfinished++;
      else expect(await everything(next, MIXED.collections)).toEqual(before);
      await applyTo(next, 12, 1 + (command % 7));
      expect(await everything(next, MIXED.collections)).toEqual(after);
      expect(await reader.checkpoint('mixed')).toBe(12);
    }
    expect(crashes).toBeGreaterThan(5);
    expect(unfinished).toBeGreaterThan(0);
  });

  proxied('are right when any command of a batch comes late, after another program has gone on', async () => {
    const proxy = await openMongoProxy(uri);
    closing.push(() => proxy.close());
    const after = await freshFold(14);
    const outcomes = new Set<string>();
    for (let command = 1; ; command++) {
      database = fresh();
      const late = open(proxy.address);
      await applyTo(late, 5, 2);
      const [generation] = await late.generations();
      if (!generation) throw new Error('no generation');
      const held = proxy.holdAt(command);
      const applying = late.apply([{ generation, writes: stretch(5, 9), checkpoint: 9 }]).then(() => 'applied', (error: { code: string }) => error.code);
      await Promise.race([held, applying]);
      const other = open();
      await applyTo(other, 8, 1);
      const finished = (await other.checkpoint('mixed')) === 9; // it found the commit and finished it
      if (finished) await applyTo(other, 14, 2);
      const shown = await everything(other, MIXED.collections);
      const wasHeld = proxy.release();
      const outcome = await applying;
      expect(await everything(other, MIXED.collections)).toEqual(shown); // what came late did nothing
      expect(outcome).toBe(finished ? 'applied' : 'CONCURRENT_CHANGE');
      await applyTo(late, 14, 2);
      expect(await everything(late, MIXED.collections)).toEqual(after);
      if (!wasHeld) break;
      outcomes.add(outcome);
    }
    expect([...outcomes].sort()).toEqual(['CONCURRENT_CHANGE', 'applied']);
  });

  it('give the same rows as the embedded ones for any batches, restarts and repetitions', async () => {
    const column = fc.constantFrom('x', 'y');
    const key = fc.record({ a: fc.constantFrom('p', 'é', ''), b: fc.constantFrom(0, 1, 2 ** 40) });
    const someWrite: fc.Arbitrary<Write> = fc.oneof(
      fc.tuple(fc.constantFrom('put', 'keep'), key, fc.record({ x: fc.integer(), t: fc.string(), j: fc.jsonValue() }, { requiredKeys: [] }))
        .map(([op, k, more]): Write => ({ op, collection: 'any', row: { ...k, ...more } })),
      fc.tuple(key, fc.record({ t: fc.option(fc.string()), y: fc.integer().map((n) => n / 8) }, { requiredKeys: [] }))
        .map(([k, set]): Write => ({ op: 'patch', collection: 'any', key: k, set })),
      fc.tuple(key, column, fc.integer({ min: -9, max: 9 })).map(([k, c, n]): Write => ({ op: 'add', collection: 'any', key: k, add: { [c]: n } })),
      key.map((k): Write => ({ op: 'remove', collection: 'any', key: k })),
    );
    const ANY: Collection = { name: 'any', columns: { a: 'text', b: 'integer', x: 'integer', y: 'real', t: 'text', j: 'json' }, key: ['a', 'b'] };
    const projection = { name: 'any', version: 1, collections: [ANY] };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ writes: fc.array(someWrite, { maxLength: 6 }), restart: fc.boolean(), repeat: fc.boolean() }), { maxLength: 6 }), fc.constantFrom(0, 900, 64_000_000), async (batches, cacheBytes) => {
        database = fresh();
        const home = mkdtempSync(join(dir, 'property-'));
        const model = openEmbeddedReadModels({ dir: home });
        await model.register([projection]);
        let store = open(uri, 5000, cacheBytes);
        await store.register([projection]);
        for (const [i, { writes, restart, repeat }] of batches.entries()) {
          if (restart) {
            await store.close();
            store = open(uri, 5000, cacheBytes);
            await store.register([projection]);
          }
          for (const one of repeat ? [model, store, store] : [model, store]) {
            const [generation] = await one.generations();
            if (generation) await one.apply([{ generation, writes, checkpoint: i * 10 }]);
          }
          expect(await store.find('any', {})).toEqual(await model.find('any', {}));
          expect(await store.count('any')).toBe(await model.count('any'));
        }
        await model.close();
        await store.close();
      }),
      { numRuns: 40, endOnFailure: true }, // a run takes long: no shrinking
    );
  });

  proxied('take a batch that is larger than a document, and finish it after a crash', async () => {
    const proxy = await openMongoProxy(uri);
    closing.push(() => proxy.close());
    const store = open(proxy.address);
    await store.register([MIXED]);
    const [generation] = await store.generations();
    if (!generation) throw new Error('no generation');
    const rows = Array.from({ length: 5 }, (_, i) => ({ id: `c${i}`, hits: i, first: null, note: `${i}é`.repeat(1_500_000) }));
    const writes = rows.map((row): Write => ({ op: 'put', collection: 'counter', row }));
    proxy.breakAt(6, 'command'); // five parts and the record that makes them count
    await expect(store.apply([{ generation, writes, checkpoint: 1 }])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    proxy.mend();
    expect(await generation.checkpoint()).toBe(-1);
    proxy.breakAt(7, 'command');
    await expect(store.apply([{ generation, writes, checkpoint: 1 }])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const next = open();
    await next.register([MIXED]);
    const [again] = await next.generations();
    expect(await again?.checkpoint()).toBe(1);
    expect(await next.find('counter', {})).toEqual(rows);
    await expect(
      next.apply([{ generation: again ?? generation, writes: [{ op: 'put', collection: 'counter', row: { id: 'x', note: 'x'.repeat(9_000_000) } }], checkpoint: 2 }]),
    ).rejects.toMatchObject({ code: 'USAGE' });
  });

  proxied('may be opened before the server is there, and closed without it', async () => {
    const proxy = await openMongoProxy(uri);
    closing.push(() => proxy.close());
    proxy.breakAt(1, 'command');
    const [store, other] = [open(proxy.address, 300), open(proxy.address, 300)];
    for (let i = 0; i < 2; i++) await expect(store.register([MIXED])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    const many = await Promise.allSettled([store.count('counter'), store.checkpoint('mixed'), store.projections(), store.find('counter', {})]);
    expect(many.map((one) => one.status === 'rejected' && (one.reason as { code: string }).code)).toEqual(many.map(() => 'STORE_UNAVAILABLE'));
    await expect(other.count('counter')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await other.close();
    proxy.mend();
    await store.register([MIXED]);
    expect(await store.count('counter')).toBe(0);
  });

  it('refuse an address that is none without telling it', () => {
    expect(() => openMongoReadModels({ uri: 'mongodb://user:secret@', database: 'x' })).toThrow(/^The address of MongoDB cannot be read/);
  });

  describe('fed by runners', () => {
    let log: InMemoryLog;
    const record = (event: Parameters<typeof placed>[0]): void => void log.record(placed(event).stream, event);
    const enrol = (i: number): void =>
      record({ type: 'Enrolled', id: `e${i}`, source: 'lms', learner: `l${i % 40}`, course: `c${i % 3}`, time: T0 + i * 3_600_000 });
    const run = (readModels: ReadModelStore, projections: readonly Projection[] = ALL_PROJECTIONS, batchSize = 25) => {
      const end = new AbortController();
      const progress = projectionProgress();
      const { done, rebuild } = runProjections({ store: log, readModels, projections, signal: end.signal, batchSize, retryMs: 50, onProgress: progress.report });
      const stop = async (): Promise<void> => {
        end.abort();
        await done;
      };
      closing.unshift(stop);
      const caughtUp = async (): Promise<void> => {
        for (const { name } of projections) expect(await progress.waitFor(name, await log.head(), WAIT)).toBe(true);
      };
      return { rebuild, stop, caughtUp, progress };
    };
    const all = ALL_PROJECTIONS.flatMap(({ collections }) => collections);
    const foldAfresh = async (): Promise<readonly unknown[]> => {
      const store = openEmbeddedReadModels({ dir: mkdtempSync(join(dir, 'fresh-')) });
      const { caughtUp, stop } = run(store, ALL_PROJECTIONS, 1000);
      await caughtUp();
      await stop();
      const rows = await everything(store, all);
      await store.close();
      return rows;
    };
    beforeEach(() => {
      log = inMemoryLog();
    });

    it('hold what every projection of Proofmark makes of any events', async () => {
      for (const event of fc.sample(someEvent, { numRuns: 300, seed: 7 })) record(event);
      const store = open();
      await run(store).caughtUp();
      expect(await everything(store, all)).toEqual(await foldAfresh());
    });

    it('are right when two programs write at once', async () => {
      for (let i = 0; i < 300; i++) enrol(i);
      const [first, second] = [open(), open()];
      const runs = [run(first, ALL_PROJECTIONS, 7), run(second, ALL_PROJECTIONS, 11)];
      for (let i = 300; i < 400; i++) enrol(i);
      for (const { caughtUp } of runs) await caughtUp();
      expect(await everything(first, all)).toEqual(await foldAfresh());
      for (const { name } of ALL_PROJECTIONS) expect(await second.checkpoint(name)).toBe(await log.head());
    });

    it('show readers a whole generation while it is rebuilt and switched, again and again', async () => {
      for (let i = 0; i < 120; i++) enrol(i);
      const store = open();
      const { rebuild, caughtUp, progress } = run(store);
      await caughtUp();
      const reader = openMongoReadModels({ uri: uri, database, readOnly: true });
      closing.push(() => reader.close());
      const whole = [await reader.count('timeline'), await reader.count('roster')];
      const generation = async (): Promise<number> => (await reader.projections()).find(({ name }) => name === 'growth-path')?.generation ?? 0;
      for (let round = 0; round < 3; round++) {
        const old = await generation();
        await rebuild('growth-path');
        await rebuild('roster');
        let reads = 0;
        while ((await generation()) === old) {
          expect([await reader.count('timeline'), await reader.count('roster')]).toEqual(whole);
          expect(await reader.find('timeline', { limit: 1000 })).toHaveLength(whole[0] ?? 0);
          reads++;
        }
        expect(reads).toBeGreaterThan(0);
      }
      expect(progress.list().every(({ status }) => status === 'following')).toBe(true);
    });

    proxied('go on when the way to the server was cut', async () => {
      const proxy = await openMongoProxy(uri);
      closing.push(() => proxy.close());
      for (let i = 0; i < 100; i++) enrol(i);
      const store = open(proxy.address, 300);
      const { caughtUp, progress } = run(store);
      const seen = new Promise<void>((resolve) => {
        const look = setInterval(() => {
          if (!proxy.broken() || !progress.list().some(({ status }) => status === 'waiting')) return;
          clearInterval(look);
          resolve();
        }, 5);
      });
      await progress.waitFor('roster', 1, WAIT);
      proxy.breakAt(4, 'command');
      for (let i = 100; i < 200; i++) enrol(i);
      await seen;
      await expect(store.checkpoint('roster')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      proxy.mend();
      await caughtUp();
      expect(await everything(store, all)).toEqual(await foldAfresh());
    });
  });
});

describeOnOwn('MONGODB_URI', 'read models in a server that is killed', () => {
  it('are whole after the server was killed and started again and again', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'ferretdb-'));
    const server = await startFerretDb(join(dir, 'data'));
    if ('skipped' in server) throw new Error(server.skipped);
    const log = inMemoryLog();
    const record = (i: number): void => {
      const event = { type: 'Enrolled', id: `e${i}`, source: 'lms', learner: `l${i % 40}`, course: 'c1', time: T0 + i } as const;
      log.record(placed(event).stream, event);
    };
    const store = openMongoReadModels({ uri: server.address, database: 'proofmark', waitMs: 300 });
    const end = new AbortController();
    const progress = projectionProgress();
    const { done } = runProjections({ store: log, readModels: store, projections: ALL_PROJECTIONS, signal: end.signal, batchSize: 10, retryMs: 50, onProgress: progress.report });
    let recorded = 0;
    for (let round = 1; round <= 4; round++) {
      for (; recorded < round * 100; recorded++) record(recorded);
      await progress.waitFor('roster', recorded - 90, WAIT); // in the middle of it
      await server.kill();
      await server.start();
    }
    for (const { name } of ALL_PROJECTIONS) expect(await progress.waitFor(name, recorded, WAIT)).toBe(true);
    expect(await store.count('timeline')).toBe(recorded);
    expect(await store.count('roster')).toBe(40);
    expect((await store.find('event_day', {})).reduce((sum, row) => sum + Number(row['events']), 0)).toBe(recorded);
    end.abort();
    await done;
    await store.close();
    await server.stop();
    rmSync(dir, { recursive: true });
  });
});
