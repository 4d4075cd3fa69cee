import { parse } from 'csv-parse/sync';
import { csvOf } from '../../apps/web/src/analytics/csv.js';

const read = (text: string): unknown => parse(text, { bom: true, record_delimiter: '\r\n' });

describe('a table as CSV', () => {
  it('is read as what it was', () => {
    const rows = [['name', 'awarded'], ['SQL, "advanced"', 12], ['two\r\nlines; and more', 0.5], ['한국어', undefined]];
    expect(read(csvOf(rows))).toEqual([['name', 'awarded'], ['SQL, "advanced"', '12'], ['two\r\nlines; and more', '0.5'], ['한국어', '']]);
    expect(csvOf(rows).startsWith('\ufeffname,awarded\r\n')).toBe(true);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '="a",b'])('has no text that is a formula to a spreadsheet: %j', (text) => {
    expect(read(csvOf([['x', text]]))).toEqual([['x', `'${text}`]]);
  });

  it('leaves what begins otherwise, and numbers', () => {
    expect(csvOf([["it's =1", 'a-b', -3]])).toBe('\ufeff"it\'s =1",a-b,-3\r\n');
  });
});
