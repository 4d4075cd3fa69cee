import { isAscii, isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { KEPT_BYTES, MAX_RAW_BYTES, type Oversize } from './delivery.js';

/** One line, without its line end. */
export interface RawLine {
  /** Its number in the file, from 1; blank lines have numbers too. */
  readonly line: number;
  /** Text where the bytes are UTF-8, the bytes where not; of an over-long line its first bytes. */
  readonly raw: string | Uint8Array;
  /** Present where the line is longer than is kept. */
  readonly oversize?: Oversize;
}

/** Some lines in their order, at least one except in the last batch. */
export interface LineBatch {
  readonly lines: readonly RawLine[];
  /** Bytes of the file that were read so far (compressed bytes of a .gz); some lines of them may be yet to come. */
  readonly consumed: number;
  /** Bytes of the whole file; undefined for standard input. */
  readonly total: number | undefined;
}

export interface LineOptions {
  /** Lines a batch, 1,000 where absent. */
  readonly batchSize?: number;
  /** Longer lines are cut; 1 MiB where absent. */
  readonly maxLineBytes?: number;
  /** What '-' reads: standard input where absent. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const CHUNK = 256 * 1024;

/** The bytes of a source, with how many of them were taken; gzip is known by its first two bytes. */
const openBytes = async (path: string, stdin: AsyncIterable<Uint8Array>) => {
  const total = path === '-' ? undefined : (await stat(path).catch((error: unknown) => fail(path, error, 0))).size;
  const file = path === '-' ? undefined : createReadStream(path, { highWaterMark: CHUNK });
  const progress = { consumed: 0, total };
  const iterator = (file ?? stdin)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const next = async (): Promise<Uint8Array | undefined> => {
    const step = await iterator.next();
    if (step.done) return undefined;
    progress.consumed += step.value.length;
    return step.value;
  };
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < 2) {
    const more = await next().catch((error: unknown) => fail(path, error, 0));
    if (!more) break;
    head = head.length === 0 ? more : Buffer.concat([head, more]);
  }
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (let chunk = await next(); chunk; chunk = await next()) yield chunk;
    } finally {
      await iterator.return?.();
    }
  }
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  return { progress, chunks: gzip ? gunzip(bytes()) : bytes() };
};

const gunzip = (bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => {
  const source = Readable.from(bytes, { objectMode: false, highWaterMark: CHUNK });
  const gunzipped = createGunzip({ chunkSize: CHUNK });
  source.once('error', (error) => gunzipped.destroy(error));
  gunzipped.once('close', () => source.destroy());
  return source.pipe(gunzipped) as AsyncIterable<Uint8Array>;
};

const fail = (path: string, error: unknown, lines: number): never => {
  const name = path === '-' ? 'standard input' : path;
  // Errors of the runtime are told by their code: where modules are loaded in a context of their own, their class is another.
  const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
  throw missing
    ? new ProofmarkError('NOT_FOUND', `There is no file ${name}.`, { cause: error })
    : new ProofmarkError(
        'USAGE',
        `${name} cannot be read to its end: ${messageOf(error)}. ${lines} lines were read before that.`,
        { cause: error },
      );
};

/** Takes bytes in any pieces and collects the lines in them; holds at most one line's bytes beside a piece. */
class LineSplitter {
  lines: RawLine[] = [];
  private line = 0;
  private carry: Uint8Array[] = [];
  private carried = 0;
  /** Set while an over-long line is read to its end. */
  private cut: { readonly kept: Uint8Array; readonly hash: Hash; bytes: number } | undefined;

  constructor(private readonly maxLineBytes: number) {}

  push(piece: Uint8Array): void {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    const first = chunk.indexOf(NEWLINE);
    if (first < 0) return this.hold(chunk);
    let from = 0;
    if (this.cut || this.carried > 0) {
      this.hold(chunk.subarray(0, first));
      this.endHeldLine();
      from = first + 1;
    }
    const last = chunk.lastIndexOf(NEWLINE);
    if (from <= last) this.split(chunk.subarray(from, last));
    if (last + 1 < chunk.length) this.hold(chunk.subarray(last + 1));
  }

  /** The end of the source: a last line needs no newline. */
  end(): void {
    if (this.cut || this.carried > 0) this.endHeldLine();
  }

  private hold(part: Uint8Array): void {
    if (this.cut) {
      this.cut.hash.update(part);
      this.cut.bytes += part.length;
      return;
    }
    // The source may use its buffer again, and a small rest should not keep a large one alive.
    this.carry.push(Uint8Array.from(part));
    this.carried += part.length;
    if (this.carried <= this.maxLineBytes + 1) return; // one more for the return before the newline
    const start = Buffer.concat(this.carry);
    this.cut = { kept: start.subarray(0, KEPT_BYTES), hash: createHash('sha256').update(start), bytes: start.length };
    this.carry = [];
    this.carried = 0;
  }

  private endHeldLine(): void {
    this.line++;
    if (this.cut) {
      const { kept, hash, bytes } = this.cut;
      this.lines.push({ line: this.line, raw: textOrBytes(kept), oversize: { bytes, sha256: hash.digest('hex') } });
    } else {
      this.takeBytes(Buffer.concat(this.carry));
    }
    this.cut = undefined;
    this.carry = [];
    this.carried = 0;
  }

  /** Whole lines, the last one without its newline. */
  private split(block: Buffer): void {
    if (!isUtf8(block)) {
      let from = 0;
      for (let to = block.indexOf(NEWLINE); to >= 0; to = block.indexOf(NEWLINE, from)) {
        this.line++;
        this.takeBytes(block.subarray(from, to));
        from = to + 1;
      }
      this.line++;
      this.takeBytes(block.subarray(from));
      return;
    }
    // One decoding for all lines: a hundred times fewer calls, and a cut of a string copies nothing.
    const text = isAscii(block) ? block.toString('latin1') : block.toString('utf8');
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      this.takeText(text, from, to);
      from = to + 1;
    }
    this.takeText(text, from, text.length);
  }

  private takeText(text: string, from: number, to: number): void {
    this.line++;
    const end = to > from && text.charCodeAt(to - 1) === RETURN ? to - 1 : to;
    if (end === from) return;
    const raw = text.slice(from, end);
    if (raw.charCodeAt(0) <= 0x20 && raw.trim() === '') return;
    if (raw.length * 3 > this.maxLineBytes && Buffer.byteLength(raw) > this.maxLineBytes) this.takeBytes(Buffer.from(raw));
    else this.lines.push({ line: this.line, raw });
  }

  private takeBytes(bytes: Buffer): void {
    const end = bytes.length > 0 && bytes[bytes.length - 1] === RETURN ? bytes.length - 1 : bytes.length;
    const whole = bytes.subarray(0, end);
    const long = whole.length > this.maxLineBytes;
    const raw = textOrBytes(long ? whole.subarray(0, KEPT_BYTES) : whole);
    if (typeof raw === 'string' && raw.trim() === '' && !long) return;
    if (!long) return void this.lines.push({ line: this.line, raw });
    const oversize = { bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') };
    this.lines.push({ line: this.line, raw, oversize });
  }
}

const textOrBytes = (bytes: Uint8Array): string | Uint8Array =>
  isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8') : Uint8Array.from(bytes);

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** The pieces without a byte order mark before the first. */
async function* withoutMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of chunks) {
    yield first && BYTE_ORDER_MARK.every((byte, i) => chunk[i] === byte) ? chunk.subarray(3) : chunk;
    first = false;
  }
}

/**
 * The lines of a file of NDJSON (plain or gzip; '-' for standard input) in batches, in bounded memory. Blank lines are
 * left out. The last batch may be empty and says that all was consumed.
 * @throws ProofmarkError NOT_FOUND for a file that does not exist, USAGE for one that cannot be read to its end (say, a
 * damaged gzip), after the lines before the damage.
 */
export async function* readLines(path: string, options: LineOptions = {}): AsyncGenerator<LineBatch> {
  const { batchSize = 1000, maxLineBytes = MAX_RAW_BYTES, stdin = process.stdin } = options;
  const { progress, chunks } = await openBytes(path, stdin);
  const splitter = new LineSplitter(maxLineBytes);
  let read = 0;
  const batches = function* (least: number): Generator<LineBatch> {
    const lines = splitter.lines;
    let from = 0;
    for (; lines.length - from >= least && from < lines.length; from += batchSize) {
      const batch = lines.slice(from, from + batchSize);
      read += batch.length;
      yield { lines: batch, ...progress };
    }
    splitter.lines = lines.slice(from);
  };
  try {
    for await (const chunk of withoutMark(chunks)) {
      splitter.push(chunk);
      yield* batches(batchSize);
    }
    splitter.end();
  } catch (error) {
    yield* batches(1);
    fail(path, error, read);
  }
  yield* batches(1);
  yield { lines: [], ...progress };
}
