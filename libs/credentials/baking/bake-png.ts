import { crc32 } from 'node:zlib';
import { ProofmarkError } from '#domain/errors.js';

const SIGNATURE_LENGTH = 8;
/** Length, type and checksum of a chunk. */
const AROUND = 12;
/** Keywords under which Open Badges 3.0 and 2.0 bake. */
const KEYWORDS = ['openbadgecredential', 'openbadges'];
const TEXT_CHUNKS: ReadonlySet<string> = new Set(['iTXt', 'tEXt', 'zTXt']);

const chunk = (type: string, data: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(data.length + AROUND);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
};

const carriesBadge = (type: string, data: Buffer): boolean => {
  if (!TEXT_CHUNKS.has(type)) return false;
  const zero = data.indexOf(0);
  return zero > 0 && KEYWORDS.includes(data.toString('latin1', 0, zero));
};

/**
 * Puts a credential (its JSON, or a JSON Web Token) into a PNG image: an iTXt chunk with the keyword `openbadgecredential`,
 * uncompressed, once, in front of the picture's data (OB 3.0, "Baked Badges"). A badge that was in the image is replaced.
 * @throws ProofmarkError USAGE for bytes that are no PNG image.
 */
export const bakePng = (png: Uint8Array, credential: string): Uint8Array => {
  const image = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const parts: Buffer[] = [image.subarray(0, SIGNATURE_LENGTH)];
  for (let at = SIGNATURE_LENGTH; at < image.length; ) {
    const length = at + AROUND <= image.length ? image.readUInt32BE(at) : Infinity;
    const type = image.toString('latin1', at + 4, at + 8);
    if (length > image.length - at - AROUND || (parts.length === 1 && type !== 'IHDR')) throw new ProofmarkError('USAGE', 'The picture to bake a badge into is no whole PNG image.');
    const data = image.subarray(at + 8, at + 8 + length);
    if (!carriesBadge(type, data)) parts.push(image.subarray(at, at + AROUND + length));
    // Keyword, then: not compressed, by no method, no language, no translated keyword.
    if (type === 'IHDR') parts.push(chunk('iTXt', Buffer.concat([Buffer.from('openbadgecredential\0\0\0\0\0', 'latin1'), Buffer.from(credential, 'utf8')])));
    at += AROUND + length;
  }
  if (parts.length === 1) throw new ProofmarkError('USAGE', 'The picture to bake a badge into is no PNG image.');
  return Buffer.concat(parts);
};
