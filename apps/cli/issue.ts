import { closeSync, fchmodSync, fstatSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { CSV_MARK, csvLine } from '#credentials/batch/csv-writing.js';
import type { CsvSource } from '#credentials/batch/csv-text.js';
import { readMapping, type Mapping } from '#credentials/batch/mapping.js';
import { readAwardTime } from '#credentials/batch/award-day.js';
import type { Preview } from '#credentials/batch/standing.js';
import type { Language, Template } from '#credentials/certificate/certificate.js';
import { ProofmarkError } from '#domain/errors.js';
import type { Outcome } from '#engine/batches/archive.js';
import { mapBatch, openBatch, type Batch } from '#engine/batches/batch.js';
import { fileSource, memorySource } from '#engine/batches/file-source.js';
import { issueBatch, type Stage } from '#engine/batches/issue-batch.js';
import { previewBatch } from '#engine/batches/preview.js';
import type { RefusedRow } from '#engine/batches/rows.js';
import { openEngine } from '#engine/composition.js';
import type { EngineConfig } from '#engine/config.js';
import type { Engine } from '#engine/engine.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { EXIT } from './exit-codes.js';
import { untilInterrupted } from './interrupt.js';
import { bar, progressLine } from './progress-line.js';

export interface IssueOptions {
  readonly config: EngineConfig;
  /** "-" is standard input. */
  readonly csv: string;
  readonly badge: string;
  /** Who approves, for the record. */
  readonly by: string;
  readonly reason?: string;
  /** For rows without a date. */
  readonly date?: string;
  /** "field=Column", once for each. */
  readonly map: readonly string[];
  readonly template?: Template;
  readonly language?: Language;
  /** Only shows what would happen. */
  readonly preview: boolean;
  /** Does not ask. */
  readonly yes: boolean;
  readonly zip?: string;
  /** Where bad rows are written. */
  readonly errors?: string;
}

const LISTED = 20;

const mappingOf = (map: readonly string[]): Mapping =>
  readMapping(map.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new ProofmarkError('USAGE', `--map ${text}: write field=Column, like --map email="E-mail".`);
    return [text.slice(0, at), text.slice(at + 1)] as const;
  }));

const sourceOf = async (csv: string): Promise<CsvSource> => {
  if (csv === '-') return memorySource(process.stdin);
  const found = statSync(csv, { throwIfNoEntry: false });
  if (!found) throw new ProofmarkError('NOT_FOUND', `There is no file ${csv}. Nothing was issued.`);
  // A pipe can be read once only.
  return found.isFile() ? fileSource(csv) : found.isDirectory() ? Promise.reject(new ProofmarkError('USAGE', `${csv} is a directory.`)) : memorySource(fileSource(csv).open());
};

/** An engine that writes; one that runs on the data already has to be asked over HTTP. */
const openToIssue = async (config: EngineConfig): Promise<Engine> => {
  try {
    return await openEngine(config);
  } catch (error) {
    if (!(error instanceof ProofmarkError) || error.code !== 'STORE_LOCKED') throw error;
    throw new ProofmarkError('STORE_LOCKED', `${error.message} Or issue through that engine: POST /v1/batches.`);
  }
};

const count = (value: number, what: string, more = ''): string => `${value.toLocaleString('en').padStart(9)}  ${what}${more && value > 0 ? ` (${more})` : ''}`;

const printColumns = ({ file: { columns, encoding, form }, mapping, badge: { live } }: Batch, { config }: IssueOptions): void => {
  const separator = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' }[form.delimiter];
  console.log(`badge ${live.rule.badge}, version ${live.reference.version} of its rule; credentials will name ${config.publicUrl}`);
  console.log(`${encoding}, separated by ${separator}; the columns say:`);
  const fields = Object.entries(mapping);
  for (const column of columns) {
    const field = fields.find(([, name]) => name === column)?.[0];
    console.log(`  ${(field ?? '-').padEnd(9)} ${column}`);
  }
};

const listBad = (rows: readonly { readonly line: number; readonly problems: readonly string[] }[], all: number): void => {
  for (const { line, problems } of rows.slice(0, LISTED)) console.log(`  line ${line}: ${problems.join('; ')}`);
  if (all > LISTED) console.log(`  … and ${all - LISTED} more; --errors writes all of them to a file`);
};

const printPreview = (preview: Preview): void => {
  console.log(count(preview.rows, 'rows'));
  console.log(count(preview.new, 'would be approved'));
  console.log(count(preview.has, 'have the badge already; nothing happens to them'));
  if (preview.approved > 0) console.log(count(preview.approved, 'were approved before, and something else is missing'));
  if (preview.stopped > 0) console.log(count(preview.stopped, 'had the badge or an approval taken away; a batch does not bring it back'));
  console.log(count(preview.bad, 'are bad and would be left out'));
  if (preview.nameless > 0) console.log(count(preview.nameless, 'have no name; their certificates would name nobody'));
  listBad(preview.badRows, preview.bad);
};

const printOutcome = ({ awarded, notAwarded, lacking, unused }: Outcome): void => {
  console.log(count(awarded, 'have the badge'));
  for (const line of unused) console.log(`not on the certificates: ${line}`);
  if (notAwarded === 0) return;
  console.log(count(notAwarded, 'were approved and are not awarded yet:'));
  for (const { line, learner, missing } of lacking.slice(0, LISTED)) console.log(`  line ${line}, ${learner}: approved, not yet awarded, missing: ${missing.map(({ en }) => en).join('; ')}`);
  if (notAwarded > LISTED) console.log(`  … and ${notAwarded - LISTED} more`);
};

/** Writes bad rows to a file, readable by its owner alone: it holds what the rows held. */
class ErrorFile {
  readonly #file: number;

  constructor(path: string, columns: readonly string[]) {
    this.#file = openSync(path, 'a', 0o600);
    // One that was there before may be open to others: it is closed to them before anything is in it.
    if (fstatSync(this.#file).isFile()) {
      fchmodSync(this.#file, 0o600);
      ftruncateSync(this.#file);
    }
    writeSync(this.#file, CSV_MARK + csvLine(['line', 'problem', ...columns]));
  }

  readonly add = ({ line, problems, cells }: RefusedRow): void => void writeSync(this.#file, csvLine([String(line), problems.map(({ en }) => en).join('; '), ...cells]));

  close(): void {
    closeSync(this.#file);
  }
}

/** Asks on the terminal; Ctrl+C and the end of the input say no. */
const confirm = async (question: string): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
    return /^y(es)?$/i.test((await Promise.race([terminal.question(`${question} (y/N) `), ended])).trim());
  } finally {
    terminal.close();
  }
};

/** What is wrong with the arguments is said before anything is opened. */
const assertArguments = ({ reason, csv, yes, preview, zip }: IssueOptions): void => {
  if (reason !== undefined && (reason.length > 500 || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(reason))) throw new ProofmarkError('USAGE', '--reason must be text of at most 500 characters, in one line.');
  if (!preview && !yes && (csv === '-' || !process.stdin.isTTY)) {
    throw new ProofmarkError('USAGE', 'Nobody can be asked here whether to issue. Look at it with --preview, then say --yes.');
  }
  if (zip !== undefined && statSync(zip, { throwIfNoEntry: false })?.isDirectory()) throw new ProofmarkError('USAGE', `--zip ${zip} is a directory; name a file in it.`);
};

/** Stages and counts on standard error. */
const progressOf = () => {
  const line = progressLine();
  let total = 0;
  return {
    stage: (text: string, rows: number): void => {
      line.end();
      total = rows;
      console.error(text);
    },
    rows: (done: number): void => line.update(total > 0 ? `${bar(done / total)} ${done.toLocaleString('en')} of ${total.toLocaleString('en')} rows` : `${done.toLocaleString('en')} rows`),
    end: (): void => line.end(),
  };
};

const issueIn = async (engine: Engine, options: IssueOptions, signal: AbortSignal): Promise<number> => {
  const { by, reason, date, preview: only, yes, zip, template, language } = options;
  const { diagnostics } = await engine.publishRules();
  for (const found of diagnostics) console.error(`rule not published: ${formatDiagnostic(found)}`);
  await engine.followers.settle();
  const progress = progressOf();
  try {
    const batch = mapBatch(await openBatch(engine, options.badge, await sourceOf(options.csv)), mappingOf(options.map));
    const now = Date.now();
    const read = date === undefined ? undefined : readAwardTime(date, batch.badge.zone, now);
    if (read && !read.ok) throw new ProofmarkError('USAGE', `--date: ${read.problem.en}.`);
    printColumns(batch, options);
    progress.stage('checking rows', 0);
    const errors = options.errors === undefined ? undefined : new ErrorFile(options.errors, batch.file.columns);
    try {
      const preview = await previewBatch(engine, batch, { by, now, signal, onRows: progress.rows, ...(errors && { onBad: errors.add }) });
      progress.end();
      printPreview(preview);
      if (options.errors !== undefined && preview.bad > 0) console.log(`The bad rows are in ${options.errors}.`);
      const code = preview.bad > 0 ? EXIT.deadLetters : EXIT.ok;
      if (only) return code;
      if (preview.new + preview.has + preview.approved === 0) {
        console.error('There is nobody to give the badge to. Nothing was issued.');
        return code;
      }
      if (!yes && !(await confirm(`Give the badge to ${preview.new.toLocaleString('en')} people?`))) {
        console.error('Nothing was issued.');
        return EXIT.failed;
      }
      const stages: Readonly<Record<Stage, readonly [string, number]>> = {
        approving: [`approving ${preview.new} rows`, preview.rows],
        deciding: ['deciding and signing', 0],
        drawing: [zip === undefined ? 'looking who has the badge' : `drawing certificates into ${zip}`, preview.rows - preview.bad],
      };
      const settings = { by, ...(reason !== undefined && { reason }), ...(read?.ok && { time: read.time }), ...(template && { template }), ...(language && { language }) };
      const { approved, outcome } = await issueBatch(engine, batch, settings, {
        now,
        signal,
        ...(zip !== undefined && { zip }),
        onStage: (stage) => progress.stage(...stages[stage]),
        onRows: progress.rows,
        onBad: ({ line, problems, letter }) => {
          if (letter !== undefined) console.error(`line ${line}: ${problems.map(({ en }) => en).join('; ')}`); // the others were told before
        },
      });
      progress.end();
      console.log(count(approved.recorded, 'approved now'));
      printOutcome(outcome);
      if (zip !== undefined) console.log(`${zip} has ${outcome.awarded} certificates as PDF and PNG, their credentials, and index.csv. It holds names: keep it as you keep the file.`);
      return approved.bad > 0 ? EXIT.deadLetters : EXIT.ok;
    } finally {
      errors?.close();
    }
  } finally {
    progress.end();
  }
};

/** Gives a badge to everybody in a file, and writes their certificates. */
export const issueFromFile = async (options: IssueOptions): Promise<number> => {
  assertArguments(options);
  mappingOf(options.map);
  const engine = await openToIssue(options.config);
  try {
    return await untilInterrupted(async (signal) => {
      try {
        return await issueIn(engine, options, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        console.error('Interrupted. What was approved stays; run the same command again to go on.');
        return EXIT.interrupted;
      }
    });
  } finally {
    await engine.close();
  }
};
