import { renderPng, svgSize } from '../raster.js';

/** Pixels across: what is made of artwork is a square as large as generated pictures are. */
const SIDE = 1024;
/** A file of more bytes is not read. */
export const MOST_ARTWORK_BYTES = 2_000_000;
const MOST_PIXELS = 16_000_000;
/** badge: a square, with the picture in its middle; logo: as wide and high as it is. */
export type ArtworkForm = 'badge' | 'logo';
const MOST_STRETCHED: Readonly<Record<ArtworkForm, number>> = { badge: 8, logo: 20 };
const MOST_ELEMENTS = 20_000;
const MOST_USES = 200;

/** A clean picture, or why there is none. */
export type Artwork = { readonly png: Uint8Array } | { readonly refused: string };

interface Source {
  readonly mediaType: 'image/png' | 'image/jpeg';
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}
type Checked = Source | { readonly refused: string };

const refused = (reason: string): { readonly refused: string } => ({ refused: reason });

/** What would be left out, fetched or run, so that the picture would not be the one that was meant. */
const UNFIT: readonly (readonly [RegExp, string])[] = [
  [/<!DOCTYPE|<!ENTITY/i, 'it defines entities'],
  [/<\?xml-stylesheet|@import/i, 'it names a style sheet'],
  [/<(?:[\w.-]+:)?script\b|\son\w+\s*=|javascript:/i, 'it has a script'],
  [/<(?:[\w.-]+:)?foreignObject\b/i, 'it holds a piece of another language (foreignObject)'],
  [/<(?:[\w.-]+:)?(?:text|tspan|textPath)\b/i, 'it has text, which looks different elsewhere: turn it into outlines'],
  [/<(?:[\w.-]+:)?(?:image|feImage)\b/i, 'it holds another picture: give that one, or outlines alone'],
  [/<(?:[\w.-]+:)?filter\b/i, 'it has a filter, which looks different elsewhere'],
];

const checkSvg = (bytes: Uint8Array, form: ArtworkForm): Checked => {
  let svg: string;
  try {
    svg = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refused('it is no text in UTF-8');
  }
  const unfit = UNFIT.find(([pattern]) => pattern.test(svg));
  if (unfit) return refused(unfit[1]);
  const outside = [...svg.matchAll(/href\s*=\s*["']?\s*(.)/giu), ...svg.matchAll(/url\(\s*["']?\s*(.)/giu)].some(([, first]) => first !== '#');
  if (outside) return refused('it refers to something outside itself');
  if ((svg.match(/</g)?.length ?? 0) > MOST_ELEMENTS * 2) return refused(`it has more than ${MOST_ELEMENTS} elements`);
  if ((svg.match(/<(?:[\w.-]+:)?use\b/gi)?.length ?? 0) > MOST_USES) return refused(`it uses parts of itself more than ${MOST_USES} times`);
  const size = svgSize(svg);
  if (!size) return refused('it cannot be decoded');
  const { width, height } = size;
  if (!(Math.max(width, height) <= MOST_STRETCHED[form] * Math.min(width, height))) return refused(`it is ${width} wide and ${height} high, which is no ${form}`);
  // Drawn by itself first: in another picture, what lies outside of its edges would show.
  return { mediaType: 'image/png', bytes: renderPng(svg, { width: Math.max(1, Math.round(SIDE * Math.min(1, width / height))) }), width, height };
};

const sane = (width: number, height: number, form: ArtworkForm): string | undefined => {
  if (width === 0 || height === 0) return 'it has no size';
  if (width * height > MOST_PIXELS) return `it has ${width} by ${height} pixels; ${MOST_PIXELS / 1e6} million are enough`;
  if (Math.max(width, height) > MOST_STRETCHED[form] * Math.min(width, height)) return `it has ${width} by ${height} pixels, which is no ${form}`;
  return undefined;
};

/** The size that a JPEG states: that of its first frame (ITU T.81, B.2.2). */
const sizeOfJpeg = (bytes: Buffer): readonly [number, number] | undefined => {
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] as number;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
};

const END_OF_PNG = Buffer.from('0000000049454e44ae426082', 'hex');
const END_OF_JPEG = Buffer.from('ffd9', 'hex');

const check = (given: Uint8Array, form: ArtworkForm): Checked => {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (bytes.length > MOST_ARTWORK_BYTES) return refused(`it is longer than ${MOST_ARTWORK_BYTES / 1e6} MB`);
  if (bytes.toString('hex', 0, 8) === '89504e470d0a1a0a') {
    if (bytes.length < 45 || bytes.toString('latin1', 12, 16) !== 'IHDR' || !bytes.includes(END_OF_PNG)) return refused('it is a PNG that ends too early');
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    const wrong = sane(width, height, form);
    return wrong === undefined ? { mediaType: 'image/png', bytes, width, height } : refused(wrong);
  }
  if (bytes.toString('hex', 0, 3) === 'ffd8ff') {
    const size = sizeOfJpeg(bytes);
    if (!size || bytes.lastIndexOf(END_OF_JPEG) < bytes.length - 64) return refused('it is a JPEG that ends too early');
    const [width, height] = size;
    const wrong = sane(width, height, form);
    return wrong === undefined ? { mediaType: 'image/jpeg', bytes, width, height } : refused(wrong);
  }
  if (/^\uFEFF?\s*<(?:\?xml|!--|!DOCTYPE|(?:[\w.-]+:)?svg\b)/i.test(bytes.toString('utf8', 0, 1_000))) return checkSvg(bytes, form);
  return refused('it is neither SVG nor PNG nor JPEG');
};

/** How large it is drawn: the longer side as long as a badge's. */
const drawnSize = ({ width, height }: Source, form: ArtworkForm): readonly [number, number] => {
  if (form === 'badge') return [SIDE, SIDE];
  const scale = SIDE / Math.max(width, height);
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
};

/** Draws somebody's picture (SVG, PNG, JPEG) anew, whole, and a badge in the middle of a square, so that nothing of the file goes on but what it looks like. */
export const safeArtwork = (bytes: Uint8Array, form: ArtworkForm = 'badge'): Artwork => {
  const source = check(bytes, form);
  if ('refused' in source) return source;
  const [width, height] = drawnSize(source, form);
  const draw = (content: string): Uint8Array => renderPng(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`, { width });
  const png = draw(`<image width="${width}" height="${height}" href="data:${source.mediaType};base64,${Buffer.from(source.bytes).toString('base64')}"/>`);
  // What cannot be decoded draws nothing.
  return Buffer.compare(png, draw('')) === 0 ? refused('it shows nothing, or cannot be decoded') : { png };
};

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** An SVG that shows a clean picture and nothing else; its title must be plain text of one line. */
export const artworkAsSvg = (png: Uint8Array, title: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}" role="img"><title>${title.replace(/[&<>]/g, (character) => ESCAPES[character] ?? '')}</title>` +
  `<image width="${SIDE}" height="${SIDE}" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/></svg>\n`;
