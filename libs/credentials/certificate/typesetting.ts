import type { Block, Run } from './scene.js';
import { capHeight, inFace, measure, type Face } from './typeface.js';

/** How a text is set. `tracking` is in ems; `leading` is the distance of baselines in sizes. */
export interface Style {
  readonly face: Face;
  readonly size: number;
  readonly tracking?: number;
  readonly leading?: number;
  readonly colour: string;
  readonly role?: Block['role'];
}

/** A text that was broken into lines, in the size that was found for it. */
export interface Setting {
  readonly style: Style;
  readonly lines: readonly string[];
  /** Of the longest line. */
  readonly width: number;
  readonly height: number;
  /** From the top to the first baseline. */
  readonly rise: number;
}

/** A size, and how many lines it may take in that size. */
export interface Attempt {
  readonly size: number;
  readonly lines: number;
}

const LEADING = 1.2;
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The width of a line: what is added after its last glyph is not seen. */
export const widthOf = (text: string, { face, size, tracking = 0 }: Pick<Style, 'face' | 'size' | 'tracking'>): number => {
  const { ems, glyphs } = measure(face, text);
  return (ems + tracking * Math.max(0, glyphs - 1)) * size;
};

// A line may end after a space, a hyphen or slash inside a word, and between ideographs and kana. Korean words stay whole.
const BREAKS = /(?<= )|(?<=[\p{L}\p{N}][-‐–/])(?=[\p{L}\p{N}])|(?<=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])(?=[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])/u;

/** A word that is wider than a line, in parts that are not. */
const parts = (word: string, style: Style, width: number): readonly string[] => {
  if (widthOf(word.trimEnd(), style) <= width) return [word];
  const found: string[] = [];
  let part = '';
  let room = width;
  for (const { segment } of graphemes.segment(word)) {
    const wide = widthOf(segment, style) + (style.tracking ?? 0) * style.size;
    if (part && wide > room) {
      found.push(part);
      [part, room] = ['', width];
    }
    part += segment;
    room -= wide;
  }
  return part ? [...found, part] : found;
};

const broken = (text: string, style: Style, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAKS)) {
    for (const part of parts(word, style, width)) {
      if (line && widthOf((line + part).trimEnd(), style) > width) {
        lines.push(line.trimEnd());
        line = '';
      }
      line += part;
    }
  }
  if (line.trim()) lines.push(line.trimEnd());
  return lines;
};

const brokenAll = (paragraphs: readonly string[], style: Style, width: number): readonly string[] =>
  paragraphs.flatMap((paragraph) => broken(paragraph, style, width));

/** The narrowest width that takes no more lines: so that the last line is not one word. */
const balanced = (paragraphs: readonly string[], style: Style, width: number): readonly string[] => {
  let best = brokenAll(paragraphs, style, width);
  if (best.length === paragraphs.length) return best;
  let [low, high] = [width / 2, width];
  for (let step = 0; step < 7; step += 1) {
    const middle = (low + high) / 2;
    const lines = brokenAll(paragraphs, style, middle);
    if (lines.length > best.length) low = middle;
    else [best, high] = [lines, middle];
  }
  return best;
};

const shortened = (line: string, style: Style, width: number): string => {
  const kept = Array.from(graphemes.segment(line), ({ segment }) => segment);
  while (kept.length > 0 && widthOf(`${kept.join('').trimEnd()}…`, style) > width) kept.pop();
  return `${kept.join('').replace(/[\s,.;:…–-]+$/u, '')}…`;
};

/**
 * The text in the first attempt that holds it; if none does, cut with an ellipsis in the last one.
 * A list is set as paragraphs. Nothing where the text has nothing that can be printed.
 */
export const set = (
  text: string | readonly string[], style: Style, width: number, attempts: readonly Attempt[], even = false,
): Setting | undefined => {
  const cleaned = (typeof text === 'string' ? [text] : text);
  const whole = inFace(style.face, cleaned.join('\n').replaceAll('\n', ' '));
  const paragraphs = cleaned.map((paragraph) => inFace(whole.face, paragraph).text).filter((paragraph) => paragraph !== '');
  const last = attempts.at(-1);
  if (paragraphs.length === 0 || !last) return undefined;
  const faced = { ...style, face: whole.face };
  for (const { size, lines } of attempts) {
    const sized = { ...faced, size };
    const found = brokenAll(paragraphs, sized, width);
    if (found.length <= lines) return measured(even ? balanced(paragraphs, sized, width) : found, sized);
  }
  const smallest = { ...faced, size: last.size };
  const found = brokenAll(paragraphs, smallest, width);
  const kept = found.slice(0, last.lines);
  return measured([...kept.slice(0, -1), shortened(kept.at(-1) ?? '', smallest, width)], smallest);
};

/** A single line in the size of its style, as wide as it may be, else cut. */
export const setLine = (text: string, style: Style, width = Infinity): Setting | undefined =>
  set(text, style, width, [{ size: style.size, lines: 1 }]);

const measured = (lines: readonly string[], style: Style): Setting => {
  const pitch = style.size * (style.leading ?? LEADING);
  const capitals = capHeight(style.face) * style.size;
  return {
    style, lines,
    width: Math.max(...lines.map((line) => widthOf(line, style))),
    height: capitals + pitch * (lines.length - 1),
    rise: capitals,
  };
};

/** Where the lines of a text begin, end or have their middle. */
export type Align = 'left' | 'centre' | 'right';

/** The text placed: its first line's capitals reach up to `top`, its last baseline is `top + height`. */
export const place = ({ style, lines, rise }: Setting, x: number, top: number, align: Align = 'left'): Block => {
  const { face, size, tracking = 0, leading = LEADING, colour, role = 'P' } = style;
  const share = { left: 0, centre: 0.5, right: 1 }[align];
  return {
    kind: 'block', role, colour,
    lines: lines.map((text, index): Run => ({
      x: x - share * widthOf(text, style), y: top + rise + index * size * leading, text, face, size, tracking: tracking * size,
    })),
  };
};

/** Attempts on one to `lines` lines: all sizes on one line first, from the largest to the smallest, then fewer and fewer of them on more. */
export const shrinking = (largest: number, smallest: number, lines: number): readonly Attempt[] => {
  const attempts: Attempt[] = [];
  let from = largest;
  for (let count = 1; count <= lines; count += 1) {
    // A smaller size on one line is better than a line more, until it is a quarter smaller.
    const to = count === lines ? smallest : Math.max(smallest, from * 0.74);
    for (let size = from; size >= to; size -= Math.max(0.5, from / 40)) attempts.push({ size: Math.round(size * 2) / 2, lines: count });
    from = Math.max(smallest, from * 0.8);
  }
  return attempts;
};
