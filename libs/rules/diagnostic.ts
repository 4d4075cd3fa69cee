/** A finding in a rule file: where, what is wrong, and what would be right. */
export interface Diagnostic {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
  /** What was expected there, or which name was probably meant. */
  readonly expected?: string;
  /** A warning stops nothing; absent means error. */
  readonly severity?: 'error' | 'warning';
}

/** One line for people: file:line:column message; expected …. Warnings say that they are; nothing in it controls a terminal. */
export const formatDiagnostic = ({ file, line, column, message, expected, severity }: Diagnostic): string =>
  `${file}:${line}:${column} ${severity === 'warning' ? 'warning: ' : ''}${message}${expected ? `; expected ${expected}` : ''}`.replaceAll(/\p{Cc}/gu, '\ufffd');

/** The known name that is nearest to a mistyped one, if any is near (at most a third of its letters differ). */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(name.length, 3) / 3) + 1;
  for (const candidate of known) {
    if (Math.abs(name.length - candidate.length) >= bestDistance) continue; // as many letters to insert or remove
    const distance = editDistance(name.slice(0, 100), candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
};

/** Edit distance: letters to insert, remove or replace, and neighbours to swap (optimal string alignment). */
const editDistance = (a: string, b: string): number => {
  let beforePrevious: readonly number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (beforePrevious[j - 2] ?? 0) + 1 : Infinity;
      current[j] = Math.min(substitution, swap, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
};
