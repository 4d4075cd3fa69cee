import { open, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { PreviewedRow } from './preview.js';

/** Which rows of a preview are asked for. */
export interface RowsAsked {
  readonly standing?: PreviewedRow['standing'];
  /** What a row's line, person, name or problems contain. */
  readonly text?: string;
  /** Rows below this line only. */
  readonly after: number;
  readonly limit: number;
}

/** Writes what a preview says of each row beside the batch's file: as personal as that, and gone with it. It is there when it is whole. */
export const writePreviewedRows = async <T>(path: string, write: (add: (rows: readonly PreviewedRow[]) => Promise<void>) => Promise<T>): Promise<T> => {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  let written: T;
  try {
    written = await write(async (rows) => void (await file.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))));
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
  await file.close();
  await rename(part, path);
  return written;
};

const holds = (row: PreviewedRow, text: string): boolean =>
  [String(row.line), row.who, row.name, ...(row.problems ?? []).flatMap(({ en, ko }) => [en, ko])].some((one) => one?.normalize('NFC').toLowerCase().includes(text));

/** The rows of a preview that are asked for, in the order of the file; one line is in memory at a time. */
export const readPreviewedRows = async (path: string, { standing, text, after, limit }: RowsAsked): Promise<readonly PreviewedRow[]> => {
  const sought = text?.normalize('NFC').toLowerCase();
  const found: PreviewedRow[] = [];
  const file = await open(path);
  try {
    for await (const line of createInterface({ input: file.createReadStream({ autoClose: false }), crlfDelay: Infinity })) {
      const row = JSON.parse(line) as PreviewedRow;
      if (row.line <= after || (standing !== undefined && row.standing !== standing) || (sought !== undefined && !holds(row, sought))) continue;
      found.push(row);
      if (found.length >= limit) break;
    }
  } finally {
    await file.close();
  }
  return found;
};
