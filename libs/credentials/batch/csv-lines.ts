import type { CsvForm } from './csv-form.js';

/** A line of a file with its end. */
export interface Line {
  /** Counts from 1. */
  readonly number: number;
  readonly text: string;
  /** True for a line that was too long to be kept: its text is only its start. */
  readonly cut: boolean;
}

/** Splits text into lines; of a line that is longer than `longest` only the start is kept. */
export async function* linesOf(pieces: AsyncIterable<string>, lineEnd: CsvForm['lineEnd'], longest: number): AsyncGenerator<readonly Line[]> {
  let rest = '';
  let cut = false;
  let number = 1;
  for await (const piece of pieces) {
    const lines: Line[] = [];
    let from = 0;
    for (let end = piece.indexOf(lineEnd); end >= 0; end = piece.indexOf(lineEnd, from)) {
      const text = rest + piece.slice(from, end + 1);
      lines.push(text.length > longest || cut ? { number, text: text.slice(0, longest), cut: true } : { number, text, cut: false });
      [rest, cut, from] = ['', false, end + 1];
      number += 1;
    }
    if (!cut) rest += piece.slice(from);
    if (rest.length > longest) [rest, cut] = [rest.slice(0, longest), true];
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [{ number, text: rest, cut }];
}
