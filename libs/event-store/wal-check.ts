import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { ProofmarkError } from '#domain/errors.js';

const HEADER = 32;
const FRAME_HEADER = 24;
const LITTLE_ENDIAN_MAGIC = 0x377f0682;

/** SQLite's running checksum over pairs of words (https://sqlite.org/fileformat2.html#walcksm). */
const checksum = (sums: Uint32Array, words: Uint32Array, from: number, to: number): void => {
  let a = sums[0] ?? 0;
  let b = sums[1] ?? 0;
  for (let i = from; i < to; i += 2) {
    a = (a + (words[i] ?? 0) + b) >>> 0;
    b = (b + (words[i + 1] ?? 0) + a) >>> 0;
  }
  sums[0] = a;
  sums[1] = b;
};

/**
 * Refuses a write-ahead log that is damaged before its end. SQLite takes the first frame that does not match its
 * checksum for the torn end of an unfinished write and drops whatever follows, without a word. Since every commit is
 * synced before the next begins, a crash can tear one commit at most: two behind the damage mean that acknowledged
 * ones would be dropped.
 * @throws ProofmarkError STORE_CORRUPT.
 */
export const checkWriteAheadLog = (path: string): void => {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    const header = Buffer.alloc(HEADER);
    readSync(file, header, 0, HEADER, 0);
    // Nothing written yet, or nothing of it synced; the other byte order is that of another machine's database.
    if (size <= HEADER || header.every((byte) => byte === 0) || header.readUInt32BE(0) === (LITTLE_ENDIAN_MAGIC | 1)) return;
    const sums = new Uint32Array(2);
    checksum(sums, new Uint32Array(header.buffer, header.byteOffset, HEADER / 4), 0, 6);
    const intact = header.readUInt32BE(0) === LITTLE_ENDIAN_MAGIC && sums[0] === header.readUInt32BE(24) && sums[1] === header.readUInt32BE(28);
    if (!intact) throw damaged(path, 'its header is altered');
    const lost = commitsBehindDamage(file, size, header, sums);
    if (lost > 1) throw damaged(path, `up to ${lost} commits stand behind an altered frame`);
  } finally {
    closeSync(file);
  }
};

const commitsBehindDamage = (file: number, size: number, header: Buffer, sums: Uint32Array): number => {
  const frame = Buffer.alloc(FRAME_HEADER + header.readUInt32BE(8));
  const words = new Uint32Array(frame.buffer, frame.byteOffset, frame.length / 4);
  let whole = true;
  let commits = 0;
  for (let at = HEADER; at + frame.length <= size; at += frame.length) {
    readSync(file, frame, 0, frame.length, at);
    const current = frame.compare(header, 16, 24, 8, 16) === 0;
    if (whole) {
      checksum(sums, words, 0, 2);
      checksum(sums, words, FRAME_HEADER / 4, words.length);
      whole = current && sums[0] === frame.readUInt32BE(16) && sums[1] === frame.readUInt32BE(20);
    }
    // Frames with other salts are left over from before the log was last started anew.
    if (!whole && current && frame.readUInt32BE(4) !== 0) commits++;
  }
  return commits;
};

const damaged = (path: string, what: string): ProofmarkError =>
  new ProofmarkError(
    'STORE_CORRUPT',
    `${path} is damaged: ${what}, so events that were acknowledged would be lost. Restore the data directory from a backup.`,
  );
