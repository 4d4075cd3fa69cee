// Benchmark of the real engines' adapters. What the figures mean: docs/engines.md.
import { tmpdir } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { startKafka } from '../../test/engines/kafka.js';
import { machine, machineLine } from '../machine.js';
import { table } from '../report.js';
import { workDirectory } from '../work-directory.js';
import { kafkaFigures } from './kafka.js';

const positive = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
};

interface Options {
  readonly rounds: number;
  readonly messages: number;
  readonly rate: number;
  readonly seconds: number;
  readonly dir: string;
}

const options = new Command('bench/engines')
  .description('Measures the adapters of the real engines against what their client libraries reach with their bare job.')
  .option('--rounds <n>', 'how often each part is measured', positive, 3)
  .option('--messages <n>', 'messages of each part', positive, 100_000)
  .option('--rate <n>', 'latency: messages a second', positive, 1_000)
  .option('--seconds <n>', 'latency: how long', positive, 10)
  .option('--dir <dir>', 'where the work directory is made: the disk that is measured', tmpdir())
  .parse()
  .opts<Options>();

const say = (text: string): void => console.error(text);
const work = workDirectory(options.dir);
console.log(machineLine(machine()));

const named = process.env['KAFKA_BROKERS'];
await work.fresh(async (dir) => {
  const kafka = named ? { address: named, label: `Kafka at ${named}`, stop: async () => undefined } : await startKafka(dir);
  if ('skipped' in kafka) return say(kafka.skipped);
  try {
    const figures = await kafkaFigures({
      brokers: kafka.address.split(','), work, rounds: options.rounds, messages: options.messages, perSecond: options.rate, seconds: options.seconds, say,
    });
    console.log(`\n${kafka.label}\n\n${table(figures)}`);
  } finally {
    await kafka.stop();
  }
});
