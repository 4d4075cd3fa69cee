import { statSync } from 'node:fs';
import { ProofmarkError } from '#domain/errors.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { openEngine } from '#engine/composition.js';
import type { EngineConfig } from '#engine/config.js';
import type { Engine } from '#engine/engine.js';
import type { Account, Delivery } from '#intake/delivery.js';
import { readLines, type RawLine } from '#intake/line-source.js';
import type { FormatReader } from '#intake/mapped.js';
import { createOuladReader } from '#intake/oulad-format.js';
import { readProofmark } from '#intake/proofmark-format.js';
import { EXIT } from './exit-codes.js';
import { FORMATS, type Format } from './formats.js';
import { bar, progressLine, type ProgressLine } from './progress-line.js';

/** A reader for one file, by its format. */
const READERS: Readonly<Record<Format, () => FormatReader>> = {
  proofmark: () => readProofmark,
  oulad: createOuladReader,
};

const BATCH = 4000;
/** By so many of its first lines another format of a file is told. */
const TELLING = 100;

/** The format of a file of which no line can be read in the one that was said, while most can in another; undefined where that is not so. */
const otherFormat = (lines: readonly RawLine[], said: Format): Format | undefined => {
  const readable = (format: Format, among: readonly RawLine[]): number => {
    const read = READERS[format]();
    return among.filter(({ raw }) => read(raw).ok).length;
  };
  const told = lines.slice(0, TELLING);
  if (readable(said, told) > 0) return undefined;
  const other = FORMATS.find((format) => format !== said && readable(format, told) * 2 > told.length);
  return other && readable(said, lines) === 0 ? other : undefined;
};

/** A file in another format than was said would be nothing but dead letters, and a word imports it right. */
const assertFormats = async (files: readonly string[], said: Format): Promise<void> => {
  for (const file of files.filter((name) => name !== '-')) {
    for await (const { lines } of readLines(file, { batchSize: BATCH })) {
      const other = otherFormat(lines, said);
      const how = files.length > 1 ? `Import it by itself, with --format ${other}` : `Use --format ${other}`;
      if (other) throw new ProofmarkError('USAGE', `${file} is not in the format "${said}": its first lines are events in the format "${other}". ${how}. Nothing was imported.`);
      break;
    }
  }
};

/** What a pipe has given once is gone, so it is told with what was taken of it. */
const assertPiped = (lines: readonly RawLine[], said: Format): void => {
  const other = otherFormat(lines, said);
  if (other) throw new ProofmarkError('USAGE', `Standard input is not in the format "${said}": its first lines are events in the format "${other}". Send all of it again, with --format ${other}. Nothing of it was imported.`);
};

/** Batches on their way into the log while the next ones are read: bounds memory and keeps both cores busy. */
const IN_FLIGHT = 3;

export interface ImportOptions {
  readonly config: EngineConfig;
  readonly files: readonly string[];
  readonly format: Format;
}

/** Imports files into a data directory, decides and projects what they bring, and prints the account. */
export const importFiles = async ({ config, files, format }: ImportOptions): Promise<number> => {
  assertFiles(files);
  await assertFormats(files, format);
  const engine = await openEngine(config);
  const line = progressLine();
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const { diagnostics } = await engine.publishRules();
    for (const found of diagnostics) console.error(`rule not published: ${formatDiagnostic(found)}`);
    const started = performance.now();
    for (const file of files) {
      if (!interrupted.signal.aborted) await importFile(engine, file, format, line, interrupted.signal);
    }
    line.update('deciding and projecting the rest …');
    await engine.followers.settle();
    line.end();
    await printAccount(engine, (performance.now() - started) / 1000);
    if (interrupted.signal.aborted) {
      console.error('Interrupted. What is counted above is recorded; run the same import again to go on.');
      return EXIT.interrupted;
    }
    return engine.intake.account.deadLettered > 0 ? EXIT.deadLetters : EXIT.ok;
  } catch (error) {
    line.end();
    console.error('The import stopped. What is counted here is recorded; once the cause is gone, run the same import again.');
    printCounts(engine.intake.account);
    throw error;
  } finally {
    line.end();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await engine.close();
  }
};

/** A file that is missing must not come to light after hours of importing the one before it. */
const assertFiles = (files: readonly string[]): void => {
  for (const file of files.filter((name) => name !== '-')) {
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found) throw new ProofmarkError('NOT_FOUND', `There is no file ${file}. Nothing was imported.`);
    if (found.isDirectory()) throw new ProofmarkError('USAGE', `${file} is a directory; name the files in it. Nothing was imported.`);
  }
};

const importFile = async (
  engine: Engine,
  file: string,
  format: Format,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<void> => {
  const read = READERS[format]();
  const underWay: Promise<unknown>[] = [];
  let piped = file === '-';
  try {
    for await (const { lines, consumed, total } of readLines(file, { batchSize: BATCH })) {
      if (signal.aborted) break;
      if (piped) assertPiped(lines, format);
      piped = false;
      const deliveries = lines.map(({ line: number, raw, oversize }): Delivery => ({
        raw,
        format,
        origin: `${file}:${number}`,
        mapped: read(raw),
        ...(oversize && { oversize }),
      }));
      const submitted = engine.intake.submit(deliveries);
      submitted.catch(() => undefined); // it is awaited below, maybe after another one has failed
      underWay.push(submitted);
      if (underWay.length >= IN_FLIGHT) await underWay.shift();
      const { sent } = engine.intake.account;
      const share = total ? `${bar(consumed / total)} ${Math.floor((consumed / total) * 100)} % ` : '';
      line.update(`${file} ${share}${sent.toLocaleString('en')} events`);
    }
    await Promise.all(underWay);
  } finally {
    await Promise.allSettled(underWay); // where the file ends in an error: the account counts what was on its way
  }
};

const count = (value: number): string => value.toLocaleString('en').padStart(12);

const printCounts = ({ sent, recorded, duplicates, deadLettered, derived, byReason }: Account): void => {
  console.log(`sent         ${count(sent)}`);
  console.log(`recorded     ${count(recorded)}${derived > 0 ? `   (and ${derived} about courses, derived from them)` : ''}`);
  console.log(`duplicates   ${count(duplicates)}`);
  console.log(`dead letters ${count(deadLettered)}`);
  for (const [reason, letters] of Object.entries(byReason).sort()) console.log(`  ${reason.padEnd(18)} ${count(letters)}`);
};

const printAccount = async (engine: Engine, seconds: number): Promise<void> => {
  const { sent, deadLettered } = engine.intake.account;
  printCounts(engine.intake.account);
  const rate = seconds > 0 ? Math.round(sent / seconds).toLocaleString('en') : '-';
  console.log(`in ${seconds.toFixed(1)} s, ${rate} events/s, decided and projected`);
  const rules = await engine.readModels.find('rule', { where: { tenant: engine.config.tenant } });
  for (const { badge } of rules) {
    const where = { tenant: engine.config.tenant, badge: badge as string };
    const active = await engine.readModels.count('award', { ...where, status: 'active' });
    const all = await engine.readModels.count('award', where);
    console.log(`badge ${(badge as string).padEnd(24)} ${count(active)} active of ${all.toLocaleString('en')} ever awarded`);
  }
  if (deadLettered > 0) console.log('See the dead letters with "proofmark dead-letters list".');
};
