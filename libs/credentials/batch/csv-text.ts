import { ProofmarkError } from '#domain/errors.js';
import { Cp949Decoder } from './cp949.js';
import { CSV_LIMITS } from './csv-limits.js';

/** A file that can be read from its start as often as needed. */
export interface CsvSource {
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** How a file's characters are written. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'cp949'] as const;
export type Encoding = (typeof ENCODINGS)[number];

const tooLarge = (): ProofmarkError =>
  new ProofmarkError('USAGE', `The file is larger than ${(CSV_LIMITS.bytes / 1e6).toFixed(0)} MB. Split it into several files; a repeated row issues nothing twice.`);

/** The bytes of a file, as long as there are not too many. @throws ProofmarkError USAGE */
async function* bounded({ open }: CsvSource): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of open()) {
    length += chunk.length;
    if (length > CSV_LIMITS.bytes) throw tooLarge();
    yield chunk;
  }
}

/** The pieces of text, or undefined where the bytes are not of this encoding. */
async function* decoded(source: CsvSource, encoding: Encoding): AsyncGenerator<string | undefined> {
  if (encoding === 'cp949') {
    const decoder = new Cp949Decoder();
    for await (const chunk of bounded(source)) yield decoder.decode(chunk);
    if (!decoder.complete) yield undefined;
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: true }); // leaves a byte order mark out
  const piece = (bytes?: Uint8Array): string | undefined => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      return undefined; // the only way in which it tells
    }
  };
  for await (const chunk of bounded(source)) yield piece(chunk);
  yield piece();
}

const startsWith = async (source: CsvSource, mark: readonly number[]): Promise<boolean> => {
  const found: number[] = [];
  for await (const chunk of source.open()) {
    found.push(...chunk.subarray(0, mark.length - found.length));
    if (found.length >= mark.length) break;
  }
  return mark.every((byte, i) => found[i] === byte);
};

const isIn = async (source: CsvSource, encoding: Encoding): Promise<boolean> => {
  for await (const text of decoded(source, encoding)) if (text === undefined) return false;
  return true;
};

/**
 * How a file is written: UTF-16 where its byte order mark says so (Excel's "Unicode text"), UTF-8 where all of it is,
 * else CP949.
 * @throws ProofmarkError USAGE where it is none of them, or too large.
 */
export const encodingOf = async (source: CsvSource): Promise<Encoding> => {
  if (await startsWith(source, [0xff, 0xfe])) return 'utf-16le';
  for (const encoding of ['utf-8', 'cp949'] as const) if (await isIn(source, encoding)) return encoding;
  throw new ProofmarkError('USAGE', 'The file is neither UTF-8 nor CP949 text. Save it from the spreadsheet as "CSV UTF-8".');
};

/** The text of a file, piece by piece, without its byte order mark. @throws ProofmarkError USAGE where it is not so written. */
export async function* textOf(source: CsvSource, encoding: Encoding): AsyncGenerator<string> {
  for await (const text of decoded(source, encoding)) {
    if (text === undefined) throw new ProofmarkError('USAGE', 'The file changed while it was read. Try again.');
    if (text.length > 0) yield text;
  }
}
