const BLOCK = 512;
/** The largest number that eleven octal digits hold. */
const MOST_OCTAL = 0o77777777777;
const MOST_NAME = 100;

/** A file that goes into an archive. */
export interface TarFile {
  /** Parts parted by "/". */
  readonly path: string;
  readonly size: number;
  /** Exactly `size` bytes. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

const header = (path: string, size: number, type: '0' | 'x', modified: number): Buffer => {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => void block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
  block.write(path, 0, MOST_NAME, 'latin1');
  octal(0o600, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(modified, 136, 12);
  block.write('        ', 148, 'latin1'); // the checksum counts itself as spaces
  block.write(type, 156, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  octal(block.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return block;
};

const padding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

/** A line of an extended header, which begins with its own length in bytes. */
const record = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  const digits = `${bytes + `${bytes}`.length}`.length;
  return `${bytes + digits}${rest}`;
};

/** The headers of a file: a plain one (ustar), and before it an extended one (pax) with what that cannot hold. */
const headers = ({ path, size }: TarFile, modified: number): Buffer => {
  const isPlain = /^[ -~]*$/.test(path) && path.length <= MOST_NAME;
  const extended = Buffer.from((isPlain ? '' : record('path', path)) + (size <= MOST_OCTAL ? '' : record('size', `${size}`)));
  const plain = header(isPlain ? path : 'extended', size <= MOST_OCTAL ? size : 0, '0', modified);
  return extended.length === 0 ? plain : Buffer.concat([header('extended', extended.length, 'x', modified), extended, padding(extended.length), plain]);
};

/**
 * Files as a tar archive (POSIX.1-2001, ustar and pax), to be read and written by their owner alone.
 * @param modified epoch seconds
 * @throws Error where a file has another size than it was said to have.
 */
export async function* writeTar(files: Iterable<TarFile>, modified: number): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    yield headers(file, modified);
    let written = 0;
    for await (const chunk of file.content()) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== file.size) throw new Error(`${file.path} has ${written} bytes and not ${file.size}`);
    yield padding(file.size);
  }
  yield Buffer.alloc(2 * BLOCK);
}
