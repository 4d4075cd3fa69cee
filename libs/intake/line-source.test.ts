import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readLines, type LineBatch, type LineOptions, type RawLine } from './line-source.js';

const folder = mkdtempSync(join(tmpdir(), 'proofmark-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const fileOf = (content: string | Uint8Array): string => {
  const path = join(folder, `file-${files++}`);
  writeFileSync(path, content);
  return path;
};

const batchesOf = async (path: string, options?: LineOptions): Promise<LineBatch[]> => {
  const batches: LineBatch[] = [];
  for await (const batch of readLines(path, options)) batches.push(batch);
  return batches;
};
const linesOf = async (path: string, options?: LineOptions): Promise<RawLine[]> => (await batchesOf(path, options)).flatMap(({ lines }) => lines);

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}
const stdinLines = (content: string | Uint8Array, size: number, options: LineOptions = {}): Promise<RawLine[]> =>
  linesOf('-', { stdin: pieces(typeof content === 'string' ? Buffer.from(content) : content, size), ...options });

describe('reading lines', () => {
  it('numbers the lines, leaves out blank ones, takes CRLF and a last line without an end', async () => {
    expect(await linesOf(fileOf('a\r\n\n  \r\nb\n\r\nc é'))).toEqual([
      { line: 1, raw: 'a' },
      { line: 4, raw: 'b' },
      { line: 6, raw: 'c é' },
    ]);
  });

  it.each(['', '\n', '\r\n\r\n'])('finds no line in %j', async (content) => {
    expect(await batchesOf(fileOf(content))).toEqual([{ lines: [], consumed: content.length, total: content.length }]);
  });

  it('leaves out a byte order mark', async () => {
    expect(await linesOf(fileOf('\ufeff{}\n'))).toEqual([{ line: 1, raw: '{}' }]);
  });

  it('reads gzip, known by its bytes, also of several members', async () => {
    expect(await linesOf(fileOf(gzipSync('a\nb')))).toEqual([{ line: 1, raw: 'a' }, { line: 2, raw: 'b' }]);
    expect(await linesOf(fileOf(Buffer.concat([gzipSync('a\n'), gzipSync('b\n')])))).toHaveLength(2);
    expect(await stdinLines(gzipSync('a\nb'), 1)).toHaveLength(2);
  });

  it('gives the bytes of a line that is not UTF-8, and text for the others', async () => {
    const lines = await linesOf(fileOf(Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0d, 0x0a, 0xc3, 0xa9])));
    expect(lines).toEqual([{ line: 1, raw: 'a' }, { line: 2, raw: Uint8Array.of(0xff, 0xfe) }, { line: 3, raw: 'é' }]);
  });

  it('gives batches, and tells how much of the file was read', async () => {
    const path = fileOf(Array.from({ length: 2500 }, (_, i) => `{"n":${i}}\n`).join(''));
    const batches = await batchesOf(path);
    expect(batches.map(({ lines }) => lines.length)).toEqual([1000, 1000, 500, 0]);
    expect(batches.at(-1)?.consumed).toBe(batches.at(-1)?.total);
  });

  it('cuts over-long lines, and tells length and hash of the whole', async () => {
    const long = 'x'.repeat(200_000);
    const oversize = { bytes: 200_000, sha256: createHash('sha256').update(long).digest('hex') };
    for (const size of [1000, 70_000, 1_000_000]) {
      const lines = await stdinLines(`a\n${long}\nb\n${long}`, size, { maxLineBytes: 100_000 });
      expect(lines).toEqual([
        { line: 1, raw: 'a' },
        { line: 2, raw: 'x'.repeat(65_536), oversize },
        { line: 3, raw: 'b' },
        { line: 4, raw: 'x'.repeat(65_536), oversize },
      ]);
    }
  });

  it('takes a line of exactly the greatest length', async () => {
    for (const size of [1, 7, 1000]) {
      const lines = await stdinLines(`${'x'.repeat(10)}\r\n${'y'.repeat(11)}\n`, size, { maxLineBytes: 10 });
      expect(lines.map(({ oversize }) => oversize?.bytes)).toEqual([undefined, 11]);
    }
  });

  it('tells how many lines came before the damage of a gzip', async () => {
    const whole = gzipSync(Array.from({ length: 20_000 }, (_, i) => `${createHash('md5').update(`${i}`).digest('hex')}\n`).join(''));
    const read: RawLine[] = [];
    const reading = (async () => {
      for await (const { lines } of readLines(fileOf(whole.subarray(0, whole.length >> 1)))) read.push(...lines);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'USAGE' });
    await expect(reading).rejects.toThrow(`${read.length} lines were read before that`);
  });

  it('tells of a file that is missing or a folder', async () => {
    await expect(linesOf(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(linesOf(folder)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('gives the same lines however the bytes come in pieces', async () => {
    const content = fc.array(fc.oneof(fc.constantFrom(0x0a, 0x0d, 0x20, 0x61, 0xc3, 0xa9, 0xff), fc.integer({ min: 0x62, max: 0x7a })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 9 }), async (numbers, size) => {
        const bytes = Uint8Array.from(numbers);
        const expected: RawLine[] = [];
        Buffer.from(bytes).toString('latin1').split('\n').forEach((text, i) => {
          const line = Buffer.from(text.endsWith('\r') ? text.slice(0, -1) : text, 'latin1');
          const decoded = line.toString('utf8');
          const valid = Buffer.from(decoded).equals(line);
          if (line.length > 0 && !(valid && decoded.trim() === '')) expected.push({ line: i + 1, raw: valid ? decoded : Uint8Array.from(line) });
        });
        expect(await stdinLines(bytes, size)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
