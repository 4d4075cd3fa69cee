import type { Drawing, Scene, Shape } from './scene.js';
import { short } from './scene.js';
import { outlines } from './typeface.js';

const paintOf = ({ fill, stroke, evenOdd }: Shape): string => {
  const filled = fill ? `fill="${fill.colour}"${fill.opacity === undefined ? '' : ` fill-opacity="${fill.opacity}"`}${evenOdd ? ' fill-rule="evenodd"' : ''}` : 'fill="none"';
  if (!stroke) return filled;
  return `${filled} stroke="${stroke.colour}" stroke-width="${stroke.width}"${stroke.opacity === undefined ? '' : ` stroke-opacity="${stroke.opacity}"`}` +
    (stroke.round ? ' stroke-linecap="round" stroke-linejoin="round"' : '');
};

/** Draws a picture that is itself SVG: answers the PNG to show, so many pixels wide. */
export type DrawPicture = (svg: string, width: number) => Uint8Array;

/** A picture in the pixels that its place has, put on whole pixels: it is copied instead of resampled, which takes far longer. */
const inPixels = (png: Uint8Array, x: number, y: number, pixelsPerPoint: number): string => {
  const header = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [left, top, width, height] = [Math.round(x * pixelsPerPoint), Math.round(y * pixelsPerPoint), header.getUint32(16), header.getUint32(20)].map((pixels) => pixels / pixelsPerPoint);
  return `<image x="${left}" y="${top}" width="${width}" height="${height}" image-rendering="optimizeSpeed" preserveAspectRatio="none" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`;
};

const markup = (drawing: Drawing, pixelsPerPoint: number, draw: DrawPicture): string => {
  switch (drawing.kind) {
    case 'shape':
      return `<path d="${drawing.path}" ${paintOf(drawing)}/>`;
    case 'block':
      return `<path d="${drawing.lines.map(({ face, text, x, y, size, tracking }) => outlines(face, text, x, y, size, tracking)).join('')}" fill="${drawing.colour}"/>`;
    case 'picture': {
      const { x, y, width, height, content } = drawing;
      if ('svg' in content) return inPixels(draw(content.svg, Math.round(width * pixelsPerPoint)), x, y, pixelsPerPoint);
      const { png } = content;
      return `<image x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`;
    }
    case 'link':
      return '';
  }
};

/** The scene as SVG without text, fonts or references: letters are outlines, so that every renderer draws the same. */
export const sceneToSvg = (scene: Scene, width: number, draw: DrawPicture): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${scene.width} ${scene.height}"><rect width="${scene.width}" height="${scene.height}" fill="${scene.paper}"/>` +
  `${scene.drawings.map((drawing) => markup(drawing, width / scene.width, draw)).join('')}</svg>`;
