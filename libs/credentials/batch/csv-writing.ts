/** What a spreadsheet would take for a formula, and what it leaves out before it looks (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

const cellText = (cell: string): string => {
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",;\t\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A line of CSV (RFC 4180) in which no cell is a formula to a spreadsheet. */
export const csvLine = (cells: readonly string[]): string => `${cells.map((cell) => cellText(cell.replaceAll('\0', ''))).join(',')}\r\n`;

/** What tells spreadsheets that a file is UTF-8; its first character. */
export const CSV_MARK = '\ufeff';
