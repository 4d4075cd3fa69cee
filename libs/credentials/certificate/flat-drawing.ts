/** An element of an SVG that was simplified before: see `flatSvg`. */
export interface FlatElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly FlatElement[];
}

const TAG = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+\s*=\s*"[^"]*")*)\s*(\/?)>/gu;
const ATTRIBUTE = /([\w:-]+)\s*=\s*"([^"]*)"/gu;

/** The tree of a simplified SVG; text between tags, of which it has none, is passed over. */
export const flatTree = (svg: string): FlatElement => {
  const root = { name: 'root', attributes: new Map<string, string>(), children: [] as FlatElement[] };
  const open = [root];
  for (const [, closing, name, attributes, alone] of svg.matchAll(TAG)) {
    if (closing) {
      if (open.length > 1) open.pop();
      continue;
    }
    const element = {
      name: name as string,
      attributes: new Map(Array.from((attributes as string).matchAll(ATTRIBUTE), ([, key, value]) => [key as string, value as string])),
      children: [],
    };
    open.at(-1)?.children.push(element);
    if (!alone) open.push(element);
  }
  return root;
};

/** A transformation: x' = a x + c y + e, y' = b x + d y + f. */
export type Matrix = readonly [number, number, number, number, number, number];
export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** The transformation that does `inner` first and then `outer`. */
export const after = (outer: Matrix, inner: Matrix): Matrix => [
  outer[0] * inner[0] + outer[2] * inner[1], outer[1] * inner[0] + outer[3] * inner[1],
  outer[0] * inner[2] + outer[2] * inner[3], outer[1] * inner[2] + outer[3] * inner[3],
  outer[0] * inner[4] + outer[2] * inner[5] + outer[4], outer[1] * inner[4] + outer[3] * inner[5] + outer[5],
];

/** A `transform` attribute as it is in a simplified SVG; nothing where it is something else. */
export const matrixOf = (transform: string | undefined): Matrix | undefined => {
  if (transform === undefined) return IDENTITY;
  const found = /^matrix\(([-\d.e+ ,]+)\)$/u.exec(transform.trim());
  const values = (found?.[1] ?? '').trim().split(/[\s,]+/u).map(Number);
  return values.length === 6 && values.every(Number.isFinite) ? (values as unknown as Matrix) : undefined;
};

/** One command of path data: absolute, with its numbers. */
export interface PathCommand {
  readonly letter: 'M' | 'L' | 'Q' | 'C' | 'Z';
  readonly points: readonly number[];
}

const POINTS = { M: 2, L: 2, Q: 4, C: 6, Z: 0 } as const;

/** The commands of path data with absolute M, L, Q, C and Z; nothing where there is any other. */
export const pathCommands = (data: string): readonly PathCommand[] | undefined => {
  const commands: PathCommand[] = [];
  for (const [, letter, numbers] of data.matchAll(/([A-Za-z])([^A-Za-z]*(?:e[-+]?\d[^A-Za-z]*)*)/gu)) {
    if (!(letter as string in POINTS)) return undefined;
    const points = (numbers as string).match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gu)?.map(Number) ?? [];
    const count = POINTS[letter as PathCommand['letter']];
    if (count === 0 ? points.length > 0 : points.length === 0 || points.length % count !== 0) return undefined;
    if (count === 0) commands.push({ letter: 'Z', points });
    for (let at = 0; at < points.length; at += count) {
      // More points behind a move are lines.
      commands.push({ letter: letter === 'M' && at > 0 ? 'L' : (letter as PathCommand['letter']), points: points.slice(at, at + count) });
    }
  }
  return commands;
};

/** The box around all points of a path, its control points included: [left, top, width, height]. */
export const boxOf = (commands: readonly PathCommand[]): readonly [number, number, number, number] => {
  const xs = commands.flatMap(({ points }) => points.filter((_, index) => index % 2 === 0));
  const ys = commands.flatMap(({ points }) => points.filter((_, index) => index % 2 === 1));
  const [left, top] = [xs.reduce((a, b) => Math.min(a, b), Infinity), ys.reduce((a, b) => Math.min(a, b), Infinity)];
  return [left, top, xs.reduce((a, b) => Math.max(a, b), -Infinity) - left, ys.reduce((a, b) => Math.max(a, b), -Infinity) - top];
};
