import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { MongoClient } from 'mongodb';
import { seededRandom } from '#engine/demo/random.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { sent, until } from '#kafka/cluster-under-test.js';
import { headerText, type OutMessage } from '#kafka/message.js';
import { ALL_PROJECTIONS } from '#projections/all.js';
import { decode } from '#projections/log-entries.js';
import { openMongoReadModels } from '#projections/mongodb.js';
import { eventsOf } from '../../test/engines/awards-in-log.js';
import { Fleet, type EngineAddresses } from '../../test/engines/fleet.js';
import { RULES, sentTerm } from '../../test/engines/term-under-test.js';
import { medianOf, percentile, type Figure } from '../report.js';
import type { WorkDirectory } from '../work-directory.js';
import { AHEAD, viaClient, type Appended } from './event-store.js';
import { consumeBare } from './kafka.js';
import { bare, batchesOf, documentsOf } from './read-models.js';

export interface AdapterSetOptions {
  readonly engines: EngineAddresses;
  /** The log is a stand-in of our own for each measurement. */
  readonly ownLog: boolean;
  readonly work: WorkDirectory;
  /** Learners of a term, of which each has about eight events. */
  readonly learners: number;
  readonly rounds: number;
  /** Of the latency: learners a second who earn a badge, and for how long. */
  readonly perSecond: number;
  readonly seconds: number;
  readonly say: (text: string) => void;
}

const [PARTITIONS, AT_ONCE, BATCH, LOOK_MS, PATIENCE_MS] = [12, 10_000, 2_000, 20, 1_800_000];

/** Whether everything that is in the log is decided and shown. */
const isDone = async (fleet: Fleet): Promise<boolean> => {
  if ((await fleet.lag()) > 0) return false;
  const head = await fleet.store.head();
  const decided = (await fleet.readModels.projections()).every(({ name, checkpoint }) => checkpoint >= head || !/^awarding-\d+-of-/.test(name));
  return decided && (await fleet.shows());
};

/** Workers for one measurement. */
const withFleet = async <T>({ engines, ownLog }: AdapterSetOptions, rulesDir: string, workers: number, measure: (fleet: Fleet) => Promise<T>): Promise<T> => {
  const fleet = await Fleet.start({ engines, ownLog, rulesDir, workers, partitions: PARTITIONS });
  try {
    return await measure(fleet);
  } finally {
    await fleet.end();
  }
};

/** Events a second from Kafka through the log and the deciding into the read models, and how many they were. */
const throughput = async ({ learners }: AdapterSetOptions, fleet: Fleet): Promise<{ readonly rate: number; readonly events: number }> => {
  const { course, events } = sentTerm(seededRandom(fleet.workers.length, 'bench'), learners);
  await fleet.offer(course.slice(0, 1));
  const messages = events.map((event) => sent(event, fleet.tenant));
  const from = performance.now();
  for (let i = 0; i < messages.length; i += AT_ONCE) await fleet.send(fleet.topics.learning, messages.slice(i, i + AT_ONCE));
  await until('everything is decided and shown', () => isDone(fleet), PATIENCE_MS, 200);
  return { rate: (messages.length * 1000) / (performance.now() - from), events: messages.length };
};

/** The same events again, each library doing only its own part of the way; events a second. */
const bareRates = async ({ engines }: AdapterSetOptions, fleet: Fleet, events: number): Promise<{ readonly consume: number; readonly append: number; readonly upsert: number }> => {
  const consume = await consumeBare(engines.brokers.split(','), fleet.topics.learning, events);

  const recorded: RecordedEvent[] = [];
  for await (const event of eventsOf(fleet.store, ['learner', 'course', 'award', 'rule', 'credential', 'deadletter'])) recorded.push(event);
  const byStream = new Map<string, Appended>();
  const suffix = randomUUID().slice(0, 8);
  for (const { stream, type, schema, json } of recorded) {
    if (!stream.startsWith('learner-')) continue;
    const before = byStream.get(stream)?.events ?? [];
    byStream.set(stream, { stream: `bench${suffix}-${stream}`, events: [...before, { id: randomUUID(), type, schema, json }] });
  }
  const client = EventStoreDBClient.connectionString(engines.events);
  const appends = [...byStream.values()];
  const contender = viaClient(client);
  const appending = performance.now();
  for (let k = 0; k < appends.length; k += AHEAD) await contender.append(appends.slice(k, k + AHEAD));
  const append = (events * 1000) / (performance.now() - appending);
  await client.dispose();

  const documents = documentsOf(batchesOf(decode(recorded).entries, BATCH));
  const mongo = new MongoClient(engines.database);
  const database = `proofmark_bench_${suffix}`;
  const same = openMongoReadModels({ uri: engines.database, database }); // for the same collections and indexes
  await same.register(ALL_PROJECTIONS);
  await same.close();
  const upserting = performance.now();
  await bare(mongo, database, documents);
  const upsert = (events * 1000) / (performance.now() - upserting);
  await mongo.db(database).dropDatabase();
  await mongo.close();
  return { consume, append, upsert };
};

/** From producing the event that earns a badge to the message that says so, and to read models that show it; milliseconds. */
const latencies = async ({ perSecond, seconds }: AdapterSetOptions, fleet: Fleet): Promise<{ readonly told: readonly number[]; readonly shown: readonly number[] }> => {
  const { tenant, topics, client, readModels } = fleet;
  await fleet.offer(sentTerm(seededRandom(0, 'bench'), 0).course.slice(0, 1));
  const producedAt = new Map<string, number>();
  const [told, shown]: [number[], number[]] = [[], []];
  let waiting: { readonly position: number; readonly since: number }[] = [];
  const looking = new AbortController();
  const look = async (): Promise<void> => {
    while (!looking.signal.aborted) {
      const checkpoint = await readModels.checkpoint('award-register');
      const now = performance.now();
      shown.push(...waiting.flatMap(({ position, since }) => (position <= checkpoint ? [now - since] : [])));
      waiting = waiting.filter(({ position }) => position > checkpoint);
      await sleep(LOOK_MS);
    }
  };
  const watching = look();
  const reading = await client.consume({
    groupId: `bench-${randomUUID()}`, topics: [topics.badges], holdings: { held: [] }, concurrency: 4, maxBytes: 8_000_000, sessionTimeoutMs: 30_000, commits: false,
    onAssigned: () => undefined,
    onPosition: () => undefined,
    handle: async (batch) => {
      const now = performance.now();
      for (const message of batch.messages) {
        const learner = String(message.key).split(':')[1] ?? '';
        const since = producedAt.get(learner);
        if (since === undefined) continue;
        producedAt.delete(learner);
        told.push(now - since);
        waiting.push({ position: Number(headerText(message.headers, 'ce_logposition')), since });
      }
      await batch.done(Number(batch.messages.at(-1)?.offset) + 1);
    },
  });
  const producer = await client.producer();
  const start = performance.now();
  const total = perSecond * seconds;
  for (let i = 0; i < total; i++) {
    const learner = `l${i}`;
    const mission = (n: number): OutMessage => sent({ id: `${learner}-${n}`, source: 'lms', type: 'MissionCompleted', learner, course: 'C1', activity: `m${n}`, time: '2026-02-10T09:00:00Z' }, tenant);
    await sleep(Math.max(0, start + (i * 1000) / perSecond - performance.now()));
    producedAt.set(learner, performance.now());
    await producer.send(topics.learning, [mission(1), mission(2)]);
  }
  await until('all badges are told and shown', () => shown.length >= total, PATIENCE_MS);
  looking.abort();
  await watching;
  await producer.close();
  await reading.stop();
  const warm = Math.floor(total / 10); // the first ones compile code
  return { told: told.slice(warm), shown: shown.slice(warm) };
};

/** Kafka, EventStoreDB and MongoDB together, against the slowest of their client libraries doing only its bare job in the same run. */
export const adapterSetFigures = async (options: AdapterSetOptions): Promise<readonly Figure[]> => {
  const { work, rounds, say } = options;
  const one: number[] = [];
  const three: number[] = [];
  const bares: { readonly consume: number; readonly append: number; readonly upsert: number }[] = [];
  const [told, shown]: [number[], number[]] = [[], []];
  await work.fresh(async (rulesDir) => {
    for (const [file, text] of Object.entries(RULES)) writeFileSync(join(rulesDir, file), text);
    for (let round = 1; round <= rounds; round++) {
      say(`All together: round ${round} of ${rounds}`);
      await withFleet(options, rulesDir, 1, async (fleet) => {
        const { rate, events } = await throughput(options, fleet);
        one.push(rate);
        await fleet.stopWorkers(); // the libraries are measured alone
        bares.push(await bareRates(options, fleet, events));
      });
      three.push((await withFleet(options, rulesDir, 3, (fleet) => throughput(options, fleet))).rate);
      const taken = await withFleet(options, rulesDir, 1, (fleet) => latencies(options, fleet));
      told.push(...taken.told);
      shown.push(...taken.shown);
    }
  });
  const slowest = bares.map(({ consume, append, upsert }) => Math.min(consume, append, upsert));
  const ratios = (rates: readonly number[]): readonly number[] => [medianOf(rates) / medianOf(slowest)];
  return [
    { name: 'Kafka to read models, 1 worker', unit: 'events/s', values: one },
    { name: 'Kafka to read models, 3 workers', unit: 'events/s', values: three },
    { name: 'bare, the same events: consume only', unit: 'events/s', values: bares.map(({ consume }) => consume) },
    { name: 'bare, the same events: append only', unit: 'events/s', values: bares.map(({ append }) => append) },
    { name: 'bare, the same events: upsert only', unit: 'events/s', values: bares.map(({ upsert }) => upsert) },
    { name: '  1 worker / the slowest bare job', unit: '', values: ratios(one), goal: { least: 0.5 } },
    { name: '  3 workers / the slowest bare job', unit: '', values: ratios(three), goal: { least: 0.5 } },
    ...([['told by Kafka', told], ['shown by MongoDB', shown]] as const).flatMap(([name, values]) =>
      [0.5, 0.99].map((share) => ({ name: `event in to badge ${name}, ${options.perSecond} a second, p${share * 100}`, unit: 'ms', values: [percentile(values, share)] }))),
  ];
};
