import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { award as awardDecider, type AwardEvent } from '#domain/award.js';
import { fold } from '#domain/decider.js';
import { readLogEvent } from '#domain/log-event.js';
import { openEngine } from '#engine/composition.js';
import { loadConfig } from '#engine/config.js';
import { seededRandom } from '#engine/demo/random.js';
import type { EventStore } from '#event-store/event-store.js';
import { openEventStoreDB } from '#event-store/eventstoredb.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { until } from '#kafka/cluster-under-test.js';
import { kafkaClient, type KafkaClient } from '#kafka/client.js';
import { openMongoReadModels } from '#projections/mongodb.js';
import type { Row } from '#projections/read-model.js';
import { describeOn } from './describe-on.js';
import { freePort } from './free-ports.js';
import { RULES, sentTerm, shuffled, type SentTerm } from './term-under-test.js';

/*
 * Three workers on the real engines (and the stand-in of EventStoreDB) take a term in and are killed meanwhile. At the end the log is
 * held against the same term in one embedded engine, and the read models against the log.
 */

const [BROKERS, EVENTS, DATABASE] = [process.env['KAFKA_BROKERS'], process.env['EVENTSTORE_URI'], process.env['MONGODB_URI']];
const KILLS = Number(process.env['FAULT_CYCLES'] ?? 3);
const SEED = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const LEARNERS = 200;
const MINUTES = 60_000;

/** What became of awards: learner and badge, status, and when it was earned. */
type Awards = Readonly<Record<string, string>>;
const stated = (learner: unknown, badge: unknown, status: unknown, earnedAt: unknown): readonly [string, string] => [`${String(learner)} ${String(badge)}`, `${String(status)} ${status === 'revoked' ? '' : String(earnedAt)}`];

const awardsIn = async (store: EventStore, tenant: string): Promise<{ readonly awards: Awards; readonly twice: readonly string[] }> => {
  const streams = new Map<string, AwardEvent[]>();
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: 2000, categories: ['award'] });
    for (const { stream, type, schema, json } of page) {
      const event = readLogEvent(type, schema, json) as AwardEvent;
      if (event.tenant === tenant) streams.set(stream, [...(streams.get(stream) ?? []), event]);
    }
    const last = page.at(-1);
    if (!last) break;
    after = last.position;
  }
  const awards: Record<string, string> = {};
  const twice: string[] = [];
  for (const [stream, events] of streams) {
    const state = fold(awardDecider, events);
    const [first] = events;
    if (!first || state.status === 'none') continue;
    if (events.filter(({ type }) => type === 'BadgeAwarded').length !== 1) twice.push(stream);
    const [key, value] = stated(first.learner, first.badge, state.status, 'earnedAt' in state ? state.earnedAt : '');
    awards[key] = value;
  }
  return { awards, twice };
};

/** The term in one embedded engine. */
const expectedAwards = async (dir: string, rulesDir: string, { course, events }: SentTerm): Promise<Awards> => {
  const engine = await openEngine(loadConfig({}, { dataDir: join(dir, 'embedded'), rulesDirs: [rulesDir], tenant: 't' }));
  try {
    await engine.publishRules();
    const deliveries = [...course, ...events].map((event) => ({ raw: JSON.stringify(event), format: 'proofmark', origin: 'test', mapped: readProofmark(JSON.stringify(event)) }));
    for (const receipt of await engine.intake.submit(deliveries)) if (receipt.outcome === 'rejected' && receipt.reason !== 'conflict') throw new Error(receipt.detail);
    await engine.followers.settle();
    return (await awardsIn(engine.store, 't')).awards;
  } finally {
    await engine.close();
  }
};

describeOn(['KAFKA_BROKERS', 'EVENTSTORE_URI', 'MONGODB_URI'], `three workers through ${KILLS} kills (FAULT_SEED=${SEED})`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-workers-'));
  const rulesDir = join(dir, 'rules');
  const tenant = `t${randomUUID().slice(0, 8)}`;
  const names = { learning: `learning-${tenant}`, course: `courses-${tenant}`, letters: `letters-${tenant}`, badges: `badges-${tenant}`, shares: `shares-${tenant}` };
  const workers: { process: ChildProcess; port: number }[] = [];
  let client: KafkaClient;
  let store: EventStore;
  beforeAll(async () => {
    mkdirSync(rulesDir);
    for (const [file, text] of Object.entries(RULES)) writeFileSync(join(rulesDir, file), text);
    client = kafkaClient({ brokers: (BROKERS ?? '').split(',') });
    const admin = await client.admin();
    await admin.create(names.learning, 12);
    await admin.create(names.letters, 12);
    await admin.create(names.badges, 12);
    await admin.create(names.course, 1, { 'cleanup.policy': 'compact' });
    await admin.close();
    store = await openEventStoreDB({ uri: EVENTS ?? '' });
  });
  afterAll(async () => {
    for (const { process } of workers) process.kill('SIGKILL');
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const start = async (): Promise<{ process: ChildProcess; port: number }> => {
    const port = await freePort();
    const env = {
      ...process.env,
      PROOFMARK_TENANT: tenant, PROOFMARK_DATA: join(dir, 'shared'), PROOFMARK_RULES: rulesDir, PROOFMARK_PORT: String(port), PROOFMARK_URL: 'https://badges.school.example',
      PROOFMARK_EVENTSTORE_URI: EVENTS, PROOFMARK_MONGODB_URI: DATABASE, PROOFMARK_MONGODB_DATABASE: `proofmark_${tenant}`,
      PROOFMARK_KAFKA_BROKERS: BROKERS, PROOFMARK_KAFKA_GROUP: tenant, PROOFMARK_KAFKA_TOPICS: names.learning, PROOFMARK_KAFKA_COURSE_TOPIC: names.course,
      PROOFMARK_KAFKA_DEAD_LETTER_TOPIC: names.letters, PROOFMARK_KAFKA_BADGES_TOPIC: names.badges, PROOFMARK_KAFKA_SHARES_TOPIC: names.shares,
    };
    const child = spawn(process.execPath, [fileURLToPath(new URL('../../apps/engine/main.js', import.meta.url))], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    return { process: child, port };
  };
  const isReady = async ({ port }: { readonly port: number }): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined))?.status === 200;
  const kill = async (worker: { readonly process: ChildProcess }): Promise<void> => {
    worker.process.kill('SIGKILL');
    await once(worker.process, 'exit');
  };
  /** How many messages nobody has committed. */
  const lag = async (): Promise<number> => {
    const admin = await client.admin();
    try {
      const committed = await admin.committed(tenant, names.learning);
      return (await admin.ends(names.learning)).reduce((sum, { partition, low, high }) => sum + high - Math.max(low, committed.get(partition) ?? 0), 0);
    } finally {
      await admin.close();
    }
  };

  it('end with the awards of one embedded engine, each given once, and read models that show them', async () => {
    const random = seededRandom(SEED, 'term');
    const term = sentTerm(random, LEARNERS);
    const expected = await expectedAwards(dir, rulesDir, term);
    const messages = shuffled([...term.events, ...term.events.filter(() => random.chance(0.2))], random).map((event) => ({ key: `${tenant}:${event.learner}`, value: JSON.stringify(event) }));
    const poison = Array.from({ length: Math.ceil(messages.length / 100) }, (_none, i) => ({ key: `${tenant}:l${i}`, value: `{"id": ${i}` }));
    const sent = shuffled([...messages, ...poison], random);

    workers.push(...(await Promise.all([start(), start(), start()])));
    await until('all workers are ready', async () => (await Promise.all(workers.map(isReady))).every(Boolean), 3 * MINUTES);
    const producer = await client.producer();
    await producer.send(names.course, term.course.map((event) => ({ key: `${tenant}:C1:lms/${String(event['id'])}`, value: JSON.stringify(event) })));
    for (let cycle = 0, next = 0; cycle <= KILLS; cycle++) {
      const upTo = Math.ceil((sent.length * (cycle + 1)) / (KILLS + 1));
      await producer.send(names.learning, sent.slice(next, upTo));
      next = upTo;
      if (cycle === KILLS) break;
      await new Promise((resolve) => setTimeout(resolve, random.whole(100, 3000))); // any moment will do
      const place = random.whole(0, 2);
      await kill(workers[place]!);
      workers[place] = await start();
    }
    await producer.close();
    await until('the lag has drained', async () => (await lag()) === 0, 5 * MINUTES);

    const reader = openMongoReadModels({ uri: DATABASE ?? '', database: `proofmark_${tenant}`, readOnly: true });
    const shown = async (): Promise<Awards> => Object.fromEntries((await reader.find('award', { where: { tenant } })).map((row: Row) => stated(row['learner'], row['badge'], row['status'], row['earnedAt'])));
    const same = (a: Awards, b: Awards): boolean => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
    await until('the awards are those of one engine, and shown', async () => same((await awardsIn(store, tenant)).awards, expected) && same(await shown(), expected), 5 * MINUTES).catch(() => undefined);
    const { awards, twice } = await awardsIn(store, tenant);
    expect(awards).toEqual(expected);
    expect(await shown()).toEqual(expected);
    expect(twice).toEqual([]);
    expect(Object.keys(expected).length).toBeGreaterThan(LEARNERS / 2);

    // Sent = recorded + duplicates + dead letters, each delivery in one of them.
    const recorded = new Set<string>();
    for (let after = 0; ; ) {
      const page = await store.readAll({ after, limit: 2000, categories: ['learner'] });
      for (const { stream, json } of page) if (stream.startsWith(`learner-${tenant}.`)) recorded.add(idOf(JSON.parse(json) as Sent));
      const last = page.at(-1);
      if (!last) break;
      after = last.position;
    }
    const letters = await reader.find('dead_letter', { where: { tenant } });
    const malformed = letters.filter(({ reason }) => reason === 'malformed');
    const refused = letters.filter(({ reason }) => reason !== 'malformed').map(({ raw }) => idOf(JSON.parse(raw as string) as Sent));
    expect(malformed).toHaveLength(poison.length);
    expect(new Set([...recorded, ...refused])).toEqual(new Set(term.events.map((event) => idOf(event))));
    expect(letters.filter(({ reason }) => reason !== 'malformed' && reason !== 'conflict')).toEqual([]);

    // Every active award has one credential, and none has two.
    await until('every award has its credential', async () => (await reader.count('credential', { tenant })) >= Object.keys(expected).length, 2 * MINUTES).catch(() => undefined);
    const credentials = await reader.find('credential', { where: { tenant } });
    expect(new Set(credentials.map(({ award }) => award)).size).toBe(credentials.length);
    await reader.close();
  }, 20 * MINUTES);
});

interface Sent {
  readonly id: string;
  readonly version?: number;
}
const idOf = ({ id, version = 0 }: Sent): string => `${id} ${version}`;
