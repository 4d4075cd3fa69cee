import { parseCases, type CasesResult } from './parse-cases.js';
import type { RuleCase } from './cases-shape.js';

type Read = Extract<CasesResult, { ok: true }>;

/** A file of cases with one more at its end, and that case with what the file says of all. */
export interface AddedCase {
  readonly text: string;
  readonly added: RuleCase;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
const isBlank = (line: string): boolean => /^\s*(#|$)/.test(line);

/** The line before which a case can be added: the end of the file, or what follows the list. */
const placeFor = (lines: readonly string[], last: number, dash: number): number => {
  let at = lines.findIndex((line, i) => i > last && !isBlank(line) && indentOf(line) <= dash);
  if (at < 0) return lines.length;
  while (at > last + 1 && isBlank(lines[at - 1] ?? '')) at -= 1;
  return at;
};

/**
 * Adds a case, as lines without indentation and without its dash, to the end of the list in a file that `read` was read from. All other
 * text stays as it is. Undefined where the list is not written with dashes, or the case is none.
 */
export const addCase = (text: string, read: Read, lines: readonly string[]): AddedCase | undefined => {
  const end = text.includes('\r\n') ? '\r' : '';
  const own = text.split('\n');
  const last = read.cases.at(-1)?.place;
  const line = last && own[last.line - 1];
  const [, before = '', dash = ''] = (line !== undefined && /^(\s*)(-\s+)\S/.exec(line)) || [];
  if (!last || dash === '' || before.length + dash.length !== last.column - 1) return undefined;
  if (own.at(-1) === '') own.pop(); // the last line has its end
  else own.push(`${own.pop() ?? ''}${end}`);
  const item = lines.map((one, i) => `${before}${i === 0 ? dash : ' '.repeat(dash.length)}${one}${end}`);
  const at = placeFor(own, last.line - 1, before.length);
  const added = `${[...own.slice(0, at), ...item, ...own.slice(at)].join('\n')}\n`;
  const parsed = parseCases(added, 'cases');
  const one = parsed.ok && parsed.cases.length === read.cases.length + 1 ? parsed.cases.at(-1) : undefined;
  return one && { text: added, added: one };
};
