import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { adminEnvironment, AS_ADMIN } from '#engine/http/admin-under-test.js';
import { KEYS_DIR } from '#engine/key-files.js';
import { openLetter, readLetter } from '#intake/letter-content.js';
import { mongoVault } from '#vault/mongodb.js';
import type { EventStore } from '#event-store/event-store.js';
import { openEventStoreDB } from '#event-store/eventstoredb.js';
import { until } from '#kafka/cluster-under-test.js';
import { kafkaClient, type KafkaClient } from '#kafka/client.js';
import type { OutMessage } from '#kafka/message.js';
import { ALL_PROJECTIONS } from '#projections/all.js';
import { openMongoReadModels, openMongoServer } from '#projections/mongodb.js';
import type { ReadModelReader } from '#projections/read-model.js';
import { startedHere } from './describe-on.js';
import { startEventStore } from './eventstore.js';
import { freePort } from './free-ports.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

/** Where the engines are, as the variables that name them have it. */
export interface EngineAddresses {
  readonly brokers: string;
  readonly events: string;
  readonly database: string;
}

export interface FleetOptions {
  readonly engines: EngineAddresses;
  /** The log is a new stand-in, and not the named one: other suites leave in theirs what no engine has written. */
  readonly ownLog: boolean;
  readonly rulesDir: string;
  readonly workers: number;
  readonly partitions: number;
}

interface Worker {
  readonly process: ChildProcess;
  readonly port: number;
}

const MINUTE = 60_000;
const program = (path: string): string => fileURLToPath(new URL(`../../apps/${path}`, import.meta.url));

/** The engines that the environment names, and a log of our own where ours were started for the tests. */
export const namedEngines = (): Pick<FleetOptions, 'engines' | 'ownLog'> => ({
  engines: { brokers: process.env['KAFKA_BROKERS'] ?? '', events: process.env['EVENTSTORE_URI'] ?? '', database: process.env['MONGODB_URI'] ?? '' },
  ownLog: startedHere('EVENTSTORE_URI'),
});

/** A way to the one server of an address without TLS that can be cut; undefined where the address is another kind. */
const wayTo = async (address: string): Promise<{ readonly proxy: TcpProxy; readonly address: string } | undefined> => {
  const one = /^(esdb|mongodb):\/\/([^/,:@]+):(\d+)([/?].*)?$/.exec(address);
  if (!one || /tls=true|ssl=true/.test(address) || (one[1] === 'esdb' && !/tls=false/.test(address))) return undefined;
  const [, scheme = '', host = '', port = '', rest = ''] = one;
  const proxy = await startTcpProxy(host, Number(port));
  return { proxy, address: `${scheme}://127.0.0.1:${proxy.port}${rest}` };
};

/**
 * Workers in processes of their own on Kafka, EventStoreDB (or its stand-in) and MongoDB, with topics, a log, a database and a
 * directory that nobody else has. They reach the stores over ways that can be cut, where the stores' addresses allow that.
 */
export class Fleet {
  readonly tenant = `t${randomUUID().slice(0, 8)}`;
  readonly dir = mkdtempSync(join(tmpdir(), 'proofmark-fleet-'));
  readonly topics = { learning: `learning-${this.tenant}`, course: `courses-${this.tenant}`, letters: `letters-${this.tenant}`, badges: `badges-${this.tenant}`, shares: `shares-${this.tenant}` };
  readonly client: KafkaClient;
  readonly workers: Worker[] = [];
  #env: Record<string, string | undefined> = {};

  private constructor(
    brokers: string,
    readonly store: EventStore,
    readonly readModels: ReadModelReader,
    /** The ways to the log and to the read models, as workers take them. */
    readonly ways: { readonly events?: TcpProxy; readonly models?: TcpProxy },
    private readonly ends: (() => Promise<unknown>)[],
  ) {
    this.client = kafkaClient({ brokers: brokers.split(',') });
  }

  /** Makes topics and starts workers; resolves when all of them are ready. */
  static async start({ engines, ownLog, rulesDir, workers, partitions }: FleetOptions): Promise<Fleet> {
    const ends: (() => Promise<unknown>)[] = [];
    try {
      let { events } = engines;
      if (ownLog) {
        const home = mkdtempSync(join(tmpdir(), 'proofmark-log-'));
        const own = await startEventStore(home);
        events = own.address;
        ends.push(async () => {
          await own.stop();
          rmSync(home, { recursive: true, force: true });
        });
      }
      const [toEvents, toModels] = [await wayTo(events), await wayTo(engines.database)];
      for (const way of [toEvents, toModels]) if (way) ends.push(() => way.proxy.close());
      const store = await openEventStoreDB({ uri: events });
      ends.push(() => store.close());
      const database = `proofmark_${randomUUID().slice(0, 8)}`;
      const readModels = openMongoReadModels({ uri: engines.database, database, readOnly: true });
      ends.push(() => readModels.close());
      const fleet = new Fleet(engines.brokers, store, readModels, { ...(toEvents && { events: toEvents.proxy }), ...(toModels && { models: toModels.proxy }) }, ends);
      ends.push(() => fleet.#clear());
      const { topics, tenant, dir } = fleet;
      mkdirSync(join(dir, 'shared'));
      const admin = await fleet.client.admin();
      for (const topic of [topics.learning, topics.letters, topics.badges]) await admin.create(topic, partitions);
      await admin.create(topics.course, 1, { 'cleanup.policy': 'compact' });
      await admin.close();
      fleet.#env = {
        ...process.env, ...adminEnvironment(dir),
        PROOFMARK_TENANT: tenant, PROOFMARK_DATA: join(dir, 'shared'), PROOFMARK_RULES: rulesDir, PROOFMARK_URL: 'https://badges.school.example',
        PROOFMARK_EVENTSTORE_URI: toEvents?.address ?? events, PROOFMARK_MONGODB_URI: toModels?.address ?? engines.database, PROOFMARK_MONGODB_DATABASE: database,
        PROOFMARK_KAFKA_BROKERS: engines.brokers, PROOFMARK_KAFKA_GROUP: tenant, PROOFMARK_KAFKA_TOPICS: topics.learning, PROOFMARK_KAFKA_COURSE_TOPIC: topics.course,
        PROOFMARK_KAFKA_DEAD_LETTER_TOPIC: topics.letters, PROOFMARK_KAFKA_BADGES_TOPIC: topics.badges, PROOFMARK_KAFKA_SHARES_TOPIC: topics.shares,
      };
      for (let i = 0; i < workers; i++) fleet.workers.push(await fleet.#launch());
      await fleet.ready();
      return fleet;
    } catch (error) {
      await endAll(ends);
      throw error;
    }
  }

  async #launch(): Promise<Worker> {
    const port = await freePort();
    const env = { ...this.#env, PROOFMARK_PORT: String(port) };
    return { process: spawn(process.execPath, [program('engine/main.js')], { env, stdio: ['ignore', 'ignore', 'inherit'] }), port };
  }

  /** Resolves when every worker answers that it is ready. */
  async ready(): Promise<void> {
    const isReady = async ({ port }: Worker): Promise<boolean> => {
      try {
        return (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200;
      } catch {
        return false; // it does not listen yet
      }
    };
    await until('all workers are ready', async () => (await Promise.all(this.workers.map(isReady))).every(Boolean), 5 * MINUTE);
  }

  /** Ends a worker at once, as a crash would, and starts another in its place. */
  async replace(place: number): Promise<void> {
    const worker = this.workers[place];
    if (!worker) throw new Error(`There is no worker ${place}.`);
    const hasEnded = worker.process.exitCode !== null || worker.process.signalCode !== null;
    if (hasEnded) throw new Error(`Worker ${place} had ended by itself (exit code ${worker.process.exitCode}).`);
    worker.process.kill('SIGKILL');
    await once(worker.process, 'exit');
    this.workers[place] = await this.#launch();
  }

  /** Sends what a course offers. */
  offer(events: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const messageOf = (event: Readonly<Record<string, unknown>>): OutMessage =>
      ({ key: `${this.tenant}:${String(event['course'])}:${String(event['source'])}/${String(event['id'])}`, value: JSON.stringify(event) });
    return this.send(this.topics.course, events.map(messageOf));
  }

  /** Whether all that is in the log is shown. */
  async shows(): Promise<boolean> {
    const head = await this.store.head();
    const shown = new Map((await this.readModels.projections()).map(({ name, checkpoint }) => [name, checkpoint]));
    return ALL_PROJECTIONS.every(({ name }) => (shown.get(name) ?? -1) >= head) && (await this.store.head()) === head;
  }

  async send(topic: string, messages: readonly OutMessage[]): Promise<void> {
    const producer = await this.client.producer();
    await producer.send(topic, messages);
    await producer.close();
  }

  /** How many messages of learners nobody has committed. */
  async lag(): Promise<number> {
    const admin = await this.client.admin();
    try {
      const committed = await admin.committed(this.tenant, this.topics.learning);
      return (await admin.ends(this.topics.learning)).reduce((sum, { partition, low, high }) => sum + high - Math.max(low, committed.get(partition) ?? 0), 0);
    } finally {
      await admin.close();
    }
  }

  /** What a dead letter keeps of what was sent, as text: opened with the workers' keys, from the vault in their database. */
  async contentOf(letter: string): Promise<string> {
    const keys = await openLocalKeys({ dir: join(this.dir, 'shared', KEYS_DIR), readOnly: true });
    const vault = mongoVault(openMongoServer({ uri: this.#env['PROOFMARK_MONGODB_URI'] ?? '', database: this.#env['PROOFMARK_MONGODB_DATABASE'] ?? '' }), keys);
    try {
      return String(await openLetter(vault, await readLetter(this.store, this.tenant, letter)));
    } finally {
      await vault.close();
    }
  }

  /** Asks a worker over HTTP. */
  ask(place: number, path: string, init?: RequestInit): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.workers[place]?.port}${path}`, { ...init, headers: { 'content-type': 'application/json', ...AS_ADMIN } });
  }

  /** Runs a command of the command line in the workers' environment. */
  async command(...args: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
    const child = spawn(process.execPath, [program('cli/main.js'), ...args], { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.setEncoding('utf8').on('data', (text: string) => void stdout.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => void stderr.push(text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, stdout: stdout.join(''), stderr: stderr.join('') };
  }

  /** Ends the workers in peace. */
  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map(async ({ process }) => {
      process.kill('SIGTERM');
      await once(process, 'exit');
    }));
  }

  /** Ends the workers and everything that was made for them but the topics and the database. */
  end(): Promise<void> {
    return endAll(this.ends);
  }

  async #clear(): Promise<void> {
    for (const { process } of this.workers) process.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Ends what was made, the last first. */
const endAll = async (ends: (() => Promise<unknown>)[]): Promise<void> => {
  for (const end of ends.splice(0).reverse()) await end();
};
