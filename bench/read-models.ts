import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { learnerStream } from '#domain/streams.js';
import { ALL_PROJECTIONS } from '#projections/all.js';
import { openEmbeddedReadModels } from '#projections/embedded.js';
import { growthPath } from '#projections/growth-path.js';
import { inMemoryLog } from '#projections/in-memory-log.js';
import { projectionProgress } from '#projections/progress.js';
import { runProjections } from '#projections/runner.js';
import type { ReadModelStore, Write } from '#projections/read-model.js';

// Rates of the embedded read models: rows of the timeline, the whole set of projections, and reads while none writes.
const ROWS = Number(process.argv[2] ?? 300_000);
const LEARNERS = 28_000;
const T0 = Date.UTC(2024, 0, 1);
/** Spread evenly and repeatably over the learners: the worst case for anything that is kept by learner. */
const learnerOf = (i: number): string => `s${100_000 + ((i * 7919) % LEARNERS)}`;
const eventOf = (i: number) => ({
  type: 'AssignmentGraded' as const,
  id: `as:${i}`, source: 'lms', learner: learnerOf(i), course: `DDD-2013B-${((i * 7919) % LEARNERS) % 22}`, time: T0 + i * 20_000, activity: String(i % 97),
  score: i % 101, max: 100, kind: 'TMA', weight: 10, due: T0 + 86_400_000, title: 'Tutor-marked assignment', tags: ['written', 'graded'],
});

const withStore = async (name: string, measure: (store: ReadModelStore) => Promise<string>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  const store = openEmbeddedReadModels({ dir });
  console.log(`${name}: ${await measure(store)}`);
  await store.close();
  console.log(`  file ${(statSync(join(dir, 'read-models.db')).size / 1e6).toFixed(0)} MB`);
  rmSync(dir, { recursive: true });
};
/** The rate by the clock, and by processor time: the second one says less about what else the machine does. */
const stopwatch = (): ((count: number) => string) => {
  const [since, cpu] = [performance.now(), process.cpuUsage()];
  const rate = (count: number, seconds: number): string => Math.round(count / seconds).toLocaleString('en');
  return (count) => {
    const { user, system } = process.cpuUsage(cpu);
    return `${rate(count, (performance.now() - since) / 1000)}/s (${rate(count, (user + system) / 1e6)} per processor second)`;
  };
};

for (const batch of [500, 2_000, 10_000]) {
  await withStore(`timeline, batches of ${batch} rows`, async (store) => {
    await store.register([growthPath]);
    const [generation] = await store.generations();
    if (!generation) throw new Error('no generation');
    const batches: Write[][] = [];
    for (let i = 0; i < ROWS; i++) {
      const { type, ...data } = eventOf(i);
      const row = { position: i + 1, tenant: 't', learner: data.learner, time: data.time, course: data.course, type, schema: 1, entry: JSON.stringify(data) };
      if (i % batch === 0) batches.push([]);
      batches.at(-1)?.push({ op: 'put', collection: 'timeline', row });
    }
    const rate = stopwatch();
    let checkpoint = 0;
    for (const writes of batches) await store.apply([{ generation, writes, checkpoint: (checkpoint += writes.length) }]);
    return rate(ROWS);
  });
}

for (const batchSize of [2_000, 10_000]) {
  await withStore(`all projections from the log, batches of ${batchSize} events`, async (store) => {
    const log = inMemoryLog();
    for (let i = 0; i < ROWS; i++) log.record(learnerStream('t', learnerOf(i)), eventOf(i));
    const end = new AbortController();
    const progress = projectionProgress();
    const rate = stopwatch();
    const { done } = runProjections({ store: log, readModels: store, projections: ALL_PROJECTIONS, signal: end.signal, batchSize, onProgress: progress.report });
    await progress.waitFor('growth-path', ROWS, 600_000);
    const written = rate(ROWS);
    end.abort();
    await done;

    const readRate = stopwatch();
    let rows = 0;
    for (let i = 0; i < 2_000; i++) {
      rows += (await store.find('timeline', { where: { tenant: 't', learner: learnerOf(i * 13) }, orderBy: ['time'] })).length;
    }
    return `${written}; growth paths read ${readRate(2_000)} of ${(rows / 2_000).toFixed(1)} rows`;
  });
}
