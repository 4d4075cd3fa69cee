import { pathCommands, type PathCommand } from './flat-drawing.js';

/** A number as PDF writes it: never with an exponent. */
export const pdfNumber = (value: number): string => {
  const rounded = Math.round(value * 1000) / 1000;
  return Number.isFinite(rounded) ? rounded.toFixed(3).replace(/\.?0+$/u, '').replace(/^-0$/u, '0') : '0';
};

const write = (points: readonly number[]): string => points.map(pdfNumber).join(' ');

/** The operators that build a path. */
export const pdfPath = (commands: readonly PathCommand[]): string => {
  const out: string[] = [];
  let [x, y] = [0, 0];
  for (const { letter, points } of commands) {
    switch (letter) {
      case 'M': out.push(`${write(points)} m`); break;
      case 'L': out.push(`${write(points)} l`); break;
      case 'C': out.push(`${write(points)} c`); break;
      case 'Q': {
        // PDF has cubic curves only.
        const [cx, cy, ex, ey] = points as [number, number, number, number];
        out.push(`${write([x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3, ex + (cx - ex) * 2 / 3, ey + (cy - ey) * 2 / 3, ex, ey])} c`);
        break;
      }
      case 'Z': out.push('h'); break;
    }
    if (letter !== 'Z') [x, y] = points.slice(-2) as [number, number];
  }
  return out.join('\n');
};

/** The same of path data; nothing where it has other commands than absolute M, L, Q, C and Z. */
export const pdfPathOf = (data: string): string | undefined => {
  const commands = pathCommands(data);
  return commands && pdfPath(commands);
};

/** `#rrggbb` as the three numbers that PDF wants; nothing where it is something else. */
export const pdfColour = (colour: string): string | undefined =>
  /^#[0-9a-f]{6}$/iu.test(colour) ? [1, 3, 5].map((at) => pdfNumber(parseInt(colour.slice(at, at + 2), 16) / 255)).join(' ') : undefined;
