import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEngine } from '#engine/composition.js';
import { loadConfig } from '#engine/config.js';
import { seededRandom } from '#engine/demo/random.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { sent as messageOf, until } from '#kafka/cluster-under-test.js';
import type { Row } from '#projections/read-model.js';
import { awardsIn, eventsOf, standing, type Awards } from './awards-in-log.js';
import { describeOn } from './describe-on.js';
import { Fleet, namedEngines } from './fleet.js';
import { differences, withFreshFold } from './fresh-fold.js';
import { RULES, sentTerm, shuffled, type SentTerm } from './term-under-test.js';

/*
 * Three workers on the real engines (and the stand-in of EventStoreDB) take a term in, in any order, with poison and duplicates,
 * while workers are killed, the ways to the log are cut, and the database is out of reach for a while. At the end the log is held
 * against the same term in one embedded engine, and the read models against a fresh fold of the log.
 *
 * The whole volume: FAULT_CYCLES=50 FAULT_LEARNERS=10800 FAULT_AWAY_S=60 npm run test:engines -- workers
 */

const KILLS = Number(process.env['FAULT_CYCLES'] ?? 3);
const LEARNERS = Number(process.env['FAULT_LEARNERS'] ?? 200);
const AWAY_S = Number(process.env['FAULT_AWAY_S'] ?? 5);
const SEED = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const MINUTE = 60_000;

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

const same = (a: Awards, b: Awards): boolean => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

describeOn(['KAFKA_BROKERS', 'EVENTSTORE_URI', 'MONGODB_URI'], `three workers through ${KILLS} kills (FAULT_SEED=${SEED})`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-workers-'));
  const rulesDir = join(dir, 'rules');
  const random = seededRandom(SEED, 'term');
  const term = sentTerm(random, LEARNERS);
  let expected: Awards;
  let fleet: Fleet;
  const shown = async (): Promise<Awards> => {
    const rows = await fleet.readModels.find('award', { where: { tenant: fleet.tenant } });
    return standing(rows.map((row: Row) => [row['learner'], row['badge'], row['status'], row['earnedAt']] as const));
  };
  beforeAll(async () => {
    mkdirSync(rulesDir);
    for (const [file, text] of Object.entries(RULES)) writeFileSync(join(rulesDir, file), text);
    expected = await expectedAwards(dir, rulesDir, term);
    fleet = await Fleet.start({ ...namedEngines(), rulesDir, workers: 3, partitions: 12 });
  }, 10 * MINUTE);
  afterAll(async () => {
    await fleet?.end();
    rmSync(dir, { recursive: true, force: true });
  });

  it('end with the awards of one embedded engine, each given once, and an account that is whole', async () => {
    const { tenant, topics, store, readModels, ways } = fleet;
    const again = term.events.filter(() => random.chance(0.2));
    const messages = [...term.events, ...again].map((event) => messageOf(event, tenant));
    const poison = Array.from({ length: Math.ceil(messages.length / 100) }, (_none, i) => ({ key: `${tenant}:l${i}`, value: `{"id": ${i}` }));
    const sent = shuffled([...messages, ...poison], random);

    await fleet.offer(term.course.slice(0, -1));
    for (let cycle = 0, next = 0; cycle <= KILLS; cycle++) {
      const upTo = Math.ceil((sent.length * (cycle + 1)) / (KILLS + 1));
      await fleet.send(topics.learning, sent.slice(next, upTo));
      next = upTo;
      if (cycle === KILLS) break;
      await sleep(random.whole(100, 3000)); // any moment will do
      ways.events?.cut();
      if (cycle === Math.floor(KILLS / 2)) {
        ways.models?.refuse();
        await sleep(AWAY_S * 1000);
        ways.models?.resume();
      }
      await fleet.replace(random.whole(0, 2));
    }
    await until('the lag has drained', async () => (await fleet.lag()) === 0, 30 * MINUTE, 500);
    await fleet.offer(term.course.slice(-1)); // a cohort is what it was when the course closed, so nothing may come after that here

    // What is awaited, here and further down, is asserted after it, with what differs.
    const settled = async (): Promise<boolean> => same((await awardsIn(store, tenant)).awards, expected) && same(await shown(), expected);
    await until('the awards are those of one engine, and shown', settled, 40 * MINUTE, 1000).catch(() => undefined);
    const { awards, twice } = await awardsIn(store, tenant);
    expect(awards).toEqual(expected);
    expect(await shown()).toEqual(expected);
    expect(twice).toEqual([]);
    expect(Object.keys(expected).length).toBeGreaterThan(LEARNERS / 2);

    // Sent = recorded + duplicates + dead letters, each delivery in one of them.
    const recorded = new Set<string>();
    for await (const { stream, json } of eventsOf(store, ['learner'])) if (stream.startsWith(`learner-${tenant}.`)) recorded.add(idOf(JSON.parse(json) as Sent));
    const letters = await readModels.find('dead_letter', { where: { tenant } });
    const malformed = letters.filter(({ reason }) => reason === 'malformed');
    const others = letters.filter(({ reason }) => reason !== 'malformed');
    const refused = (await Promise.all(others.map(({ letter }) => fleet.contentOf(letter as string)))).map((raw) => idOf(JSON.parse(raw) as Sent));
    expect(malformed).toHaveLength(poison.length);
    expect(new Set([...recorded, ...refused])).toEqual(new Set(term.events.map((event) => idOf(event))));
    expect(letters.filter(({ reason }) => reason !== 'malformed' && reason !== 'conflict')).toEqual([]);

    // Every award that stands has one credential that holds. A reinstated one has another that was revoked: that is for good.
    const held = { where: { tenant, status: 'active' } };
    const wanted = Object.keys(expected).length;
    await until('every award has its credential', async () => (await readModels.count('credential', held.where)) === wanted, 20 * MINUTE, 1000).catch(() => undefined);
    const credentials = await readModels.find('credential', held);
    expect({ credentials: credentials.length, awards: new Set(credentials.map(({ award }) => award)).size }).toEqual({ credentials: wanted, awards: wanted });
  }, 180 * MINUTE);

  it('show what a fresh fold of the log shows, row for row', async () => {
    const { store, readModels } = fleet;
    await until('the read models have caught up', () => fleet.shows(), 20 * MINUTE, 500);
    await withFreshFold(store, async (fresh) => expect(await differences(readModels, fresh)).toEqual([]));
  }, 60 * MINUTE);

  it('tell monitoring how far they are', async () => {
    const metrics = await (await fleet.ask(1, '/metrics')).text();
    expect(metrics).toMatch(/^proofmark_kafka_lag\{reader="learning"\} 0$/m);
    expect(metrics).toMatch(/^proofmark_kafka_partitions\{reader="learning"\} [1-9]/m);
    expect(metrics).toMatch(/^proofmark_kafka_partitions\{reader="course"\} 1$/m);
  });

  it('answer backtests over HTTP, and commands beside them, from the same log and read models', async () => {
    await fleet.ready();
    const answer = await fleet.ask(0, '/v1/rules/backtest', { method: 'POST', body: JSON.stringify({ badge: 'two-missions', limit: 0 }) });
    const last = (await answer.text()).trim().split('\n').at(-1) ?? '';
    const holders = Object.entries(expected).filter(([key, value]) => key.endsWith(' two-missions') && value.startsWith('active')).length;
    expect(JSON.parse(last)).toMatchObject({ result: { complete: true, earned: holders } });

    const listed = await fleet.command('awards', '--badge', 'two-missions', '--state', 'active', '--ndjson');
    expect({ code: listed.code, lines: listed.stdout.trim().split('\n').length }).toEqual({ code: 0, lines: holders });
    const tried = await fleet.command('rules', 'backtest', 'two-missions', '--json', '--limit', '0');
    expect(JSON.parse(tried.stdout)).toMatchObject({ earned: holders });
    const verified = await fleet.command('verify-log');
    expect(verified.code).toBe(2);
    expect(verified.stderr).toContain('PROOFMARK_EVENTSTORE_URI');
  }, 10 * MINUTE);

  it('rebuild a projection that a command asks for', async () => {
    const generation = async (): Promise<number | undefined> => (await fleet.readModels.projections()).find(({ name }) => name === 'award-register')?.generation;
    const [before, rows] = [await generation(), await shown()];
    expect((await fleet.command('rebuild', 'award-register')).code).toBe(0);
    expect(await generation()).not.toBe(before);
    expect(await shown()).toEqual(rows);
  }, 10 * MINUTE);
});

interface Sent {
  readonly id: string;
  readonly version?: number;
}
const idOf = ({ id, version = 0 }: Sent): string => `${id} ${version}`;
