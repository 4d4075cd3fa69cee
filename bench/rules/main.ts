// What deciding costs, by the number of rules and the length of histories, and against peers: "npm run bench:rules".
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { readProfiles } from '../hot-spots.js';
import { machine, machineLine } from '../machine.js';
import { reached, spread, table, type Figure } from '../report.js';
import { rateInChild } from './children.js';
import { FULL, Measurements, PARTS, QUICK, WrongAnswer, type Part } from './figures.js';

const PROFILED_RULES = [1_000, 10_000];
const PROFILED_EVENTS = 200_000;
const TOP = 15;

const isPart = (text: string): text is Part => PARTS.some((part) => part === text);
const parts = (text: string): readonly Part[] =>
  text.split(',').map((part) => {
    if (isPart(part)) return part;
    throw new InvalidArgumentError(`It must be some of ${PARTS.join(', ')}, separated by commas.`);
  });
const positive = (text: string): number => {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
};

interface Options {
  readonly only: readonly Part[];
  readonly rounds: number;
  readonly seconds: number;
  readonly quick?: true;
  readonly json?: string;
  readonly profile?: string;
}

const options = new Command('npm run bench:rules --')
  .description('Measures the rules engine alone, without a log: rates, growth with rules and histories, memory, and peers on the same events.')
  .option('--only <parts>', `some of ${PARTS.join(',')}`, parts, [...PARTS])
  .option('--quick', 'small inputs: shows that it works, measures nothing')
  .option('--rounds <n>', 'how often each thing is measured', positive, 1)
  .option('--seconds <n>', 'at most about so long for a run of our own engine, on fewer learners where need be', positive, FULL.ownSeconds)
  .option('--json <file>', 'also write all figures to a file')
  .option('--profile <dir>', 'also write CPU profiles of our engine there and print the hottest spots')
  .parse()
  .opts<Options>();

const { quick } = options;
const sizes = quick ? QUICK : { ...FULL, ownSeconds: options.seconds };
const say = (text: string): void => console.error(text);
const measurements = new Measurements(sizes, say);

/** The figures of one name, with the values of all rounds. */
const merged = (all: readonly Figure[]): readonly Figure[] => {
  const byName = new Map<string, Figure>();
  for (const [i, figure] of all.entries()) {
    // Names of lines that belong to the one above repeat between parts.
    const key = figure.name.startsWith(' ') ? `${all[i - 1]?.name} ${figure.name}` : figure.name;
    const known = byName.get(key);
    byName.set(key, known ? { ...known, values: [...known.values, ...figure.values] } : figure);
  }
  return [...byName.values()];
};

const measure = async (): Promise<readonly Figure[]> => {
  const all: Figure[] = [];
  for (let round = 0; round < options.rounds; round++) {
    measurements.again();
    for (const part of PARTS) {
      if (!options.only.includes(part)) continue;
      say(`${part} …`);
      all.push(...(await measurements.figures(part)));
    }
  }
  return merged(all);
};

const profile = async (dir: string): Promise<void> => {
  for (const rules of PROFILED_RULES) {
    say(`profile, R = ${rules} …`);
    const into = join(dir, `rules-${rules}`);
    const events = quick ? QUICK.events : PROFILED_EVENTS;
    await rateInChild({ contender: 'proofmark', rules, facts: 33, events, seconds: sizes.ownSeconds, check: 0, sample: sizes.sample, profile: into });
    for (const { spots, busySeconds } of readProfiles(into)) {
      console.log(`\nR = ${rules.toLocaleString('en')}: busiest functions by their own time, of ${busySeconds.toFixed(1)} s`);
      for (const { name, seconds: own } of spots.slice(0, TOP)) console.log(`${((own / busySeconds) * 100).toFixed(1).padStart(6)} %  ${name}`);
    }
  }
};

const on = machine();
console.log(machineLine(on));
try {
  const figures = await measure();
  console.log(`\n${table(figures)}`);
  console.log('\nRates are events per second of processor time, all threads of the process together: what one core does.');
  console.log('Our engine agreed with the reference evaluator on all kinds of events, and each peer here with our engine on events in order.');
  for (const note of measurements.notes) console.log(`* ${note}`);
  if (quick) console.log('\nThis was a quick run on small inputs: it shows that everything works, not how fast it is.');
  if (options.json !== undefined) {
    const results = figures.map((figure) => ({ ...figure, name: figure.name.trim(), ...spread(figure.values), reached: reached(figure) }));
    const runs = measurements.results.map(({ met, ...run }) => ({ ...run, met: met.length }));
    writeFileSync(options.json, `${JSON.stringify({ machine: on, at: new Date().toISOString(), quick: quick === true, figures: results, notes: measurements.notes, runs }, null, 2)}\n`);
  }
  if (options.profile !== undefined) await profile(options.profile);
} catch (error) {
  if (!(error instanceof WrongAnswer)) throw error;
  console.error(`\nWrong answers: ${error.message}`);
  process.exitCode = 1;
}
