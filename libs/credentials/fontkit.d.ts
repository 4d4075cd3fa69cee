/** What is used of fontkit, which has no types of its own. */
declare module 'fontkit' {
  interface FontGlyph {
    readonly id: number;
    /** The characters for which it stands. */
    readonly codePoints: readonly number[];
    readonly advanceWidth: number;
    readonly path: {
      readonly commands: readonly {
        readonly command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath';
        readonly args: readonly number[];
      }[];
    };
  }
  interface GlyphPosition {
    readonly xAdvance: number;
    readonly yAdvance: number;
    readonly xOffset: number;
    readonly yOffset: number;
  }
  interface GlyphRun {
    readonly glyphs: readonly FontGlyph[];
    readonly positions: readonly GlyphPosition[];
    readonly advanceWidth: number;
  }
  interface Font {
    readonly unitsPerEm: number;
    readonly capHeight: number;
    getGlyph(id: number, characters?: readonly number[]): FontGlyph | null;
    hasGlyphForCodePoint(codePoint: number): boolean;
    layout(text: string, features?: readonly string[] | Readonly<Record<string, boolean>>): GlyphRun;
  }
  export function openSync(path: string): Font;
  export function create(bytes: Uint8Array): Font;
}
