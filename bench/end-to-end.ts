import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { barestRate, floorRate, readRows } from './floor.js';
import { generatedRows } from './generated.js';
import { runImport, type ImportRun } from './import-run.js';
import { medianOf, type Figure } from './report.js';
import type { WorkDirectory } from './work-directory.js';

const RULES = join(import.meta.dirname, '../../test/truth/rules');
const SEED = 1;

export interface EndToEndOptions {
  readonly work: WorkDirectory;
  /** File to import; a generated one where it does not exist. */
  readonly file: string;
  /** Events of a generated file. */
  readonly generate: number;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** The file to import: the given one, or one generated into the work directory. */
export const inputFile = async ({ work, file, generate, say }: EndToEndOptions): Promise<string> => {
  if (existsSync(file)) {
    say(`input: ${file}`);
    return file;
  }
  say(`input: a generated stream of ${generate.toLocaleString('en')} events, seed ${SEED}${file ? ` (there is no ${file})` : ''}`);
  const generated = join(work.path, 'generated.ndjson.gz');
  if (!existsSync(generated)) {
    await pipeline(Readable.from(generatedRows(generate, SEED)), createGzip(), createWriteStream(generated));
  }
  return generated;
};

/**
 * Imports with the real program, and inserts the same bytes with nothing around the insert, before and after. The
 * bytes come from the log of a first import, which is not counted and has the file in the page cache for the others.
 */
export const endToEnd = async (options: EndToEndOptions): Promise<readonly Figure[]> => {
  const { work, rounds, say } = options;
  const file = await inputFile(options);
  const rows = await work.fresh(async (dataDir) => {
    await runImport({ file, rules: RULES, dataDir });
    return readRows(dataDir);
  });
  const floors: number[] = [];
  const barests: number[] = [];
  const measureFloor = async (): Promise<void> => {
    floors.push(await work.fresh((dir) => floorRate(rows, dir)));
    barests.push(await work.fresh((dir) => barestRate(rows, dir)));
    say(`  floor ${whole(floors.at(-1))} rows/s, barest ${whole(barests.at(-1))} rows/s`);
  };
  const imports: ImportRun[] = [];
  await measureFloor();
  for (let round = 0; round < rounds; round++) {
    const run = await work.fresh((dataDir) => runImport({ file, rules: RULES, dataDir }));
    imports.push(run);
    const { sent, eventsPerSecond, seconds, processorSeconds, peakBytes, awards } = run;
    say(`  import ${whole(sent)} events, ${whole(awards)} awards: ${whole(eventsPerSecond)} events/s, ${seconds.toFixed(1)} s in all, ${processorSeconds.toFixed(1)} s of processor time, ${whole(peakBytes / 1e6)} MB`);
    await measureFloor();
  }
  /** Of each import to the mean of what was measured before and after it. */
  const ratios = (rates: readonly number[]): readonly number[] =>
    imports.map(({ eventsPerSecond }, i) => (eventsPerSecond * 2) / ((rates[i] ?? NaN) + (rates[i + 1] ?? NaN)));
  const rates = imports.map(({ eventsPerSecond }) => eventsPerSecond);
  say(`  log: ${whole(rows.count)} rows, ${whole(rows.jsons.reduce((sum, json) => sum + json.length, 0) / rows.count)} bytes of JSON each; median import ${whole(medianOf(rates))} events/s`);
  return [
    { name: 'end to end', unit: 'events/s', values: rates, goal: { least: 30_000 } },
    { name: '  the whole process', unit: 's', values: imports.map(({ seconds }) => seconds) },
    { name: '  its processor time, all threads', unit: 's', values: imports.map(({ processorSeconds }) => processorSeconds) },
    { name: '  peak resident memory', unit: 'MB', values: imports.map(({ peakBytes }) => peakBytes / 1e6), goal: { most: 1000 } },
    { name: 'floor: inserts into the log\'s tables', unit: 'rows/s', values: floors },
    { name: '  end to end / floor', unit: 'ratio', values: ratios(floors), goal: { least: 0.5 } },
    { name: 'barest: inserts of (position, json)', unit: 'rows/s', values: barests },
    { name: '  end to end / barest', unit: 'ratio', values: ratios(barests) },
  ];
};

/** Imports once more with the profiler on; writes a profile of each thread. */
export const profileImport = async (options: EndToEndOptions, into: string): Promise<void> => {
  const file = await inputFile(options);
  await options.work.fresh((dataDir) => runImport({ file, rules: RULES, dataDir, profileInto: into }));
};

const whole = (value: number | undefined): string => Math.round(value ?? NaN).toLocaleString('en');
