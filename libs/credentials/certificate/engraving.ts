import { mixed } from './colour.js';
import { keeping } from './keeping.js';
import { rectangle } from './scene.js';

/** Lines as an engraving machine draws them: ornaments that are the same on every certificate of one accent. */

const kept = keeping<string>(32);
const tenths = (value: number): number => Math.round(value * 10) / 10;
type Point = readonly [number, number];

/** A smooth line through points: quadratic curves between the middles of its pieces. */
const smooth = (points: readonly Point[], closed: boolean): string => {
  const middle = ([ax, ay]: Point, [bx, by]: Point): Point => [(ax + bx) / 2, (ay + by) / 2];
  const say = ([x, y]: Point): string => `${tenths(x)} ${tenths(y)}`;
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  let path = `M${say(closed ? middle(last, first) : first)}`;
  for (const [index, point] of points.entries()) {
    const next = points[index + 1] ?? (closed ? first : undefined);
    path += next ? `Q${say(point)} ${say(middle(point, next))}` : `L${say(point)}`;
  }
  return closed ? `${path}Z` : path;
};

/** A rosette: waves around a middle, each turned a little further. */
const rosette = (x: number, y: number, inner: number, outer: number, lobes: number, lines: number): readonly string[] =>
  Array.from({ length: lines }, (_, line) => {
    const turn = (2 * Math.PI * line) / lines / lobes;
    const pieces = lobes * 10;
    return smooth(Array.from({ length: pieces }, (__, index): Point => {
      const angle = (2 * Math.PI * index) / pieces;
      const radius = (inner + outer) / 2 + ((outer - inner) / 2) * Math.cos(lobes * (angle + turn));
      return [x + radius * Math.sin(angle), y - radius * Math.cos(angle)];
    }), true);
  });

const stroked = (paths: readonly string[], colour: string, width: number, opacity = 1): string =>
  `<path d="${paths.join('')}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}"/>`;

const page = (width: number, height: number, content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`;

/** A dark panel with a wide rosette around the place of the badge, and a hairline of it at its right edge. */
export const panel = (width: number, height: number, colour: string, at: Point): string => kept(JSON.stringify(['panel', width, height, colour, at]), () => {
  const light = mixed(colour, '#ffffff', 0.62);
  const [x, y] = at;
  return page(width, height,
    `<path d="${rectangle(0, 0, width, height)}" fill="${colour}"/>` +
    `<clipPath id="p"><path d="${rectangle(0, 0, width, height)}"/></clipPath><g clip-path="url(#p)">` +
    stroked(rosette(x, y, 84, 150, 24, 9), light, 0.35, 0.4) +
    stroked(rosette(x, y, 128, 250, 18, 9), light, 0.35, 0.24) +
    stroked(rosette(x, y, 200, 400, 14, 8), light, 0.35, 0.13) + '</g>');
});

/** A band of waves along a straight line, so long that whole waves fit: their crossings weave a net. */
const band = (length: number, thickness: number, waves: number): readonly string[] => {
  const strands = 6;
  const wave = (phase: number, swing: number): string => smooth(Array.from({ length: waves * 8 + 1 }, (_, index): Point => {
    const along = index / (waves * 8);
    return [along * length, swing * (thickness / 2) * Math.sin(2 * Math.PI * (along * waves + phase))];
  }), false);
  return [
    ...Array.from({ length: strands }, (_, strand) => wave(strand / strands, 1)),
    wave(0, 0.42), wave(0.5, 0.42),
  ];
};

/** An engraved frame around a page: net bands between rules, and rosettes in the corners. */
export const frame = (width: number, height: number, colour: string, paper: string): string => kept(JSON.stringify(['frame', width, height, colour, paper]), () => {
  const [outset, thick] = [26, 22];
  const middle = outset + thick / 2;
  const corner = 34;
  const [long, high] = [width - 2 * (middle + corner / 2), height - 2 * (middle + corner / 2)];
  const side = (length: number): string => stroked(band(length, thick - 5, Math.round(length / 19)), colour, 0.38, 0.85);
  const at = (x: number, y: number, turn: number, content: string): string => `<g transform="translate(${x} ${y}) rotate(${turn})">${content}</g>`;
  const rules = (inset: number, weight: number): string =>
    `<path d="${rectangle(inset, inset, width - 2 * inset, height - 2 * inset)}" fill="none" stroke="${colour}" stroke-width="${weight}"/>`;
  const start = middle + corner / 2;
  const square = (x: number, y: number): string =>
    `<path d="${rectangle(x - corner / 2, y - corner / 2, corner, corner)}" fill="${paper}" stroke="${colour}" stroke-width="0.9"/>` +
    `<path d="${rectangle(x - corner / 2 + 2.4, y - corner / 2 + 2.4, corner - 4.8, corner - 4.8)}" fill="none" stroke="${colour}" stroke-width="0.3"/>` +
    stroked(rosette(x, y, 3.2, 13.2, 8, 6), colour, 0.38, 0.9) + stroked(rosette(x, y, 1, 5.4, 8, 3), colour, 0.38);
  return page(width, height,
    rules(outset - 6, 0.4) + rules(outset - 2, 1.5) + rules(outset + thick + 2, 0.9) + rules(outset + thick + 5.2, 0.35) +
    at(start, middle, 0, side(long)) + at(start, height - middle, 0, side(long)) +
    at(middle, start, 90, side(high)) + at(width - middle, start, 90, side(high)) +
    [[middle, middle], [width - middle, middle], [middle, height - middle], [width - middle, height - middle]].map(([x, y]) => square(x as number, y as number)).join(''));
});

/** Rings that run off the page around a badge, closer together the farther in. */
export const rings = (width: number, height: number, accent: string, paper: string, at: Point): string => kept(JSON.stringify(['rings', width, height, accent, paper, at]), () => {
  const [x, y] = at;
  const fine = Array.from({ length: 9 }, (_, index) => {
    const radius = 172 + index * 15 + index * index * 3.2;
    return `<circle cx="${x}" cy="${y}" r="${tenths(radius)}" fill="none" stroke="${accent}" stroke-width="0.5" stroke-opacity="${(0.55 - index * 0.052).toFixed(2)}"/>`;
  }).join('');
  return page(width, height,
    `<clipPath id="p"><path d="${rectangle(0, 0, width, height)}"/></clipPath><g clip-path="url(#p)">` +
    `<circle cx="${x}" cy="${y}" r="150" fill="${mixed(accent, paper, 0.88)}"/>` +
    stroked(rosette(x, y, 128, 150, 36, 5), accent, 0.35, 0.5) + fine + '</g>');
});

/** A short ornament between two hairlines: a small rosette. */
export const flourish = (width: number, colour: string): string => kept(JSON.stringify(['flourish', width, colour]), () => {
  const [height, x] = [16, width / 2];
  const y = height / 2;
  return page(width, height,
    `<path d="M0 ${y}L${x - 14} ${y}M${x + 14} ${y}L${width} ${y}" fill="none" stroke="${colour}" stroke-width="0.5"/>` +
    stroked(rosette(x, y, 1.6, 7.4, 6, 4), colour, 0.4));
});
