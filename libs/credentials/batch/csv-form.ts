/** How a file separates cells and lines. */
export interface CsvForm {
  readonly delimiter: ',' | ';' | '\t';
  /** "\r" for what old spreadsheets of the Macintosh write; else "\n", before which "\r" may stand. */
  readonly lineEnd: '\n' | '\r';
}

const DELIMITERS = [',', ';', '\t'] as const;

/** Tells from the start of a file how it is written: by the separators in its first line that stand outside of quotes. */
export const formOf = (start: string): CsvForm => {
  const counts = { ',': 0, ';': 0, '\t': 0 };
  let quoted = false;
  let lineEnd: CsvForm['lineEnd'] = '\n';
  for (let at = start.search(/[^\r\n]/); at >= 0 && at < start.length; at++) {
    const character = start[at] as string;
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n') break;
    else if (character === '\r') {
      if (start[at + 1] !== '\n') lineEnd = '\r';
      break;
    } else if (character === ',' || character === ';' || character === '\t') counts[character] += 1;
  }
  const [delimiter] = [...DELIMITERS].sort((a, b) => counts[b] - counts[a]);
  return { delimiter: delimiter ?? ',', lineEnd };
};
