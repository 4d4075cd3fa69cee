import { crc32, inflateSync } from 'node:zlib';
import type { Baked } from './read-input.js';
import { finding } from './report.js';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const MAX_CHUNKS = 20_000;
/** What a compressed text may be at most; one that would be more is given up on the way. */
const MAX_TEXT = 1_000_000;
/** Keywords of Open Badges 3.0 and 2.0 (their baking specifications). */
const KEYWORDS = ['openbadgecredential', 'openbadges'];

/** Whether bytes are those of a PNG image. */
export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const refused = (detail: string): Baked => ({ refused: finding('malformed-image', detail) });

/** What stands up to the next zero byte, and what is behind it. */
const upToZero = (bytes: Uint8Array): readonly [Uint8Array, Uint8Array] => {
  const zero = bytes.indexOf(0);
  return zero < 0 ? [bytes, new Uint8Array()] : [bytes.subarray(0, zero), bytes.subarray(zero + 1)];
};

/** The text of an iTXt chunk behind its keyword (PNG, section 11.3.3.4). */
const international = (rest: Uint8Array): string => {
  const [compressed = 0, method = 0] = rest;
  const [, afterLanguage] = upToZero(rest.subarray(2));
  const [, text] = upToZero(afterLanguage);
  if (compressed > 1 || (compressed === 1 && method !== 0)) throw new RangeError('compressed in an unknown way');
  const plain = compressed === 1 ? inflateSync(text, { maxOutputLength: MAX_TEXT }) : text;
  return new TextDecoder('utf-8', { fatal: true }).decode(plain);
};

const textOf = (type: string, data: Uint8Array): string | undefined => {
  const [keyword, rest] = upToZero(data);
  if (!KEYWORDS.includes(latin(keyword))) return undefined;
  return type === 'iTXt' ? international(rest) : latin(rest);
};

/** The badge in a PNG image: one text chunk of that keyword, whose checksum is right. */
export const bakedInPng = (bytes: Uint8Array): Baked => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: string[] = [];
  let at = SIGNATURE.length;
  for (let chunks = 0; ; chunks++) {
    if (chunks === MAX_CHUNKS) return refused(`more than ${MAX_CHUNKS} chunks`);
    if (at + 12 > bytes.length) return refused('it ends in the middle of a chunk');
    const length = view.getUint32(at);
    const type = latin(bytes.subarray(at + 4, at + 8));
    if (chunks === 0 && type !== 'IHDR') return refused('it does not begin with a header');
    if (length > bytes.length - at - 12) return refused('a chunk is longer than the image');
    if (type === 'IEND') break;
    if (type === 'iTXt' || type === 'tEXt') {
      try {
        const text = textOf(type, bytes.subarray(at + 8, at + 8 + length));
        if (text !== undefined) {
          if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) return refused('the checksum of the badge is wrong');
          found.push(text);
        }
      } catch (thrown) {
        return refused(thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
    at += 12 + length;
  }
  if (found.length > 1) return refused('it carries more than one badge');
  const [text] = found;
  return text === undefined ? { refused: finding('no-badge-in-image') } : { text };
};
