import { createReadStream } from 'node:fs';
import { ProofmarkError } from '#domain/errors.js';
import { CSV_LIMITS } from '#credentials/batch/csv-limits.js';
import type { CsvSource } from '#credentials/batch/csv-text.js';

/** A file on disk. */
export const fileSource = (path: string): CsvSource => ({ open: () => createReadStream(path) });

const PIECE = 65_536;

/**
 * What comes in only once, kept in memory.
 * @throws ProofmarkError USAGE where it is too large.
 */
export const memorySource = async (input: AsyncIterable<Uint8Array>): Promise<CsvSource> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of input) {
    length += piece.length;
    if (length > CSV_LIMITS.bytes) throw new ProofmarkError('USAGE', `The input is larger than ${(CSV_LIMITS.bytes / 1e6).toFixed(0)} MB. Split it.`);
    for (let at = 0; at < piece.length; at += PIECE) pieces.push(piece.subarray(at, at + PIECE));
  }
  return {
    open: async function* () {
      yield* pieces;
    },
  };
};
