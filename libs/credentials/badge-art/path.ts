/** A point of the drawing: right, down. */
export type Point = readonly [x: number, y: number];

/** The middle of the drawing, which is 1,024 units wide and high. */
export const MIDDLE = 512;

/** The point at `angle` (radians, clockwise from the top) and `radius` around the middle. */
export const around = (angle: number, radius: number): Point => [MIDDLE + radius * Math.sin(angle), MIDDLE - radius * Math.cos(angle)];

/** A number for a path: two decimals, which is finer than any printer. */
export const short = (value: number): string => {
  const rounded = Math.round(value * 100) / 100;
  return Object.is(rounded, -0) ? '0' : String(rounded);
};

const pair = ([x, y]: Point): string => `${short(x)} ${short(y)}`;

/** A circle around the middle, as a path. */
export const circle = (radius: number): string =>
  `M${pair([MIDDLE - radius, MIDDLE])}a${short(radius)} ${short(radius)} 0 1 1 ${short(2 * radius)} 0a${short(radius)} ${short(radius)} 0 1 1 ${short(-2 * radius)} 0Z`;

const between = (from: Point, to: Point, distance: number): Point => {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const share = Math.min(0.5, distance / length);
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
};

/** A closed polygon whose corners are rounded by up to `radius`. */
export const roundedPolygon = (corners: readonly Point[], radius: number): string => {
  const steps = corners.map((corner, index) => {
    const before = corners.at(index - 1) ?? corner;
    const after = corners[(index + 1) % corners.length] ?? corner;
    return `${pair(between(corner, before, radius))}Q${pair(corner)} ${pair(between(corner, after, radius))}`;
  });
  return `M${steps.join('L')}Z`;
};

/**
 * A smooth curve through `at(t)` for t from `from` to `to`, closed when it is to come back: Hermite pieces, written with
 * offsets, which keeps a fine pattern small.
 */
export const curve = (at: (t: number) => Point, from: number, to: number, pieces: number, closed: boolean): string => {
  const step = (to - from) / pieces;
  const tiny = step / 64;
  const slope = (t: number): Point => {
    const [ax, ay] = at(t - tiny);
    const [bx, by] = at(t + tiny);
    return [(bx - ax) / (2 * tiny), (by - ay) / (2 * tiny)];
  };
  // Offsets count in whole tenths from the rounded point before, so that roundings never add up.
  const tenths = (value: number): number => Math.round(value * 10);
  const offset = (value: number, base: number): string => {
    const text = String((tenths(value) - base) / 10);
    return text.replace(/^(-?)0\./, '$1.');
  };
  const join = (parts: readonly string[]): string => parts.reduce((text, part) => (text === '' || part.startsWith('-') ? text + part : `${text} ${part}`), '');
  const start = at(from);
  let [px, py] = [tenths(start[0]), tenths(start[1])];
  let text = `M${String(px / 10)} ${String(py / 10)}`;
  let [x, y] = start;
  let [sx, sy] = slope(from);
  for (let i = 1; i <= pieces; i += 1) {
    const t = from + i * step;
    const [nx, ny] = at(t);
    const [tx, ty] = slope(t);
    const third = step / 3;
    text += `c${join([
      offset(x + sx * third, px), offset(y + sy * third, py),
      offset(nx - tx * third, px), offset(ny - ty * third, py),
      offset(nx, px), offset(ny, py),
    ])}`;
    [x, y, sx, sy, px, py] = [nx, ny, tx, ty, tenths(nx), tenths(ny)];
  }
  return closed ? `${text}Z` : text;
};
