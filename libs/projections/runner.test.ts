import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ProofmarkError } from '#domain/errors.js';
import { contentHash } from '#domain/ids.js';
import type { LogEvent } from '#domain/log-event.js';
import { ALL_PROJECTIONS } from './all.js';
import { openEmbeddedReadModels } from './embedded.js';
import { placed, someEvent, T0 } from './fixtures.js';
import { inMemoryLog, type InMemoryLog } from './in-memory-log.js';
import { decode } from './log-entries.js';
import { projectionProgress, type ProjectionProgress, type ProjectionState } from './progress.js';
import type { Projection } from './projection.js';
import type { ReadModelReader, ReadModelStore } from './read-model.js';
import { runProjections, type ProjectionRun, type RunProjectionsOptions } from './runner.js';

const WAIT = 30_000; // a bound for what must happen, never a pace

/** A projection that keeps the position of every event; `version` and failures as the test likes. */
const positions = (name: string, version = 1, project: Projection['project'] = (entries) =>
  entries.map(({ recorded: { position } }) => ({ op: 'add', collection: name, key: { position }, add: { seen: 1 } }))): Projection => ({
  name,
  version,
  collections: [{ name, columns: { position: 'integer', seen: 'integer' }, key: ['position'] }],
  project,
});

/** A digest of everything that readers can see. */
const digest = async (reader: ReadModelReader, projections: readonly Projection[]): Promise<string> => {
  const all: unknown[] = [];
  for (const { name } of projections.flatMap(({ collections }) => collections)) all.push([name, await reader.find(name, {})]);
  return contentHash(all);
};

describe('running projections', () => {
  let dir: string;
  let log: InMemoryLog;
  let readModels: ReadModelStore;
  let progress: ProjectionProgress;
  let stops: (() => Promise<void>)[];
  const watchers = new Set<(states: readonly ProjectionState[]) => void>();
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'projections-'));
    log = inMemoryLog(3);
    readModels = openEmbeddedReadModels({ dir });
    progress = projectionProgress();
    stops = [];
  });
  afterEach(async () => {
    for (const stop of stops) await stop();
    await readModels.close();
    rmSync(dir, { recursive: true });
  });

  const record = (event: LogEvent): number => {
    const { stream } = placed(event);
    return log.record(stream, event);
  };
  const enrol = (i: number): number =>
    record({ type: 'Enrolled', id: `e${i}`, source: 'lms', learner: `l${i}`, course: 'c1', time: T0 + i });
  const start = (projections: readonly Projection[], more: Partial<RunProjectionsOptions> = {}): { run: ProjectionRun; stop: () => Promise<void> } => {
    const end = new AbortController();
    progress.report([]); // what an earlier run said is over
    const run = runProjections({
      store: log, readModels, projections, signal: end.signal, batchSize: 4, retryMs: 1, ...more,
      onProgress: (states) => {
        more.onProgress?.(states);
        progress.report(states);
        for (const look of watchers) look(states);
      },
    });
    const stop = async (): Promise<void> => {
      end.abort();
      await run.done;
    };
    stops.push(stop);
    return { run, stop };
  };
  const seen = async (name: string): Promise<readonly unknown[]> =>
    (await readModels.find(name, {})).map((row) => [row['position'], row['seen']]);
  const reached = (projection: string, position: number): Promise<boolean> => progress.waitFor(projection, position, WAIT);
  /** Waits until what the run reports satisfies the test. */
  const until = (holds: (states: readonly ProjectionState[]) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (states: readonly ProjectionState[]): void => {
        if (!holds(states)) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look(progress.list());
    });

  it('show what was there and then what comes, each event once', async () => {
    for (let i = 0; i < 10; i++) enrol(i);
    start([positions('a'), positions('b')]);
    expect(await reached('a', 30)).toBe(true);
    const last = enrol(10);
    expect([await reached('a', last), await reached('b', last)]).toEqual([true, true]);
    expect(await seen('a')).toEqual(Array.from({ length: 11 }, (_, i) => [(i + 1) * 3, 1]));
    expect(await seen('b')).toEqual(await seen('a'));
  });

  it('go on where they were after a restart', async () => {
    for (let i = 0; i < 5; i++) enrol(i);
    const first = start([positions('a')]);
    await reached('a', 15);
    await first.stop();
    const last = enrol(5);
    start([positions('a')]);
    expect(await reached('a', last)).toBe(true);
    expect((await seen('a')).every((row) => (row as number[])[1] === 1)).toBe(true);
  });

  it('let a new projection catch up beside the ones at the head', async () => {
    for (let i = 0; i < 9; i++) enrol(i);
    const first = start([positions('a')]);
    await reached('a', 27);
    await first.stop();
    start([positions('a'), positions('b')]);
    const last = enrol(9);
    expect([await reached('a', last), await reached('b', last)]).toEqual([true, true]);
    expect(await seen('b')).toEqual(await seen('a'));
  });

  it('give each event once to projections that are behind by different distances', async () => {
    for (let i = 0; i < 9; i++) enrol(i);
    const first = start([positions('a')]);
    await reached('a', 27);
    await first.stop();
    const all = [positions('a'), positions('b'), positions('c')];
    await readModels.register(all);
    const b = (await readModels.generations()).filter(({ projection }) => projection === 'b');
    const { entries } = decode(await log.readAll({ after: -1, limit: 2 }));
    await readModels.apply(b.map((generation) => ({ generation, writes: positions('b').project(entries), checkpoint: 6 })));
    start(all);
    expect([await reached('b', 27), await reached('c', 27)]).toEqual([true, true]);
    expect(await seen('b')).toEqual(await seen('a'));
    expect(await seen('c')).toEqual(await seen('a'));
  });

  it('serve the old generation until the new code has caught up', async () => {
    for (let i = 0; i < 9; i++) enrol(i);
    const first = start([positions('a')]);
    await reached('a', 27);
    await first.stop();
    const served: number[] = [];
    const rebuilt = positions('a', 2, (entries) => entries.map(({ recorded: { position } }) => ({ op: 'put', collection: 'a', row: { position, seen: 2 } })));
    start([rebuilt], {
      onProgress: (states) => {
        if (states.some(({ state }) => state === 'building')) void readModels.find('a', { limit: 1 }).then(([row]) => served.push(row?.['seen'] as number));
      },
    });
    await until((states) => states.some(({ state, checkpoint }) => state === 'live' && checkpoint === 27));
    expect(served.length).toBeGreaterThan(1);
    expect(new Set(served)).toEqual(new Set([1]));
    expect(await seen('a')).toEqual(Array.from({ length: 9 }, (_, i) => [(i + 1) * 3, 2]));
    expect((await readModels.projections())[0]).toMatchObject({ version: 2, checkpoint: 27 });
  });

  it('rebuild while they run, and on an empty log', async () => {
    const { run } = start([positions('a')]);
    for (const events of [0, 9]) {
      for (let i = 0; i < events; i++) enrol(i);
      await until((states) => states.some(({ checkpoint }) => checkpoint >= events * 3 || events === 0));
      const old = (await readModels.projections())[0]?.generation ?? 0;
      await run.rebuild('a');
      await until((states) => states.some(({ generation, state }) => generation > old && state === 'live'));
      expect(await seen('a')).toEqual(Array.from({ length: events }, (_, i) => [(i + 1) * 3, 1]));
    }
    const last = enrol(9);
    expect(await reached('a', last)).toBe(true);
    expect(await readModels.projections()).toHaveLength(1);
  });

  it.each([
    ['of a newer schema version', { type: 'Enrolled', schema: 99, json: '{}' }, 'schema version 99'],
    ['of an unknown type', { type: 'Surprise', schema: 1, json: '{}' }, '"Surprise"'],
    ['that is no JSON', { type: 'Enrolled', schema: 1, json: '{' }, 'log position 9'],
  ])('stop before an event %s and skip nothing', async (_what, unreadable, message) => {
    enrol(0);
    enrol(1);
    log.recordRaw('learner-t.x', unreadable);
    enrol(3);
    start([positions('a'), positions('b')]);
    expect(await reached('a', 12)).toBe(false);
    expect(progress.list()).toMatchObject([
      { projection: 'a', status: 'parked', checkpoint: 6, message: expect.stringContaining(message) as string },
      { projection: 'b', status: 'parked', checkpoint: 6, message: expect.stringContaining(message) as string },
    ]);
    expect(await seen('a')).toEqual([[3, 1], [6, 1]]);
  });

  it.each<[string, Projection['project']]>([
    ['throws', () => { throw new Error('of a bug'); }],
    ['writes what its collection does not take', () => [{ op: 'put', collection: 'bad', row: { position: 1, of_a_bug: 1 } }]],
  ])('park a projection that %s, and it alone', async (_how, project) => {
    enrol(0);
    start([positions('bad', 1, project), positions('good')]);
    expect(await reached('good', 3)).toBe(true);
    const last = enrol(1);
    expect(await reached('good', last)).toBe(true);
    expect(await reached('bad', 3)).toBe(false);
    expect(progress.list()).toMatchObject([
      { projection: 'bad', status: 'parked', checkpoint: -1, message: expect.stringMatching(/of.a.bug/) as string },
      { projection: 'good', status: 'following', checkpoint: last },
    ]);
  });

  it.each(['STORE_FULL', 'STORE_UNAVAILABLE'] as const)('wait while there is %s, then go on', async (code) => {
    let failing = 3;
    const states: string[] = [];
    enrol(0);
    start([positions('a')], {
      readModels: {
        ...readModels,
        apply: async (batches) => {
          if (failing-- > 0) throw new ProofmarkError(code, 'not now');
          return readModels.apply(batches);
        },
      },
      onProgress: (all) => states.push(...all.map(({ status }) => status)),
    });
    expect(await reached('a', 3)).toBe(true);
    expect(states.filter((status) => status === 'waiting')).toHaveLength(3);
    expect(await seen('a')).toEqual([[3, 1]]);
  });

  it('start and promote when the read models come back within reach', async () => {
    enrol(0);
    const away = { register: 2, generations: 2, promote: 2 };
    const first = async <T>(name: keyof typeof away, work: () => Promise<T>): Promise<T> => {
      if (away[name]-- > 0) throw new ProofmarkError('STORE_UNAVAILABLE', 'not now');
      return work();
    };
    const { run } = start([positions('a')], {
      readModels: {
        ...readModels,
        register: (all) => first('register', () => readModels.register(all)),
        generations: () => first('generations', () => readModels.generations()),
        promote: (name) => first('promote', () => readModels.promote(name)),
      },
    });
    expect(await reached('a', 3)).toBe(true);
    const [before] = await readModels.projections();
    away.generations = 2;
    await run.rebuild('a');
    await until((states) => states.some(({ generation, state }) => state === 'live' && generation > (before?.generation ?? 0)));
    expect(Math.max(...Object.values(away))).toBeLessThan(0);
    expect(await seen('a')).toEqual([[3, 1]]);
  });

  it('go on from where another program has brought a projection', async () => {
    for (let i = 0; i < 6; i++) enrol(i);
    let others = 1;
    start([positions('a')], {
      readModels: {
        ...readModels,
        apply: async (batches) => {
          if (others-- > 0) {
            const { entries } = decode(await log.readAll({ after: -1, limit: 5 }));
            const generation = batches[0]?.generation;
            if (generation) await readModels.apply([{ generation, writes: positions('a').project(entries), checkpoint: 15 }]);
            throw new ProofmarkError('CONCURRENT_CHANGE', 'the other one was first');
          }
          return readModels.apply(batches);
        },
      },
    });
    expect(await reached('a', 18)).toBe(true);
    expect(await seen('a')).toEqual([3, 6, 9, 12, 15, 18].map((position) => [position, 1]));
  });

  it('end with the failure when the read models fail for good', async () => {
    enrol(0);
    const end = new AbortController();
    const { done } = runProjections({
      store: log,
      readModels: { ...readModels, apply: async () => Promise.reject(new ProofmarkError('STORE_FAILED', 'the disk is gone')) },
      projections: [positions('a')],
      signal: end.signal,
    });
    await expect(done).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  it('read only the categories that are asked for', async () => {
    enrol(0);
    record({ type: 'CourseOpened', id: 'o', source: 'lms', course: 'c1', time: T0 });
    start([positions('a')], { categories: ['course'] });
    expect(await reached('a', 6)).toBe(true);
    expect(await seen('a')).toEqual([[6, 1]]);
  });

  it('give the same rows live, rebuilt, in any batches, and across a crash between batches', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someEvent, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), fc.nat(40), async (events, batchSize, crash) => {
        const home = mkdtempSync(join(tmpdir(), 'projections-'));
        const store = inMemoryLog();
        const watch = projectionProgress();
        let models = openEmbeddedReadModels({ dir: home });
        const end = new AbortController();
        const run = runProjections({ store, readModels: models, projections: ALL_PROJECTIONS, signal: end.signal, batchSize, onProgress: watch.report });
        for (const event of events) store.record(placed(event).stream, event);
        for (const { name } of ALL_PROJECTIONS) if (events.length > 0) await watch.waitFor(name, events.length, WAIT);
        end.abort();
        await run.done;
        const live = await digest(models, ALL_PROJECTIONS);

        // everything anew, in one batch up to an arbitrary point, which is then repeated
        for (const { name } of ALL_PROJECTIONS) await models.rebuild(name);
        for (const to of [crash, crash, crash - 1, events.length]) {
          const { entries } = decode(await store.readAll({ after: -1, limit: Math.max(0, Math.min(to, events.length)) }));
          const last = entries.at(-1)?.recorded.position;
          if (last === undefined) continue;
          for (const generation of (await models.generations()).filter(({ state }) => state === 'building')) {
            const checkpoint = await generation.checkpoint();
            // what a process that forgot its checkpoint would send, and what one that knows it sends
            const fresh = last <= checkpoint ? entries : entries.filter(({ recorded }) => recorded.position > checkpoint);
            const projection = ALL_PROJECTIONS.find(({ name }) => name === generation.projection);
            await models.apply([{ generation, writes: projection?.project(fresh) ?? [], checkpoint: last }]);
          }
          await models.close();
          models = openEmbeddedReadModels({ dir: home });
          await models.register(ALL_PROJECTIONS);
        }
        for (const { name } of ALL_PROJECTIONS) await models.promote(name);
        expect(await digest(models, ALL_PROJECTIONS)).toBe(live);
        await models.close();
        rmSync(home, { recursive: true });
      }),
      { numRuns: 40 },
    );
  });
});

describe('waiting for a projection', () => {
  const state = (checkpoint: number, more: object = {}) =>
    ({ projection: 'a', generation: 1, state: 'live', checkpoint, status: 'following', ...more }) as const;

  it('ends when the live generation shows the position, whoever else reports', async () => {
    const progress = projectionProgress();
    const wait = progress.waitFor('a', 5, WAIT);
    let settled = false;
    void wait.then(() => (settled = true));
    progress.report([state(4), { ...state(9), state: 'building' }]);
    await Promise.resolve();
    expect(settled).toBe(false);
    progress.report([state(5)]);
    expect(await wait).toBe(true);
    expect(await progress.waitFor('a', 5, 0)).toBe(true);
  });

  it('ends without it after the time, or at once when parked', async () => {
    const progress = projectionProgress();
    expect(await progress.waitFor('a', 1, 1)).toBe(false);
    expect(await progress.waitFor('a', 1, 0)).toBe(false);
    const wait = progress.waitFor('a', 5, WAIT);
    progress.report([{ ...state(4), status: 'parked', message: 'why' }]);
    expect(await wait).toBe(false);
    expect(await progress.waitFor('a', 4, WAIT)).toBe(true);
  });
});
