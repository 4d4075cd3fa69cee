/** What a spreadsheet would take for a formula, and what it leaves out before it looks (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;
/** Tells spreadsheets that the text is UTF-8. */
const MARK = '\ufeff';

/** A cell: a text, a number, or nothing. */
export type Cell = string | number | undefined;

const textOf = (cell: Cell): string => {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",;'\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A table as CSV (RFC 4180) in which no text is a formula to a spreadsheet. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string => MARK + rows.map((row) => `${row.map(textOf).join(',')}\r\n`).join('');
