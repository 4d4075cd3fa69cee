import fc from 'fast-check';
import { itWith, runOn } from '../../../test/programs.js';
import { readTar } from './tar-reading.js';
import { writeTar, type TarFile } from './tar-writing.js';

const fileOf = (path: string, text: string): TarFile => ({
  path,
  size: Buffer.byteLength(text),
  content: async function* () {
    yield Buffer.from(text);
  },
});
const collected = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
};
const archiveOf = (...files: readonly TarFile[]): Promise<Buffer> => collected(writeTar(files, 1_700_000_000));

/** Bytes in pieces of a size that has nothing to do with blocks. */
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const filesIn = async (bytes: Buffer, pieces = 1_000): Promise<readonly (readonly [string, string])[]> => {
  const found: (readonly [string, string])[] = [];
  for await (const { path, content } of readTar(inPieces(bytes, pieces))) found.push([path, (await collected(content)).toString()]);
  return found;
};

const first = async <T>(all: AsyncIterable<T>): Promise<T> => {
  for await (const one of all) return one;
  throw new Error('there is none');
};

const aPath = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }).filter((part) => !/[/\p{Cc}]/u.test(part)), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('an archive', () => {
  it('gives back what was put into it, whatever the names and the pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(aPath, fc.string({ maxLength: 2_000 }))), fc.integer({ min: 1, max: 3_000 }), async (files, pieces) => {
        const archive = await archiveOf(...files.map(([path, text]) => fileOf(path, text)));
        expect(archive.length % 512).toBe(0);
        expect(await filesIn(archive, pieces)).toEqual(files.map(([path, text]) => [path, Buffer.from(text).toString()]));
      }),
    );
  });

  it('goes on behind what nobody has read', async () => {
    const archive = await archiveOf(fileOf('a', 'x'.repeat(5_000)), fileOf('b', 'b'), fileOf('c', 'y'.repeat(600)));
    const paths: string[] = [];
    for await (const { path, content } of readTar(inPieces(archive, 700))) {
      paths.push(path);
      if (path === 'a') for await (const _ of content) break;
    }
    expect(paths).toEqual(['a', 'b', 'c']);
  });

  it.each([8 * 1024 ** 3 - 1, 8 * 1024 ** 3, 5_000_000_000_000])('holds a file of %d bytes', async (size) => {
    const headers = await first(writeTar([{ path: 'large', size, content: () => inPieces(Buffer.alloc(0), 1) }], 0));
    const whole = async function* (): AsyncGenerator<Uint8Array> {
      yield headers;
    };
    expect(await first(readTar(whole()))).toMatchObject({ path: 'large', size });
  });

  it('does not take a file that has another size than was said', async () => {
    await expect(archiveOf({ ...fileOf('a', 'abc'), size: 4 })).rejects.toThrow('a has 3 bytes and not 4');
  });

  it('is refused wherever it is cut off', async () => {
    const archive = await archiveOf(fileOf('a', 'x'.repeat(700)), fileOf('ü'.repeat(200), 'b'));
    for (let length = 0; length < archive.length; length += 37) await expect(filesIn(archive.subarray(0, length))).rejects.toThrow('The archive is cut off.');
    expect(await filesIn(archive)).toHaveLength(2);
  });

  it('is refused where something stands behind its end, or one of its headers was changed', async () => {
    const archive = await archiveOf(fileOf('a', 'abc'));
    await expect(filesIn(Buffer.concat([archive, archive]))).rejects.toThrow('goes on after its end');
    for (const at of [0, 124, 156, 300]) {
      const changed = Buffer.from(archive);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(filesIn(changed)).rejects.toThrow('a header does not match its checksum');
    }
  });

  const programs = ['tar', 'bsdtar'] as const;
  for (const program of programs) {
    itWith(program, `is one for ${program}`, async () => {
      const long = `data/${'a'.repeat(150)}/${'ü'.repeat(60)}`;
      const { status, output } = runOn(program, ['-xOf'], 'a.tar', await archiveOf(fileOf('manifest.json', 'first,'), fileOf(long, 'second')));
      expect([status, output]).toEqual([0, 'first,second']);
    });
  }
});
