import { MIDDLE, around, circle, roundedPolygon, short, type Point } from './path.js';

/** What the edge of a badge says: its level, that it has none, or that it stands for a role. */
export type OutlineKind = 'circle' | 'hexagon' | 'seal' | 'plaque' | 'octagon' | 'scalloped';

/** The edge of a badge, and how large a circle it holds. */
export interface Outline {
  /** The outline, drawn in by so many units. */
  readonly inset: (by: number) => string;
  /** How wide its rim is. */
  readonly rim: number;
  /** Radius of the circle inside the rim that text and pattern keep to. */
  readonly face: number;
}

const HALF_TURN = Math.PI;

const hexagon = (by: number): string => {
  // Moving the sides in by `by` moves the corners by more.
  const radius = 506 - by / Math.cos(HALF_TURN / 6);
  const corners = Array.from({ length: 6 }, (_, index) => around((index * HALF_TURN) / 3, radius));
  return roundedPolygon(corners, Math.max(10, 44 - by * 0.6));
};

const octagon = (by: number): string => {
  const radius = 506 - by / Math.cos(HALF_TURN / 8);
  return roundedPolygon(Array.from({ length: 8 }, (_, index) => around(((index + 0.5) * HALF_TURN) / 4, radius)), Math.max(6, 26 - by * 0.4));
};

const POINTS = 12;

const seal = (by: number): string => {
  const corners = Array.from({ length: POINTS * 2 }, (_, index) => around((index * HALF_TURN) / POINTS, (index % 2 === 0 ? 506 : 448) - by * (index % 2 === 0 ? 1.25 : 1.02)));
  return roundedPolygon(corners, 9);
};

const plaque = (by: number): string => {
  const half = 470 - by;
  const bite = 92 + by * 0.35;
  const side = 2 * (half - bite);
  const [left, top] = [MIDDLE - half, MIDDLE - half];
  const arc = (x: number, y: number): string => `a${short(bite)} ${short(bite)} 0 0 0 ${short(x)} ${short(y)}`;
  return `M${short(left + bite)} ${short(top)}h${short(side)}${arc(bite, bite)}v${short(side)}${arc(-bite, bite)}h${short(-side)}${arc(-bite, -bite)}v${short(-side)}${arc(bite, -bite)}Z`;
};

const LOBES = 16;

const scalloped = (by: number): string => {
  const radius = 474 - by;
  const corner = (index: number): Point => around((index * 2 * HALF_TURN) / LOBES, radius);
  const bow = short((radius * Math.sin(HALF_TURN / LOBES)) * 1.12);
  const arcs = Array.from({ length: LOBES }, (_, index) => {
    const [x, y] = corner(index + 1);
    return `A${bow} ${bow} 0 0 1 ${short(x)} ${short(y)}`;
  });
  const [x, y] = corner(0);
  return `M${short(x)} ${short(y)}${arcs.join('')}Z`;
};

/** The outline of each kind. */
export const OUTLINES: Readonly<Record<OutlineKind, Outline>> = {
  circle: { inset: (by) => circle(498 - by), rim: 40, face: 446 },
  hexagon: { inset: hexagon, rim: 34, face: 396 },
  seal: { inset: seal, rim: 20, face: 416 },
  plaque: { inset: plaque, rim: 22, face: 432 },
  octagon: { inset: octagon, rim: 28, face: 420 },
  scalloped: { inset: scalloped, rim: 26, face: 436 },
};
