import { around, curve, type Point } from './path.js';
import { oneOf, whole, type Draws } from './seed.js';

/** A line of the pattern, and the angles by which copies of it are turned around the middle (in degrees, from 0). */
export interface Strand {
  readonly path: string;
  readonly copies: number;
  readonly turn: number;
  /** Strands of the second kind are printed fainter. */
  readonly faint: boolean;
}

interface Band {
  readonly inner: number;
  readonly outer: number;
}

const FULL = 2 * Math.PI;

/** A closed line whose distance from the middle is `radius(angle)`, which has at most `waves` waves. */
const closedLine = (radius: (angle: number) => number, waves: number): string => {
  const pieces = Math.max(48, waves * 6);
  return curve((angle): Point => around(angle, radius(angle)), 0, FULL, pieces, true);
};

/** One wave, with an overtone, turned so often that its copies weave a net. */
const woven = (draw: Draws, { inner, outer }: Band, lines: number): readonly Strand[] => {
  const lobes = whole(draw, 6, 15);
  const overtone = oneOf(draw, [2, 3] as const);
  const share = 0.1 + draw() * 0.24;
  const phase = draw() * FULL;
  const [middle, swing] = [(inner + outer) / 2, (outer - inner) / 2];
  const wave = (angle: number): number => Math.cos(lobes * angle) * (1 - share) + Math.cos(lobes * overtone * angle + phase) * share;
  const copies = Math.max(4, Math.round(lines * (0.8 + draw() * 0.4)));
  return [{ path: closedLine((angle) => middle + swing * wave(angle), lobes * overtone), copies, turn: 360 / lobes / copies, faint: false }];
};

/** Lines that swing less the farther in they run, each a little further round: the drapery of engine turning. */
const draped = (draw: Draws, { inner, outer }: Band, lines: number): readonly Strand[] => {
  const lobes = whole(draw, 7, 18);
  const twist = oneOf(draw, [-1, 1] as const) * (0.6 + draw() * 1.6);
  const height = outer - inner;
  const swing = height * (0.13 + draw() * 0.12);
  const bulge = draw() < 0.5;
  return Array.from({ length: lines }, (_, index): Strand => {
    const at = index / (lines - 1);
    const reach = swing * (bulge ? Math.sin(Math.PI * (0.15 + 0.7 * at)) : 0.25 + 0.75 * at);
    const base = inner + swing * 0.25 + (height - swing * 1.25) * at;
    const path = closedLine((angle) => base + reach * Math.cos(lobes * angle + twist * FULL * at), lobes);
    return { path, copies: 1, turn: 0, faint: false };
  });
};

/** Two nets, one inside the other, of different waves. */
const doubled = (draw: Draws, { inner, outer }: Band, lines: number): readonly Strand[] => {
  const border = inner + (outer - inner) * (0.42 + draw() * 0.2);
  const overlap = (outer - inner) * 0.06;
  const net = (band: Band, lobes: number, faint: boolean): Strand => {
    const [middle, swing] = [(band.inner + band.outer) / 2, (band.outer - band.inner) / 2];
    const lean = draw() * 0.5;
    const copies = Math.max(4, Math.round(lines * 0.55));
    return {
      path: closedLine((angle) => middle + swing * Math.cos(lobes * angle + lean * Math.sin(lobes * angle)), lobes * 2),
      copies, turn: 360 / lobes / copies, faint,
    };
  };
  return [net({ inner: border - overlap, outer }, whole(draw, 12, 26), false), net({ inner, outer: border + overlap }, whole(draw, 5, 11), false)];
};

/** A few waves that go round several times before they close: petals. */
const petalled = (draw: Draws, { inner, outer }: Band, lines: number): readonly Strand[] => {
  const rounds = oneOf(draw, [3, 4, 5] as const);
  let waves = whole(draw, rounds * 3, rounds * 7);
  while (waves % rounds === 0 || (rounds === 4 && waves % 2 === 0)) waves += 1;
  const [middle, swing] = [(inner + outer) / 2, (outer - inner) / 2];
  const copies = Math.max(2, Math.round(lines / rounds));
  const path = curve((angle) => around(angle, middle + swing * Math.cos((waves / rounds) * angle)), 0, rounds * FULL, waves * 7, true);
  return [{ path, copies, turn: 360 / waves / copies, faint: false }];
};

/** The pattern of a badge between two radii: of one family, with a plait at its inner edge; all of it drawn by the seed. */
export const guilloche = (draw: Draws, { inner, outer }: Band, lines: number): readonly Strand[] => {
  const family = oneOf(draw, [woven, draped, doubled, petalled] as const);
  const strands = family(draw, { inner, outer }, lines);
  const waves = whole(draw, 5, 12);
  const ground: Strand = {
    path: closedLine((angle) => (inner + outer) / 2 + ((outer - inner) / 2) * 0.96 * Math.cos(waves * angle + draw.length), waves),
    copies: Math.round(lines * 0.7), turn: 360 / waves / Math.round(lines * 0.7), faint: true,
  };
  return [ground, ...strands];
};

/** A plait of two waves along an arc around the middle, with `waves` to the full round. */
export const plait = (radius: number, swing: number, waves: number, from: number, to: number): readonly string[] => {
  const crossings = Math.max(2, Math.round(((to - from) / FULL) * waves));
  const wave = (sign: number) => (t: number): Point => {
    // The plait tapers at both ends.
    const along = (t - from) / (to - from);
    const taper = Math.min(1, 5 * along, 5 * (1 - along));
    return around(t, radius + sign * swing * taper * Math.sin((Math.PI * 2 * crossings * (t - from)) / (to - from)));
  };
  return [1, -1, 0.45, -0.45].map((sign) => curve(wave(sign), from, to, crossings * 6, false));
};
