// Benchmark of the real engines' adapters. What the figures mean: docs/engines.md.
import { tmpdir } from 'node:os';
import { Command, Option } from 'commander';
import { withoutSecrets } from '#engine/engines-config.js';
import { startEventStore } from '../../test/engines/eventstore.js';
import { startFerretDb } from '../../test/engines/ferretdb.js';
import { startKafka } from '../../test/engines/kafka.js';
import type { Skipped, Started } from '../../test/engines/started.js';
import { machine, machineLine } from '../machine.js';
import { table, type Figure } from '../report.js';
import { workDirectory } from '../work-directory.js';
import { adapterSetFigures } from './adapter-set.js';
import { eventStoreFigures } from './event-store.js';
import { kafkaFigures } from './kafka.js';
import { readModelFigures } from './read-models.js';
import { wholeNumber } from '../whole-number.js';

const PARTS = ['kafka', 'event-store', 'read-models', 'all'] as const;

interface Options {
  readonly rounds: number;
  readonly messages: number;
  readonly events: number;
  readonly rate: number;
  readonly seconds: number;
  readonly learners: number;
  readonly earners: number;
  readonly only: readonly string[];
  readonly dir: string;
}

const options = new Command('npm run bench:engines --')
  .description('Measures the adapters of the real engines against what their client libraries reach with their bare job.')
  .option('--rounds <n>', 'how often each part is measured', wholeNumber, 3)
  .option('--messages <n>', 'Kafka: messages of each part', wholeNumber, 50_000)
  .option('--events <n>', 'log and read models: events of each part', wholeNumber, 5_000)
  .option('--rate <n>', 'latency: messages a second', wholeNumber, 1_000)
  .option('--seconds <n>', 'latency: how long', wholeNumber, 10)
  .option('--learners <n>', 'all together: learners of the term, with about eight events each', wholeNumber, 5_000)
  .option('--earners <n>', 'all together, latency: badges earned a second', wholeNumber, 20)
  .addOption(new Option('--only <parts...>', 'some parts only').choices(PARTS).default([]))
  .option('--dir <dir>', 'where the work directory is made: the disk that is measured', tmpdir())
  .parse()
  .opts<Options>();

const say = (text: string): void => console.error(text);
const work = workDirectory(options.dir);
const { rounds } = options;

type Engine = Pick<Started, 'address' | 'label'> & { readonly stop?: () => Promise<void> };

/** The engine that a variable names, or one that is started here; undefined where there is none, which is said. */
const engineOf = async (variable: string, dir: string, start: (dir: string) => Promise<Started | Skipped>): Promise<Engine | undefined> => {
  const named = process.env[variable];
  if (named) return { address: named, label: `${variable}=${withoutSecrets(named)}` };
  const engine = await start(dir);
  if (!('skipped' in engine)) return engine;
  say(engine.skipped);
  return undefined;
};

const isWanted = (part: (typeof PARTS)[number]): boolean => options.only.length === 0 || options.only.includes(part);
const show = (title: string, figures: readonly Figure[]): void => console.log(`\n${title}\n\n${table(figures)}`);

console.log(machineLine(machine()));
await work.fresh((kafkaDir) => work.fresh((logDir) => work.fresh(async (modelsDir) => {
  const kafka = isWanted('kafka') || isWanted('all') ? await engineOf('KAFKA_BROKERS', kafkaDir, startKafka) : undefined;
  const log = isWanted('event-store') || isWanted('all') ? await engineOf('EVENTSTORE_URI', logDir, startEventStore) : undefined;
  const models = isWanted('read-models') || isWanted('all') ? await engineOf('MONGODB_URI', modelsDir, startFerretDb) : undefined;
  try {
    if (kafka && isWanted('kafka')) {
      show(kafka.label, await kafkaFigures({ brokers: kafka.address.split(','), work, rounds, messages: options.messages, perSecond: options.rate, seconds: options.seconds, say }));
    }
    if (log && isWanted('event-store')) show(log.label, await eventStoreFigures({ uri: log.address, events: options.events, rounds, say }));
    if (models && isWanted('read-models')) show(models.label, await readModelFigures({ uri: models.address, events: options.events, rounds }));
    if (kafka && log && models && isWanted('all')) {
      const engines = { brokers: kafka.address, events: log.address, database: models.address };
      show(
        `${kafka.label}, ${log.label} and ${models.label} together`,
        await adapterSetFigures({ engines, ownLog: log.stop !== undefined, work, learners: options.learners, rounds, perSecond: options.earners, seconds: options.seconds, say }),
      );
    }
  } finally {
    for (const engine of [kafka, log, models]) await engine?.stop?.();
  }
})));
