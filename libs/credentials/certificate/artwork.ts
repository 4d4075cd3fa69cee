import { flatSvg, renderPng } from '../raster.js';
import { keeping } from './keeping.js';
import { pdfPictureOf, type PdfPicture } from './pdf-forms.js';

/** A vector picture of more bytes is printed as pixels: a certificate is sent by mail. */
const MOST_BYTES = 160_000;
/** Pixels across where a picture cannot be drawn as vectors: at least 300 dpi at the sizes that templates use. */
const PRINTED_PIXELS = 1_000;
const KEPT = 64;

/** Whether an SVG draws nothing from outside itself: the drawing library would read files that it names. */
export const standsAlone = (svg: string): boolean =>
  !/<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet|@import/iu.test(svg) &&
  [...svg.matchAll(/href\s*[=:]\s*["']?\s*(.{0,24})/giu)].every(([, target]) => /^#|^data:image\/(?:png|jpe?g);/iu.test(target as string)) &&
  [...svg.matchAll(/url\(\s*["']?\s*(.)/giu)].every(([, start]) => start === '#');

const EMPTY = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
const flat = keeping<string>(KEPT);
const pixels = keeping<Uint8Array>(KEPT);
const printed = keeping<PdfPicture | Uint8Array>(KEPT);

const flattened = (svg: string): string => flat(svg, () => {
  try {
    return standsAlone(svg) ? flatSvg(svg) : EMPTY;
  } catch {
    // What is no SVG at all leaves its place empty; whoever takes pictures in says so there.
    return EMPTY;
  }
});

/** The picture as PNG, so many pixels wide; empty where it is no SVG or names anything outside itself. */
export const pictureAsPng = (svg: string, width: number): Uint8Array =>
  pixels(`${width} ${svg}`, () => renderPng(flattened(svg), { width }));

/** The picture as vectors for PDF, or as PNG where vectors cannot say it or would be too large. */
export const pictureForPdf = (svg: string): PdfPicture | Uint8Array => printed(svg, () => {
  const found = pdfPictureOf(flattened(svg));
  const bytes = found?.forms.reduce((sum, { deflated }) => sum + deflated.length, 0) ?? Infinity;
  return found && bytes <= MOST_BYTES ? found : pictureAsPng(svg, PRINTED_PIXELS);
});
