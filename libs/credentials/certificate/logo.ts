import { createHash } from 'node:crypto';
import { renderPng } from '../raster.js';
import { keeping } from './keeping.js';

/** A logo in the pixels that its place on paper needs. */
export interface Logo {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const SIGNATURE = '89504e470d0a1a0a';
const MOST_BYTES = 4_000_000;
const MOST_PIXELS = 16_000_000;
const MOST_STRETCHED = 20;
/** Pixels across its longer side: about 300 dpi where it is printed. */
const PRINTED = 640;
const logos = keeping<Logo | undefined>(16);

const sizeOf = (png: Uint8Array): readonly [number, number] | undefined => {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (bytes.length < 33 || bytes.length > MOST_BYTES || bytes.toString('hex', 0, 8) !== SIGNATURE || bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const sane = width > 0 && height > 0 && width * height <= MOST_PIXELS && Math.max(width, height) <= MOST_STRETCHED * Math.min(width, height);
  return sane ? [width, height] : undefined;
};

const drawn = (png: Uint8Array): Logo | undefined => {
  const size = sizeOf(png);
  if (!size) return undefined;
  const scale = Math.min(1, PRINTED / Math.max(...size));
  const [width, height] = size.map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  const draw = (content: string): Uint8Array =>
    renderPng(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`, { width });
  const result = draw(`<image width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`);
  // A file that cannot be decoded draws nothing.
  return Buffer.compare(result, draw('')) === 0 ? undefined : { png: result, width, height };
};

/** The logo drawn anew, so that nothing else of the file goes on; nothing where it is no PNG, cannot be decoded or is far too large. */
export const logoOf = (png: Uint8Array | undefined): Logo | undefined =>
  png && logos(createHash('sha256').update(png).digest('hex'), () => drawn(png));
