import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font, type FontGlyph, type GlyphRun } from 'fontkit';

const PRETENDARD = 'pretendard/dist/public/static/alternative/Pretendard-';
const NANUM = '@expo-google-fonts/nanum-myeongjo/';
// TrueType outlines: a subset of them is made ten times as fast as one of CFF outlines.
const FILES = {
  'sans': `${PRETENDARD}Regular.ttf`,
  'sans-medium': `${PRETENDARD}Medium.ttf`,
  'sans-semibold': `${PRETENDARD}SemiBold.ttf`,
  'sans-bold': `${PRETENDARD}Bold.ttf`,
  'serif': `${NANUM}400Regular/NanumMyeongjo_400Regular.ttf`,
  'serif-bold': `${NANUM}700Bold/NanumMyeongjo_700Bold.ttf`,
  'serif-extrabold': `${NANUM}800ExtraBold/NanumMyeongjo_800ExtraBold.ttf`,
} as const;

/** A face that certificates are set in; each has Latin and Hangul. */
export type Face = keyof typeof FILES;

/** What a face without a glyph is replaced by: the serif face has no accented letters, the sans face of its weight has them. */
const BROADER: Readonly<Partial<Record<Face, Face>>> = { 'serif': 'sans', 'serif-bold': 'sans-semibold', 'serif-extrabold': 'sans-bold' };

/** Shapings that are kept for each face; the names of a batch come once, the words of its labels again and again. */
const KEPT = 4_000;
const packages = createRequire(import.meta.url);
const fonts = new Map<Face, Font>();

const isSame = (one: readonly number[], other: readonly number[]): boolean => one.length === other.length && one.every((value, i) => value === other[i]);

/**
 * The reader keeps each glyph with the characters for which it was first looked up, none where it was a part of another glyph: a
 * full stop would lose its character to the colon that is drawn from it, and what a PDF says would hang on what was drawn before.
 */
const withOwnCharacters = (font: Font): Font => {
  const getGlyph = font.getGlyph.bind(font);
  const others = new Map<string, FontGlyph>();
  font.getGlyph = (id, characters = []) => {
    const glyph = getGlyph(id, characters);
    // Who names no characters asks for the outline.
    if (!glyph || characters.length === 0 || isSame(glyph.codePoints, characters)) return glyph;
    const key = `${id} ${characters.join(' ')}`;
    let other = others.get(key);
    if (!other) others.set(key, (other = Object.create(glyph, { codePoints: { value: [...characters] } }) as FontGlyph));
    return other;
  };
  return font;
};

const shapedOnce = (font: Font): Font => {
  const layout = font.layout.bind(font);
  const kept = new Map<string, GlyphRun>();
  font.layout = (text, features) => {
    if (features !== undefined) return layout(text, features);
    let run = kept.get(text);
    if (!run) {
      if (kept.size >= KEPT) kept.clear();
      kept.set(text, (run = layout(text)));
    }
    // The PDF writer scales the positions that it is given in place.
    return { glyphs: run.glyphs, advanceWidth: run.advanceWidth, positions: run.positions.map((position) => ({ ...position })) };
  };
  return font;
};

/** The font of a face, read once; shapes each word once. */
export const fontOf = (face: Face): Font => {
  let font = fonts.get(face);
  if (!font) {
    const bytes = readFileSync(packages.resolve(FILES[face]));
    // An empty glyph at the end of the file is read beyond it: there must be something there.
    fonts.set(face, (font = shapedOnce(withOwnCharacters(create(Buffer.concat([bytes, Buffer.alloc(64)]))))));
  }
  return font;
};

/** A text in the units that are shaped at once: words with the space behind them (so does the PDF writer). */
export const pieces = (text: string): readonly string[] => text.match(/[^ ]* |[^ ]+$/gu) ?? [];

/** The width of a text in ems, and how many glyphs it has. */
export const measure = (face: Face, text: string): { readonly ems: number; readonly glyphs: number } => {
  const font = fontOf(face);
  let [units, glyphs] = [0, 0];
  for (const piece of pieces(text)) {
    const run = font.layout(piece);
    units += run.advanceWidth;
    glyphs += run.glyphs.length;
  }
  return { ems: units / font.unitsPerEm, glyphs };
};

/** The height of capitals in ems. */
export const capHeight = (face: Face): number => fontOf(face).capHeight / fontOf(face).unitsPerEm;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const has = (face: Face, text: string): boolean => {
  const font = fontOf(face);
  for (const character of text) if (!font.hasGlyphForCodePoint(character.codePointAt(0) as number)) return false;
  return true;
};

/** Stands for a letter that no face has. */
const MISSING = '□';
const LETTER = /[\p{L}\p{N}]/u;

/**
 * The text and the face it can be set in: the wanted one, or the broader one for the whole text, so that no word changes face.
 * Letters that neither has become boxes that can be seen; pictographs and marks are left out.
 */
export const inFace = (wanted: Face, text: string): { readonly face: Face; readonly text: string } => {
  if (has(wanted, text)) return { face: wanted, text };
  const broader = BROADER[wanted] ?? wanted;
  const shown = Array.from(graphemes.segment(text), ({ segment }) => {
    if (has(broader, segment)) return segment;
    return LETTER.test(segment) ? MISSING : '';
  }).join('').replace(/ {2,}/gu, ' ').trim();
  // What remains without its pictographs may well fit the wanted face.
  return { face: has(wanted, shown) ? wanted : broader, text: shown };
};

/** Letters of a text for which no font has a glyph: they are left out where it is printed. */
export const unprintable = (text: string): readonly string[] =>
  [...new Set(Array.from(graphemes.segment(text), ({ segment }) => segment))].filter((segment) => LETTER.test(segment) && !has('sans', segment));

/** The outlines of a piece of text: path data of all its glyphs, from `x` on the baseline `y`. */
export const outlines = (face: Face, text: string, x: number, y: number, size: number, tracking: number): string => {
  const font = fontOf(face);
  const scale = size / font.unitsPerEm;
  let at = x;
  let path = '';
  for (const piece of pieces(text)) {
    const run = font.layout(piece);
    for (const [index, glyph] of run.glyphs.entries()) {
      const position = run.positions[index];
      if (!position) continue;
      path += glyphPath(glyph.path.commands, at + position.xOffset * scale, y - position.yOffset * scale, scale);
      at += position.xAdvance * scale + tracking;
    }
  }
  return path;
};

const LETTERS = { moveTo: 'M', lineTo: 'L', quadraticCurveTo: 'Q', bezierCurveTo: 'C', closePath: 'Z' } as const;
type Commands = GlyphRun['glyphs'][number]['path']['commands'];

const glyphPath = (commands: Commands, x: number, y: number, scale: number): string => {
  let path = '';
  for (const { command, args } of commands) {
    path += LETTERS[command];
    for (let index = 0; index < args.length; index += 2) {
      path += `${index ? ' ' : ''}${thousandths(x + (args[index] as number) * scale)} ${thousandths(y - (args[index + 1] as number) * scale)}`;
    }
  }
  return path;
};

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
