import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import type { LearnerFactEvent } from '#domain/learning-event.js';
import { ALL_PROJECTIONS } from '#projections/all.js';
import { awarded, placed } from '#projections/fixtures.js';
import { inMemoryLog } from '#projections/in-memory-log.js';
import { decode } from '#projections/log-entries.js';
import { openMongoReadModels } from '#projections/mongodb.js';
import { ROW } from '#projections/mongodb-catalog.js';
import { fold, stepsOf, type RowState, type Stored } from '#projections/mongodb-rows.js';
import type { LogEntry } from '#projections/projection.js';
import type { ReadModelStore } from '#projections/read-model.js';
import { generatedRows } from '../generated.js';
import { percentile, type Figure } from '../report.js';

interface SourceRow {
  readonly id: string;
  readonly type: 'enrolment' | 'withdrawal' | 'assignment' | 'attendance' | 'mission';
  readonly learner: string;
  readonly course: string;
  readonly time: string;
  readonly activity?: string;
  readonly kind?: string;
  readonly tag?: string;
  readonly score?: number;
  readonly weight?: number;
}

const TYPES = { enrolment: 'Enrolled', withdrawal: 'Withdrawn', assignment: 'AssignmentGraded', attendance: 'AttendanceMarked', mission: 'MissionCompleted' } as const;
/** One in so many events is an award: as many as the three rules of test/truth give on the real dataset. */
const EVENTS_PER_AWARD = 150;

/** A log of events of the generated stream and of awards. */
const entriesOf = async (count: number): Promise<readonly LogEntry[]> => {
  const log = inMemoryLog();
  let i = 0;
  for (const text of generatedRows(count, 1)) {
    const { type, time, tag, ...rest } = JSON.parse(text) as SourceRow;
    const { id, learner, course, activity, kind, score, weight } = rest;
    const event: LearnerFactEvent = {
      type: TYPES[type], id, source: 'bench', learner, course, time: Date.parse(time),
      ...(activity !== undefined && { activity, ...(kind !== undefined && { kind }), ...(tag !== undefined && { tags: [tag] }) }),
      ...(score !== undefined && { score, max: 100, ...(weight !== undefined && { weight }) }),
    };
    const { stream } = placed(event);
    log.record(stream, event);
    if (i++ % EVENTS_PER_AWARD !== 0) continue;
    const award = { ...awarded(learner), award: `${learner}-${i}` };
    log.record(placed(award).stream, award);
  }
  return decode(await log.readAll({ after: -1, limit: Infinity })).entries;
};

export const batchesOf = (entries: readonly LogEntry[], size: number): readonly (readonly LogEntry[])[] =>
  Array.from({ length: Math.ceil(entries.length / size) }, (_, i) => entries.slice(i * size, (i + 1) * size));

const seconds = async (work: () => Promise<void>): Promise<number> => {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
};

/** Time by the clock, and of this process's processors: what a faster server would leave of it. */
const timed = async (work: () => Promise<void>): Promise<{ readonly clock: number; readonly cpu: number }> => {
  const before = process.cpuUsage();
  const clock = await seconds(work);
  const { user, system } = process.cpuUsage(before);
  return { clock, cpu: (user + system) / 1e6 };
};

/** The documents that each batch leaves, as the adapter works them out: what the bare driver is given to write. */
export const documentsOf = (batches: readonly (readonly LogEntry[])[]): readonly (readonly RowState[])[] => {
  const rows = new Map<string, Stored | null>();
  return batches.map((entries) =>
    ALL_PROJECTIONS.flatMap(({ name, collections, project }) => {
      const states = fold(stepsOf(name, 1, collections, project(entries)), (place, id) => rows.get(`${place}\n${id}`) ?? undefined);
      for (const { place, id, row } of states) rows.set(`${place}\n${id}`, row);
      return states;
    }),
  );
};

/** Upserts of whole documents by their _id, a bulk write per collection and batch: the least that the driver can do. */
export const bare = async (client: MongoClient, database: string, batches: readonly (readonly RowState[])[]): Promise<void> => {
  const db = client.db(database, { writeConcern: { w: 'majority', journal: true } });
  for (const states of batches) {
    const byPlace = new Map<string, RowState[]>();
    for (const state of states) byPlace.set(state.place, [...(byPlace.get(state.place) ?? []), state]);
    await Promise.all(
      [...byPlace].map(([place, all]) =>
        db.collection<{ _id: string }>(place).bulkWrite(
          all.map(({ id, row }) => ({ replaceOne: { filter: { _id: id }, replacement: { [ROW]: row }, upsert: true } })),
          { ordered: false },
        ),
      ),
    );
  }
};

const latencies = async (count: number, read: (i: number) => Promise<unknown>): Promise<readonly number[]> => {
  const values: number[] = [];
  for (let i = 0; i < count; i++) values.push((await seconds(async () => void (await read(i)))) * 1000);
  return values;
};

const readFigures = async (store: ReadModelStore, entries: readonly LogEntry[], reads: number): Promise<readonly Figure[]> => {
  const learners = [...new Set(entries.flatMap(({ event }) => ('learner' in event && event.learner !== undefined ? [event.learner] : [])))];
  const learner = (i: number): string => learners[(i * 7919) % learners.length] ?? '';
  const kinds: readonly (readonly [string, (i: number) => Promise<unknown>])[] = [
    ['a row by its key', (i) => store.get('roster', { tenant: 't', course: 'AAA-2013J', learner: learner(i) })],
    ["a learner's timeline", (i) => store.find('timeline', { where: { tenant: 't', learner: learner(i) }, orderBy: ['time'] })],
    ['the latest 50 awards', () => store.find('award', { where: { tenant: 't' }, orderBy: ['-earnedAt'], limit: 50 })],
  ];
  const figures: Figure[] = [];
  for (const [name, read] of kinds) {
    const values = await latencies(reads, read);
    for (const share of [0.5, 0.99]) figures.push({ name: `MongoDB: ${name}, p${share * 100}`, unit: 'ms', values: [percentile(values, share)] });
  }
  return figures;
};

/**
 * Rates of the read models on a MongoDB server: rows a second that the adapter takes in from all projections, rows a
 * second that the bare driver upserts of the very same documents into the same indexes, in turns, and how long reads take.
 */
export const readModelFigures = async (options: {
  readonly uri: string;
  readonly events?: number;
  readonly batchSize?: number;
  readonly rounds?: number;
  readonly reads?: number;
}): Promise<readonly Figure[]> => {
  const { uri, events = 10_000, batchSize = 2000, rounds = 3, reads = 100 } = options;
  const entries = await entriesOf(events);
  const batches = batchesOf(entries, batchSize);
  const documents = documentsOf(batches);
  const rows = documents.reduce((sum, states) => sum + states.length, 0);
  const client = new MongoClient(uri);
  const [adapter, driver, ratio, adapterCpu, driverCpu]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
  let readings: readonly Figure[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const [ours, theirs] = [0, 1].map(() => `proofmark_bench_${randomUUID().slice(0, 8)}`) as [string, string];
      const store = openMongoReadModels({ uri, database: ours });
      await store.register(ALL_PROJECTIONS);
      const generations = await store.generations();
      const work = batches.map((batch) =>
        generations.map((generation) => ({
          generation,
          checkpoint: batch.at(-1)?.recorded.position ?? 0,
          writes: ALL_PROJECTIONS.find(({ name }) => name === generation.projection)?.project(batch) ?? [],
        })),
      );
      const taken = await timed(async () => {
        for (const batch of work) await store.apply(batch);
      });
      if (round === 0) readings = await readFigures(store, entries, reads);
      await store.close();

      const same = openMongoReadModels({ uri, database: theirs }); // for the same collections and indexes
      await same.register(ALL_PROJECTIONS);
      await same.close();
      const bareTaken = await timed(() => bare(client, theirs, documents));
      adapter.push(rows / taken.clock);
      driver.push(rows / bareTaken.clock);
      ratio.push(bareTaken.clock / taken.clock);
      adapterCpu.push((taken.cpu * 1e6) / rows);
      driverCpu.push((bareTaken.cpu * 1e6) / rows);
      for (const database of [ours, theirs]) await client.db(database).dropDatabase();
    }
  } finally {
    await client.close();
  }
  return [
    { name: 'MongoDB: rows from all projections', unit: 'rows/s', values: adapter },
    { name: 'MongoDB: bare upserts of the same', unit: 'rows/s', values: driver },
    { name: 'MongoDB: ratio to bare upserts', unit: '', values: ratio, goal: { least: 0.5 } },
    { name: 'MongoDB: processor time of the adapter', unit: 'µs/row', values: adapterCpu },
    { name: 'MongoDB: processor time of bare upserts', unit: 'µs/row', values: driverCpu },
    ...readings,
  ];
};
