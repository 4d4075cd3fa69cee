// Proofmark's own benchmark: "npm run bench". What the figures mean: docs/performance.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { analytics } from './analytics.js';
import { checks } from './checks.js';
import { endToEnd, profileImport } from './end-to-end.js';
import { flatHistory } from './flat-history.js';
import { growthPage } from './growth-page.js';
import { hotSpots, readProfiles } from './hot-spots.js';
import { latency } from './latency.js';
import { isInMemory, machine, machineLine } from './machine.js';
import { reached, spread, table, type Figure } from './report.js';
import { workDirectory } from './work-directory.js';
import { wholeNumber } from './whole-number.js';

const PARTS = ['e2e', 'latency', 'history', 'checks', 'analytics', 'growth-page'] as const;
type Part = (typeof PARTS)[number];

const DATA = join(import.meta.dirname, '../../../shared/data/oulad/events.ndjson.gz');
const GENERATED = 200_000;
const QUICK = { generate: 20_000, rounds: 1, seconds: 2, events: 2_000, active: 10 } as const;

const isPart = (text: string): text is Part => PARTS.some((part) => part === text);
const parts = (text: string): readonly Part[] =>
  text.split(',').map((part) => {
    if (isPart(part)) return part;
    throw new InvalidArgumentError(`It must be some of ${PARTS.join(', ')}, separated by commas.`);
  });
interface Options {
  readonly only: readonly Part[];
  readonly data: string;
  readonly dir: string;
  readonly rounds: number;
  readonly rate: number;
  readonly seconds: number;
  readonly quick?: true;
  readonly json?: string;
  readonly profile?: string;
}

const options = new Command('npm run bench --')
  .description('Measures Proofmark end to end: throughput against the raw insert rate, latency, growth with history, and how long the page of a learner takes.')
  .option('--only <parts>', `some of ${PARTS.join(',')}`, parts, [...PARTS])
  .option('--quick', 'small inputs, one round: shows that it works, measures nothing')
  .option('--rounds <n>', 'how often each part is measured', wholeNumber, 3)
  .option('--data <file>', 'OULAD events to import; a generated stream where the file does not exist', DATA)
  .option('--rate <n>', 'latency: events a second', wholeNumber, 2_000)
  .option('--seconds <n>', 'latency: how long, after a warm-up', wholeNumber, 15)
  .option('--dir <dir>', 'where the work directory is made: the disk that is measured', tmpdir())
  .option('--json <file>', 'also write all figures to a file')
  .option('--profile <dir>', 'also import once with the profiler on, keep the profiles there and print the hottest spots')
  .parse()
  .opts<Options>();

const say = (text: string): void => console.error(text);
const work = workDirectory(options.dir);
const on = machine();
console.log(machineLine(on));
if (isInMemory(work.path)) console.log(`${options.dir} is in memory: syncs cost nothing there. Name a directory on a disk with --dir.`);

const { quick } = options;
const rounds = quick ? QUICK.rounds : options.rounds;
const endToEndOptions = { work, rounds, say, file: quick ? '' : resolve(options.data), generate: quick ? QUICK.generate : GENERATED };
const measure: Readonly<Record<Part, () => Promise<readonly Figure[]>>> = {
  e2e: () => endToEnd(endToEndOptions),
  latency: () => latency({ work, rounds, say, eventsPerSecond: options.rate, seconds: quick ? QUICK.seconds : options.seconds }),
  checks: () => checks({ work, rounds, say, requests: quick ? 16 : 240 }),
  analytics: () => analytics({ ...endToEndOptions, requests: quick ? 3 : 40 }),
  'growth-page': () => growthPage({ work, say, openings: quick ? 2 : 10 * rounds, facts: quick ? 200 : 5_000 }),
  history: () => flatHistory({ work, rounds, say, events: quick ? QUICK.events : 96_000, active: quick ? QUICK.active : 80 }),
};

const figures: Figure[] = [];
for (const part of PARTS) {
  if (!options.only.includes(part)) continue;
  say(`${part} …`);
  figures.push(...(await measure[part]()));
}
console.log(`\n${table(figures)}`);
if (quick) console.log('\nThese are quick runs on small inputs: they show that everything works, not how fast it is.');

if (options.profile !== undefined) {
  say('\nprofile …');
  mkdirSync(options.profile, { recursive: true });
  await profileImport(endToEndOptions, options.profile);
  console.log(`\n${hotSpots(readProfiles(options.profile), 8)}`);
}
if (options.json !== undefined) {
  const results = figures.map((figure) => ({ ...figure, name: figure.name.trim(), ...spread(figure.values), reached: reached(figure) }));
  writeFileSync(options.json, `${JSON.stringify({ machine: on, at: new Date().toISOString(), quick: quick === true, figures: results }, null, 2)}\n`);
}
