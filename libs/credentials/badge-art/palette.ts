import type { Ink } from './fields.js';

/** The colours that a badge is printed in. */
export interface Palette {
  /** Letters, the icon's ground, rules. */
  readonly deep: string;
  /** The fine pattern. */
  readonly line: string;
  /** The rim, from upper left to lower right: one colour is flat ink, more are metal. */
  readonly rim: readonly [string, ...string[]];
  /** The paper of the face, in its middle and at its edge. */
  readonly face: readonly [middle: string, edge: string];
  /** What stands on `deep`. */
  readonly onDeep: string;
}

const PAPER = ['#fffdf7', '#f6f0e2'] as const;

/** Bronze, silver, gold: the only metals. */
export const METALS = [
  { deep: '#63401c', line: '#a8703a', rim: ['#dcb48a', '#b47f49', '#8f5d2d', '#a8703a', '#c99a68'], face: PAPER, onDeep: '#fdf3e6' },
  { deep: '#434d59', line: '#7d8793', rim: ['#dfe3e7', '#a9b1ba', '#747e8a', '#8d97a2', '#c6ccd2'], face: ['#fefefc', '#f0f0ec'], onDeep: '#f7f9fa' },
  { deep: '#6d4f07', line: '#b8860b', rim: ['#ecd48a', '#cfa235', '#9a7010', '#b8860b', '#dfbd5c'], face: PAPER, onDeep: '#fff6dd' },
] as const satisfies readonly Palette[];

const inked = (deep: string, line: string): Palette => ({ deep, line, rim: [deep], face: PAPER, onDeep: '#fbf6ea' });

/** The inks of badges without a level, each in two tones: dark and quiet, as stamps are printed. */
export const INKS: Readonly<Record<Ink, readonly [Palette, Palette]>> = {
  indigo: [inked('#2f3f66', '#6276a8'), inked('#4a4f9c', '#7f83c4')],
  teal: [inked('#0b5a56', '#3f908a'), inked('#14688a', '#4f97b5')],
  plum: [inked('#643049', '#a0687f'), inked('#7d3f80', '#ab77ae')],
  moss: [inked('#3d5527', '#7a9160'), inked('#6b5f14', '#9c9048')],
  brick: [inked('#7a3826', '#b5735f'), inked('#9c4a10', '#c68149')],
  slate: [inked('#3b4150', '#78808f'), inked('#586a86', '#8797b0')],
};

/** The inverse of an ink, light lines on a dark face: for roles. */
export const inverse = ({ deep, line }: Palette): Palette => ({ deep: '#fbf6ea', line, rim: [deep], face: [deep, deep], onDeep: deep });

/** One ink and nothing else, for print. */
export const oneInk = (colour: string): Palette => ({ deep: colour, line: colour, rim: [colour], face: ['none', 'none'], onDeep: 'none' });
