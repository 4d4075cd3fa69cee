import { ProofmarkError } from '#domain/errors.js';

const BLOCK = 512;
/** More than an extended header with a path and a size has. */
const MOST_EXTENDED = 64 * 1024;

/** A file in an archive. */
export interface TarEntry {
  readonly path: string;
  readonly size: number;
  /** Exactly `size` bytes; to be read before the next entry is asked for. What is not read is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

const refused = (what: string): ProofmarkError => new ProofmarkError('STORE_CORRUPT', `The archive ${what}.`);

/** Takes bytes off a stream in the sizes that are asked for. */
class Bytes {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** At least one byte and at most so many; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#source.next();
      if (next.done) return undefined;
      this.#rest = next.value;
    }
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** What is left of a part, in pieces; it may be gone on with. @throws ProofmarkError STORE_CORRUPT where the stream ends before. */
  async *pieces(part: { left: number }): AsyncGenerator<Uint8Array> {
    while (part.left > 0) {
      const piece = await this.some(part.left);
      if (!piece) throw refused('is cut off');
      part.left -= piece.length;
      yield piece;
    }
  }

  async whole(size: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pieces({ left: size })) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  close = async (): Promise<void> => void (await this.#source.return?.());
}

const textIn = (block: Buffer, at: number, length: number): string => {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
};

/** A number in octal digits, or, in GNU's way for large ones, in bytes. */
const numberIn = (block: Buffer, at: number, length: number): number => {
  const first = block[at] ?? 0;
  if (first === 0x80) return block.subarray(at + 1, at + length).reduce((value, byte) => value * 256 + byte, 0);
  const text = textIn(block, at, length).trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : NaN;
};

const hasChecksum = (block: Buffer): boolean => block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0) === numberIn(block, 148, 8);

const pathIn = (block: Buffer): string => {
  const prefix = textIn(block, 257, 6) === 'ustar' ? textIn(block, 345, 155) : '';
  return prefix === '' ? textIn(block, 0, 100) : `${prefix}/${textIn(block, 0, 100)}`;
};

interface Extended {
  readonly path?: string;
  readonly size?: number;
}

const readExtended = (bytes: Buffer): Extended => {
  const values = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const [digits = ''] = /^\d{1,6} /.exec(bytes.toString('latin1', at, at + 7)) ?? [];
    const record = bytes.subarray(at + digits.length, at + Number(digits)).toString('utf8');
    const [, key = '', value = ''] = /^([^=]+)=(.*)\n$/s.exec(record) ?? [];
    if (digits === '' || key === '') throw refused('has an extended header that is damaged');
    values.set(key, value);
    at += Number(digits);
  }
  const [path, size] = [values.get('path'), values.get('size')];
  return { ...(path !== undefined && { path }), ...(size !== undefined && { size: /^\d{1,15}$/.test(size) ? Number(size) : NaN }) };
};

const KINDS: Readonly<Record<string, string>> = { '1': 'a link', '2': 'a symbolic link', '3': 'a device', '4': 'a device', '6': 'a pipe' };

/**
 * The files in a tar archive (ustar, pax), which may be anybody's: names are given as they stand there. Directories are passed over.
 * @throws ProofmarkError STORE_CORRUPT for an archive that is cut off or damaged, or has anything but files and directories.
 */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const bytes = new Bytes(source);
  let extended: Extended = {};
  try {
    for (;;) {
      const block = await bytes.whole(BLOCK);
      if (block.every((byte) => byte === 0)) break;
      if (!hasChecksum(block)) throw refused('is damaged or no tar archive: a header does not match its checksum');
      const type = String.fromCharCode(block[156] ?? 0);
      const isExtended = type === 'x' || type === 'g';
      const path = extended.path ?? pathIn(block);
      const size = (isExtended ? undefined : extended.size) ?? numberIn(block, 124, 12);
      if (!Number.isSafeInteger(size)) throw refused(`says no size of ${JSON.stringify(path)} that makes sense`);
      if (isExtended) {
        if (size > MOST_EXTENDED) throw refused('has an extended header that is too long');
        const read = readExtended(await bytes.whole(size));
        if (type === 'x') extended = read;
      } else if (type === '0' || type === '\0') {
        extended = {};
        const part = { left: size };
        yield { path, size, content: bytes.pieces(part) };
        for await (const _ of bytes.pieces(part)); // what nobody has read
      } else if (type === '5' && size === 0) {
        extended = {};
      } else {
        throw refused(`has ${KINDS[type] ?? 'an entry of an unknown kind'} ${JSON.stringify(path)}; a backup has files alone`);
      }
      await bytes.whole((BLOCK - (size % BLOCK)) % BLOCK);
    }
    // The end is two empty blocks, and nothing but zeros after them.
    if ((await bytes.whole(BLOCK)).some((byte) => byte !== 0)) throw refused('does not end as archives do');
    for (let rest = await bytes.some(BLOCK); rest; rest = await bytes.some(BLOCK)) {
      if (rest.some((byte) => byte !== 0)) throw refused('goes on after its end');
    }
  } finally {
    await bytes.close();
  }
}
