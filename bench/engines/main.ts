// Benchmark of the real engines' adapters. What the figures mean: docs/engines.md.
import { tmpdir } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { withoutSecrets } from '#engine/engines-config.js';
import { startEventStore } from '../../test/engines/eventstore.js';
import { startFerretDb } from '../../test/engines/ferretdb.js';
import { startKafka } from '../../test/engines/kafka.js';
import { machine, machineLine } from '../machine.js';
import { table, type Figure } from '../report.js';
import { workDirectory } from '../work-directory.js';
import { eventStoreFigures } from './event-store.js';
import { kafkaFigures } from './kafka.js';
import { readModelFigures } from './read-models.js';

const positive = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
};

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
  .option('--rounds <n>', 'how often each part is measured', positive, 3)
  .option('--messages <n>', 'Kafka: messages of each part', positive, 50_000)
  .option('--events <n>', 'log and read models: events of each part', positive, 5_000)
  .option('--rate <n>', 'latency: messages a second', positive, 1_000)
  .option('--seconds <n>', 'latency: how long', positive, 10)
  .option('--dir <dir>', 'where the work directory is made: the disk that is measured', tmpdir())
  .parse()
  .opts<Options>();

const say = (text: string): void => console.error(text);
const work = workDirectory(options.dir);
const { rounds } = options;

type Started = { readonly address: string; readonly label: string; readonly stop: () => Promise<void> };

/** The engine that a variable names, or one that is started here; measures it, and says why where it cannot. */
const measure = (variable: string, start: (dir: string) => Promise<Started | { readonly skipped: string }>, figuresOf: (address: string) => Promise<readonly Figure[]>): Promise<void> =>
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
