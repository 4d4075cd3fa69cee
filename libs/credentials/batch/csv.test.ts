import fc from 'fast-check';
import { CSV_LIMITS } from './csv-limits.js';
import { openCsv, rowsOf, type CsvFile, type CsvRow } from './csv.js';
import type { CsvSource } from './csv-text.js';

const sourceOf = (bytes: Uint8Array, piece = 7): CsvSource => ({
  open: async function* () {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  },
});
const textSource = (text: string, piece?: number): CsvSource => sourceOf(Buffer.from(text), piece);

const allRows = async (file: CsvFile): Promise<readonly CsvRow[]> => {
  const rows: CsvRow[] = [];
  for await (const some of rowsOf(file)) rows.push(...some);
  return rows;
};
const read = async (source: CsvSource): Promise<{ readonly columns: readonly string[]; readonly rows: readonly CsvRow[] }> => {
  const file = await openCsv(source);
  return { columns: file.columns, rows: await allRows(file) };
};
const goodCells = (rows: readonly CsvRow[]): readonly (readonly string[])[] => rows.flatMap((row) => (row.ok ? [row.cells] : []));
const badLines = (rows: readonly CsvRow[]): readonly number[] => rows.flatMap((row) => (row.ok ? [] : [row.line]));

const SEPARATORS = [',', ';', '\t'] as const;
const quoted = (cell: string): string => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** Characters that CSV, encodings and spreadsheets trip over, beside any others. */
const character = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('"', ',', ';', '\t', '\n', '\r\n', "'", '=', ' ', '\ufeff', '가', '😀', '\u202e') }, { weight: 5, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) });
const cell = fc.array(character, { maxLength: 8 }).map((parts) => parts.join(''));

describe('a CSV file', () => {
  it('gives the cells that were written, whatever they are and however it is written', async () => {
    const files = fc.integer({ min: 1, max: 5 }).chain((width) => fc.record({
      rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }),
      columns: fc.constant(Array.from({ length: width }, (_none, i) => `column ${i + 1}`)),
      separator: fc.constantFrom(...SEPARATORS),
      lineEnd: fc.constantFrom('\n', '\r\n'),
      mark: fc.constantFrom('', '\ufeff'),
      lastEnd: fc.boolean(),
      piece: fc.integer({ min: 1, max: 40 }),
      utf16: fc.boolean(),
    }));
    await fc.assert(fc.asyncProperty(files, async ({ rows, columns, separator, lineEnd, mark, lastEnd, piece, utf16 }) => {
      const text = [columns, ...rows].map((cells) => cells.map(quoted).join(separator)).join(lineEnd) + (lastEnd ? lineEnd : '');
      const bytes = utf16 ? Buffer.from(`\ufeff${text}`, 'utf16le') : Buffer.from(mark + text);
      const found = await read(sourceOf(bytes, piece));
      expect(found.columns).toEqual(columns);
      expect(badLines(found.rows)).toEqual([]);
      // Rows in which nothing stands are left out: spreadsheets append them.
      expect(goodCells(found.rows)).toEqual(rows.filter((cells) => cells.some((one) => one.trim() !== '')));
    }), { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 300) });
  });

  it('reads CP949, syllables beyond EUC-KR included, when it is no UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from([0xc0, 0xcc, 0xb8, 0xa7]), Buffer.from(',id\r\n'), Buffer.from([0x8c, 0x63, 0xb9, 0xe6, 0xb0, 0xa2, 0xc7, 0xcf]), Buffer.from(',e1\r\n'), Buffer.from([0xc6, 0x52, 0x81, 0x41]), Buffer.from(',e2\r\n')]);
    const found = await read(sourceOf(bytes, 3));
    expect(found.columns).toEqual(['이름', 'id']);
    expect(goodCells(found.rows)).toEqual([['똠방각하', 'e1'], ['힣갂', 'e2']]);
  });

  it('is refused where it is neither', async () => {
    await expect(read(sourceOf(Uint8Array.of(0x61, 0x2c, 0xff, 0x0a)))).rejects.toThrow('neither UTF-8 nor CP949');
    await expect(read(textSource('\n\n'))).rejects.toThrow('The file is empty');
  });

  it('may end its lines as old spreadsheets do', async () => {
    expect(await read(textSource('a;b\r1;2\r"3\n";4\r'))).toEqual({ columns: ['a', 'b'], rows: [{ ok: true, line: 2, cells: ['1', '2'] }, { ok: true, line: 3, cells: ['3\n', '4'] }] });
  });

  it('tells broken quotes and ragged rows by their lines, and loses no other row', async () => {
    const lines = ['id,name', 'e1,Ann', 'e2,"Bob', 'e3,Cid', 'e4,"D"d', 'e5,E"e', '"e6","F', 'f"', 'e7', 'e8,G,x', 'e9,H,,', '', 'e10,"I"'];
    const { rows } = await read(textSource(lines.join('\r\n')));
    expect(goodCells(rows)).toEqual([['e1', 'Ann'], ['e3', 'Cid'], ['e6', 'F\r\nf'], ['e9', 'H'], ['e10', 'I']]);
    expect(badLines(rows)).toEqual([3, 5, 6, 9, 10]);
    expect(rows.filter(({ ok }) => !ok).map((row) => (row.ok ? '' : row.problem.en.split(';')[0]))).toEqual([
      'its quotes do not match', 'its quotes do not match', 'its quotes do not match', 'it has 1 cells, but the first line names 2 columns', 'it has 3 cells, but the first line names 2 columns',
    ]);
  });

  it('goes on after a quote that nothing closes, far from the end and at it', async () => {
    const many = Array.from({ length: 3000 }, (_none, i) => `e${i},N${i}`);
    const { rows } = await read(textSource(['id,name', 'x,"open', ...many, 'y,"open too'].join('\n'), 4096));
    expect(badLines(rows)).toEqual([2, 3003]);
    expect(goodCells(rows)).toHaveLength(3000);
  });

  it('has limits', async () => {
    const wide = Array.from({ length: CSV_LIMITS.columns + 1 }, (_none, i) => `c${i}`).join(',');
    await expect(read(textSource(`${wide}\n1`))).rejects.toThrow('101 columns; 100 are the most');
    const { rows } = await read(textSource(`id,name\ne1,${'x'.repeat(10_001)}\ne2,${'y'.repeat(10_000)}\n${'z'.repeat(2_000_000)}\ne4,N`, 8192));
    expect(rows.map((row) => (row.ok ? row.line : [row.line, row.problem.en]))).toEqual([[2, 'cell 2 is longer than 10,000 characters'], 3, [4, 'the row is longer than 1,000,000 characters'], 5]);
    const tooMany: CsvSource = { open: async function* () { for (let i = 0; i <= 101; i++) yield Buffer.from('id\n'.repeat(i === 0 ? 1 : 1000)); } };
    await expect(read(tooMany)).rejects.toThrow('more than 100,000 rows');
    const tooLong: CsvSource = { open: async function* () { for (let i = 0; i <= 50; i++) yield Buffer.alloc(1_000_000, 'a'); } };
    await expect(read(tooLong)).rejects.toThrow('larger than 50 MB');
  });
});
