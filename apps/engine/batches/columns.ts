import { openCsv, rowsOf } from '#credentials/batch/csv.js';
import type { CsvSource } from '#credentials/batch/csv-text.js';

/** A column of a file with what stands in its first rows. */
export interface ColumnSample {
  readonly column: string;
  /** Cut to what tells what it is. */
  readonly first: readonly string[];
}

const [ROWS, LONGEST] = [5, 80];

/** The columns of a file and their first cells, so that somebody can tell which says what. @throws ProofmarkError USAGE */
export const columnSamples = async (source: CsvSource): Promise<readonly ColumnSample[]> => {
  const file = await openCsv(source);
  const first: (readonly string[])[] = [];
  for await (const rows of rowsOf(file)) {
    first.push(...rows.filter(({ ok }) => ok).map(({ cells }) => cells));
    if (first.length >= ROWS) break;
  }
  return file.columns.map((column, i) => ({ column, first: first.slice(0, ROWS).map((cells) => [...(cells[i] ?? '').trim()].slice(0, LONGEST).join('')) }));
};
