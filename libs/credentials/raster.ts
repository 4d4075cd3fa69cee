import { Resvg } from '@resvg/resvg-js';
import type { Pixels } from './opaque-png.js';

const options = { font: { loadSystemFonts: false }, logLevel: 'off' } as const;

/** The SVG as PNG, so many pixels wide. */
export const renderPng = (svg: string, { width }: { readonly width: number }): Uint8Array =>
  new Resvg(svg, { ...options, fitTo: { mode: 'width', value: width } }).render().asPng();

/** The SVG as pixels, so many of them wide. */
export const renderPixels = (svg: string, { width: wanted }: { readonly width: number }): Pixels => {
  const { pixels, width, height } = new Resvg(svg, { ...options, fitTo: { mode: 'width', value: wanted } }).render();
  return { pixels, width, height };
};

/** The SVG in its simplest form: absolute paths, groups, gradients, clips and masks; no text, styles, scripts or references. */
export const flatSvg = (svg: string): string => new Resvg(svg, options).toString();
