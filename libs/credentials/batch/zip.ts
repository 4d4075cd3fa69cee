import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A ZIP file that is written while its entries are made. */
export interface ZipWriter {
  /** Adds a file; resolves when memory has room for another one. */
  add(path: string, content: Uint8Array | string): Promise<void>;
  /** Ends the file; it is whole when this resolves. */
  end(): Promise<void>;
  /** Stops without an end; the file is of no use. */
  abandon(): void;
}

/** So many bytes may wait to be written. */
const MOST_WAITING = 16_000_000;
/** These are compressed already. */
const COMPRESSED = /\.(png|pdf)$/;

/**
 * Starts a ZIP file, readable by its owner alone.
 * @throws as opening the file does; an error of writing rejects what is called next.
 */
export const createZip = async (file: string): Promise<ZipWriter> => {
  const zip = new ZipFile();
  const out = createWriteStream(file, { mode: 0o600, flags: 'w' });
  await once(out, 'open');
  const written = pipeline(zip.outputStream, out);
  written.catch(() => undefined); // whoever adds or ends next has the error
  let waiting = 0;
  let wake = (): void => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    written.catch(reject);
    zip.on('error', reject);
  });
  failed.catch(() => undefined); // whoever adds or ends next has the error
  return {
    add: async (path, content) => {
      const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
      waiting += bytes.length;
      // As a stream, since the library keeps buffers until the end of the file.
      let kept: Buffer | undefined = bytes;
      zip.addReadStreamLazy(path, { compress: !COMPRESSED.test(path), mode: 0o100600 }, (give) => {
        const stream = Readable.from([kept ?? Buffer.alloc(0)], { objectMode: false });
        kept = undefined;
        stream.once('end', () => {
          waiting -= bytes.length;
          wake();
        });
        give(null, stream);
      });
      while (waiting > MOST_WAITING) await Promise.race([failed, new Promise<void>((resolve) => (wake = resolve))]);
    },
    end: async () => {
      zip.end();
      await Promise.race([failed, written]);
    },
    abandon: () => void out.destroy(),
  };
};
