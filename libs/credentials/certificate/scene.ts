import type { Face } from './typeface.js';

/** Lengths are points (1/72 inch) from the top left corner, right and down; colours are `#rrggbb`. */
export interface Paint {
  readonly colour: string;
  /** 0 to 1; 1 where it is left out. */
  readonly opacity?: number;
}

/** A line's paint and width. */
export interface Stroke extends Paint {
  readonly width: number;
  readonly round?: true;
}

/** A shape: SVG path data with absolute M, L, C, Q and Z only. */
export interface Shape {
  readonly kind: 'shape';
  readonly path: string;
  readonly fill?: Paint;
  readonly evenOdd?: true;
  readonly stroke?: Stroke;
  /** What it says, for readers who do not see it; nothing for an ornament. */
  readonly alt?: string;
}

/** A piece of text in one face; `x` is its left edge, `y` its baseline, `tracking` what is added after each glyph. */
export interface Run {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly face: Face;
  readonly size: number;
  readonly tracking: number;
}

/** A heading, paragraph or label: lines that belong together, in reading order. */
export interface Block {
  readonly kind: 'block';
  readonly role: 'H1' | 'H2' | 'P';
  readonly colour: string;
  readonly lines: readonly Run[];
}

/** A picture: a PNG that is known to decode, or a drawing of its own that stays the same on many certificates. */
export interface Picture {
  readonly kind: 'picture';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What it shows, for readers who do not see it; nothing for an ornament. */
  readonly alt?: string;
  readonly content: { readonly png: Uint8Array } | { readonly svg: string };
}

/** A place that leads to an address when it is clicked. */
export interface Link {
  readonly kind: 'link';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly url: string;
}

export type Drawing = Shape | Block | Picture | Link;

/** A page: what is drawn on it, in this order. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly paper: string;
  readonly drawings: readonly Drawing[];
}

/** A4 in points: short and long side. */
export const A4 = { short: 595.28, long: 841.89 } as const;

/** A length as it is written in path data: short, and without an exponent. */
export const short = (value: number): string => String(Math.round(value * 100) / 100);

/** How far the control points of a quarter circle lie from its ends, in radii. */
const QUARTER = 0.5523;

/** The path of a rectangle, with round corners where there is a radius. */
export const rectangle = (x: number, y: number, width: number, height: number, radius = 0): string => {
  const [x0, y0, x1, y1] = [x, y, x + width, y + height].map(short);
  if (radius === 0) return `M${x0} ${y0}L${x1} ${y0}L${x1} ${y1}L${x0} ${y1}Z`;
  const [xa, ya, xb, yb] = [x + radius, y + radius, x + width - radius, y + height - radius].map(short);
  const off = radius * (1 - QUARTER);
  const [xc, yc, xd, yd] = [x + off, y + off, x + width - off, y + height - off].map(short);
  return `M${xa} ${y0}L${xb} ${y0}C${xd} ${y0} ${x1} ${yc} ${x1} ${ya}L${x1} ${yb}C${x1} ${yd} ${xd} ${y1} ${xb} ${y1}` +
    `L${xa} ${y1}C${xc} ${y1} ${x0} ${yd} ${x0} ${yb}L${x0} ${ya}C${x0} ${yc} ${xc} ${y0} ${xa} ${y0}Z`;
};

/** The path of a circle. */
export const circle = (x: number, y: number, radius: number): string =>
  rectangle(x - radius, y - radius, radius * 2, radius * 2, radius);

/** A straight line. */
export const line = (x0: number, y0: number, x1: number, y1: number, stroke: Stroke): Shape =>
  ({ kind: 'shape', path: `M${short(x0)} ${short(y0)}L${short(x1)} ${short(y1)}`, stroke });
