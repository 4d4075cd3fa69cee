import type { Glyph, Lettering } from './lettering.js';
import { around, short } from './path.js';

/** Text on a ring around the middle. */
export interface RingText {
  /** One path with all the letters. */
  readonly path: string;
  /** How far it reaches to each side of its middle, in radians. */
  readonly half: number;
}

interface Ring {
  /** The middle of the letters' height. */
  readonly radius: number;
  /** Along the top, read clockwise; or along the bottom, read the other way, upright too. */
  readonly edge: 'top' | 'bottom';
  /** Letter size, the biggest and the smallest that may be chosen. */
  readonly size: readonly [largest: number, smallest: number];
  /** Space between letters, in ems. */
  readonly tracking: number;
  /** How far it may reach to each side, in radians. */
  readonly room: number;
}

/** Half the height of capitals and of Hangul, in ems, from the baseline. */
const HALF_HEIGHT = 0.354;

const widthOf = (glyphs: readonly Glyph[], tracking: number): number =>
  glyphs.reduce((width, glyph) => width + glyph.advance + tracking, -tracking);

/** Sets a line on a ring as large as it fits; what does not fit at the smallest size is cut, with an ellipsis. */
export const ringText = (line: string, lettering: Lettering, { radius, edge, size, tracking, room }: Ring): RingText => {
  const [largest, smallest] = size;
  // A line grows narrower first by its spacing, then by its size.
  const fits = (glyphs: readonly Glyph[], space: number): number => (2 * room * radius) / widthOf(glyphs, space);
  let glyphs = lettering.shape(line);
  const tight = tracking / 4;
  if (fits(glyphs, tight) < smallest) {
    const letters = [...line];
    let [fitting, tooLong] = [0, letters.length];
    const cut = (count: number): string => `${letters.slice(0, count).join('').trimEnd()}…`;
    while (tooLong - fitting > 1) {
      const half = (fitting + tooLong) >> 1;
      if (fits(lettering.shape(cut(half)), tight) < smallest) tooLong = half; else fitting = half;
    }
    glyphs = lettering.shape(cut(fitting));
  }
  const space = fits(glyphs, tracking) >= smallest * 1.25 ? tracking : tight;
  const em = Math.min(largest, fits(glyphs, space));
  const half = (widthOf(glyphs, space) * em) / radius / 2;
  let from = -half;
  let path = '';
  for (const glyph of glyphs) {
    const angle = from + (glyph.advance * em) / radius / 2;
    const turn = edge === 'top' ? angle : -angle;
    const [x, y] = edge === 'top' ? around(angle, radius) : around(Math.PI - angle, radius);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    for (const { letter, points } of glyph.commands) {
      const moved: string[] = [];
      for (let i = 0; i + 1 < points.length; i += 2) {
        const right = ((points[i] ?? 0) - glyph.advance / 2) * em;
        const down = (HALF_HEIGHT - (points[i + 1] ?? 0)) * em;
        moved.push(short(x + right * cos - down * sin), short(y + right * sin + down * cos));
      }
      path += letter + moved.join(' ');
    }
    from += ((glyph.advance + space) * em) / radius;
  }
  return { path, half };
};
