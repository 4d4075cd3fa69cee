import { createRequire } from 'node:module';
import { openSync } from 'fontkit';
import type { Glyph, Lettering } from './lettering.js';

const LETTERS = { moveTo: 'M', lineTo: 'L', quadraticCurveTo: 'Q', bezierCurveTo: 'C', closePath: 'Z' } as const;

/** The letters of badges: Pretendard SemiBold, which has Latin and Hangul, read from its package once. */
export const pretendardLettering = (): Lettering => {
  const font = openSync(createRequire(import.meta.url).resolve('pretendard/dist/public/static/alternative/Pretendard-SemiBold.ttf'));
  const em = font.unitsPerEm;
  return {
    has: (character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0),
    shape: (line) => {
      const run = font.layout(line);
      return run.glyphs.map((glyph, index): Glyph => ({
        advance: (run.positions[index]?.xAdvance ?? glyph.advanceWidth) / em,
        commands: glyph.path.commands.map(({ command, args }) => ({ letter: LETTERS[command], points: args.map((value) => value / em) })),
      }));
    },
  };
};
