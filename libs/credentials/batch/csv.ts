import { CsvError, parse } from 'csv-parse/sync';
import { ProofmarkError } from '#domain/errors.js';
import { formOf, type CsvForm } from './csv-form.js';
import { CSV_LIMITS } from './csv-limits.js';
import { linesOf, type Line } from './csv-lines.js';
import { encodingOf, textOf, type CsvSource, type Encoding } from './csv-text.js';
import type { RowProblem } from './row-problem.js';

/** A row of a file: its cells, one for each column, or what is wrong with it. */
export type CsvRow =
  | { readonly ok: true; /** Where it starts, from 1. */ readonly line: number; readonly cells: readonly string[] }
  | { readonly ok: false; readonly line: number; readonly problem: RowProblem; /** As far as it could be read. */ readonly cells: readonly string[] };

/** A file, ready to be read: how it is written, and its columns. */
export interface CsvFile {
  readonly source: CsvSource;
  readonly encoding: Encoding;
  readonly form: CsvForm;
  readonly columns: readonly string[];
}

/** A row of so many characters has no cell that is short enough. */
const LONGEST_ROW = CSV_LIMITS.columns * CSV_LIMITS.cell;
/** A quote that is still open so many lines below was never meant to be. */
const MOST_LINES = 1000;
/** As many lines are parsed at once where each of them is a row. */
const BLOCK = 500;
/** The first line stands within so many characters, or is too long. */
const START = 64 * 1024;

interface Recorded {
  readonly line: number;
  readonly cells?: readonly string[];
  readonly problem?: RowProblem;
  readonly raw: string;
}

/** Whether every quote that opens in a text also closes in it: in CSV both are the same character. */
const isClosed = (text: string): boolean => {
  let closed = true;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) closed = !closed;
  return closed;
};

const parsed = (text: string, { delimiter, lineEnd }: CsvForm): readonly (readonly string[])[] =>
  parse(text, { delimiter, record_delimiter: lineEnd === '\r' ? '\r' : ['\r\n', '\n'], relax_column_count: true, skip_empty_lines: false });

const QUOTES: RowProblem = { en: 'its quotes do not match; a quote within a quoted cell is written twice', ko: '따옴표의 짝이 맞지 않습니다. 따옴표로 묶은 칸 안의 따옴표는 두 번 적어 주세요' };

/** One row that takes these lines, or why there is none. */
const rowOf = (lines: readonly Line[], form: CsvForm): Recorded => {
  const { number: line, cut } = lines[0] as Line;
  const raw = lines.map(({ text }) => text).join('');
  if (cut) return { line, raw, problem: { en: `the row is longer than ${LONGEST_ROW.toLocaleString('en')} characters`, ko: `행이 ${LONGEST_ROW.toLocaleString('en')}자를 넘습니다` } };
  try {
    const rows = parsed(raw, form);
    if (rows.length === 1) return { line, raw, cells: rows[0] as readonly string[] };
    return rows.length === 0 ? { line, raw, cells: [] } : { line, raw, problem: QUOTES };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { line, raw, problem: QUOTES };
  }
};

/**
 * The rows of lines. A row ends where its quotes are closed. Where they never are, or something else is wrong with
 * them, its first line is the broken one, and reading goes on with the line after it: one stray quote costs one row.
 */
class Rows {
  #open: Line[] = [];
  #length = 0;
  #closed = true;

  constructor(private readonly form: CsvForm) {}

  /** The rows that are complete with these lines. */
  take(lines: readonly Line[]): readonly Recorded[] {
    const rows: Recorded[] = [];
    const waiting: Line[] = [...lines].reverse();
    let block: Line[] = [];
    const flush = (): void => {
      rows.push(...this.#block(block));
      block = [];
    };
    for (let line = waiting.pop(); line; line = waiting.pop()) {
      if (this.#open.length === 0 && !line.cut && isClosed(line.text)) {
        block.push(line);
        if (block.length >= BLOCK) flush();
        continue;
      }
      flush();
      rows.push(...this.#add(line, waiting));
    }
    flush();
    return rows;
  }

  /** What is left when there is no further line. */
  end(): readonly Recorded[] {
    const rows: Recorded[] = [];
    while (this.#open.length > 0) {
      const waiting: Line[] = [];
      rows.push(this.#giveUp(waiting), ...this.take(waiting.reverse()));
    }
    return rows;
  }

  #add(line: Line, waiting: Line[]): readonly Recorded[] {
    if (line.cut && this.#open.length === 0) return [rowOf([line], this.form)];
    this.#open.push(line);
    this.#length += line.text.length;
    this.#closed = this.#closed === isClosed(line.text);
    if (line.cut || this.#open.length > MOST_LINES || this.#length > LONGEST_ROW) return [this.#giveUp(waiting)];
    if (!this.#closed) return [];
    const row = rowOf(this.#open, this.form);
    if (row.problem !== undefined) return [this.#giveUp(waiting)];
    this.#reset();
    return [row];
  }

  #giveUp(waiting: Line[]): Recorded {
    const [first, ...others] = this.#open;
    waiting.push(...others.reverse());
    this.#reset();
    const { number: line = 0, text: raw = '' } = first ?? {};
    return { line, raw, problem: QUOTES };
  }

  #reset(): void {
    [this.#open, this.#length, this.#closed] = [[], 0, true];
  }

  /** Lines that are a row each. */
  #block(lines: readonly Line[]): readonly Recorded[] {
    if (lines.length === 0) return [];
    try {
      const rows = parsed(lines.map(({ text }) => text).join(''), this.form);
      if (rows.length === lines.length) return lines.map(({ number: line, text: raw }, i) => ({ line, raw, cells: rows[i] as readonly string[] }));
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
    }
    return lines.map((line) => rowOf([line], this.form));
  }
}

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

async function* recordsOf(source: CsvSource, encoding: Encoding, form: CsvForm): AsyncGenerator<readonly Recorded[]> {
  const rows = new Rows(form);
  for await (const lines of linesOf(textOf(source, encoding), form.lineEnd, LONGEST_ROW)) yield rows.take(lines);
  yield rows.end();
}

const startOf = async (source: CsvSource, encoding: Encoding): Promise<string> => {
  let start = '';
  for await (const piece of textOf(source, encoding)) {
    start += piece;
    if (start.length >= START) break;
  }
  return start;
};

const EMPTY = 'The file is empty. Its first line names the columns; each line below is one person.';

/**
 * Looks at a file: how it is written and what its columns are called.
 * @throws ProofmarkError USAGE where it is no text, too large, or has no usable first line.
 */
export const openCsv = async (source: CsvSource): Promise<CsvFile> => {
  const encoding = await encodingOf(source);
  const form = formOf(await startOf(source, encoding));
  for await (const records of recordsOf(source, encoding, form)) {
    for (const { line, cells, problem } of records) {
      if (problem !== undefined || !cells) throw new ProofmarkError('USAGE', `Line ${line}, which should name the columns, cannot be read: ${problem?.en ?? ''}.`);
      if (isBlank(cells)) continue;
      const columns = cells.map((cell) => cell.trim());
      while (columns.at(-1) === '') columns.pop();
      if (columns.length > CSV_LIMITS.columns) throw new ProofmarkError('USAGE', `The file has ${columns.length} columns; ${CSV_LIMITS.columns} are the most. Take out what is not needed.`);
      const long = columns.findIndex((column) => column.length > CSV_LIMITS.cell);
      if (long >= 0) throw new ProofmarkError('USAGE', `The name of column ${long + 1} is longer than ${CSV_LIMITS.cell} characters.`);
      return { source, encoding, form, columns };
    }
  }
  throw new ProofmarkError('USAGE', EMPTY);
};

const checked = ({ line, cells = [], problem, raw }: Recorded, width: number): CsvRow => {
  if (problem !== undefined) return { ok: false, line, problem, cells: [raw.replace(/[\r\n]+$/, '').slice(0, CSV_LIMITS.cell)] };
  const long = cells.findIndex((cell) => cell.length > CSV_LIMITS.cell);
  if (long >= 0) return { ok: false, line, problem: { en: `cell ${long + 1} is longer than ${CSV_LIMITS.cell.toLocaleString('en')} characters`, ko: `${long + 1}번째 칸이 ${CSV_LIMITS.cell.toLocaleString('en')}자를 넘습니다` }, cells: cells.map((cell) => cell.slice(0, 200)) };
  if (cells.length < width || !isBlank(cells.slice(width))) {
    return { ok: false, line, problem: { en: `it has ${cells.length} cells, but the first line names ${width} columns`, ko: `칸이 ${cells.length}개인데 첫 줄의 열은 ${width}개입니다` }, cells };
  }
  return { ok: true, line, cells: cells.slice(0, width) };
};

/**
 * The rows below the first line, some at a time, those that are blank left out; memory holds a few of them, however
 * long the file.
 * @throws ProofmarkError USAGE where there are too many.
 */
export async function* rowsOf({ source, encoding, form, columns }: CsvFile): AsyncGenerator<readonly CsvRow[]> {
  let count = -1; // the first is the names of the columns
  for await (const records of recordsOf(source, encoding, form)) {
    const rows: CsvRow[] = [];
    for (const record of records) {
      if (record.problem === undefined && isBlank(record.cells ?? [])) continue;
      count += 1;
      if (count > CSV_LIMITS.rows) throw new ProofmarkError('USAGE', `The file has more than ${CSV_LIMITS.rows.toLocaleString('en')} rows. Split it into several files; a repeated row issues nothing twice.`);
      if (count > 0) rows.push(checked(record, columns.length));
    }
    if (rows.length > 0) yield rows;
  }
}
