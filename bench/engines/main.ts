// Benchmark of the real engines' adapters. What the figures mean: docs/engines.md.
import { tmpdir } from 'node:os';
import { Command } from 'commander';
import { withoutSecrets } from '#engine/engines-config.js';
import { startEventStore } from '../../test/engines/eventstore.js';
import { startFerretDb } from '../../test/engines/ferretdb.js';
import { startKafka } from '../../test/engines/kafka.js';
import type { Skipped, Started } from '../../test/engines/started.js';
import { machine, machineLine } from '../machine.js';
import { table, type Figure } from '../report.js';
import { workDirectory } from '../work-directory.js';
import { eventStoreFigures } from './event-store.js';
import { kafkaFigures } from './kafka.js';
import { readModelFigures } from './read-models.js';
import { wholeNumber } from '../whole-number.js';

interface Options {
  readonly rounds: number;
  readonly messages: number;
  readonly events: number;
  readonly rate: number;
  readonly seconds: number;
  readonly dir: string;
}

const options = new Command('npm run bench:engines --')
  .description('Measures the adapters of the real engines against what their client libraries reach with their bare job.')
  .option('--rounds <n>', 'how often each part is measured', wholeNumber, 3)
  .option('--messages <n>', 'Kafka: messages of each part', wholeNumber, 50_000)
  .option('--events <n>', 'log and read models: events of each part', wholeNumber, 5_000)
  .option('--rate <n>', 'latency: messages a second', wholeNumber, 1_000)
  .option('--seconds <n>', 'latency: how long', wholeNumber, 10)
  .option('--dir <dir>', 'where the work directory is made: the disk that is measured', tmpdir())
  .parse()
  .opts<Options>();

const say = (text: string): void => console.error(text);
const work = workDirectory(options.dir);
const { rounds } = options;

/** The engine that a variable names, or one that is started here; measures it, and says why where it cannot. */
const measure = (variable: string, start: (dir: string) => Promise<Started | Skipped>, figuresOf: (address: string) => Promise<readonly Figure[]>): Promise<void> =>
  work.fresh(async (dir) => {
    const named = process.env[variable];
    const engine = named ? { address: named, label: `${variable}=${withoutSecrets(named)}`, stop: async () => undefined } : await start(dir);
    if ('skipped' in engine) return say(engine.skipped);
    try {
      console.log(`\n${engine.label}\n\n${table(await figuresOf(engine.address))}`);
    } finally {
      await engine.stop();
    }
  });

console.log(machineLine(machine()));
await measure('KAFKA_BROKERS', startKafka, (address) =>
  kafkaFigures({ brokers: address.split(','), work, rounds, messages: options.messages, perSecond: options.rate, seconds: options.seconds, say }));
await measure('EVENTSTORE_URI', startEventStore, (uri) => eventStoreFigures({ uri, events: options.events, rounds, say }));
await measure('MONGODB_URI', startFerretDb, (uri) => readModelFigures({ uri, events: options.events, rounds }));
