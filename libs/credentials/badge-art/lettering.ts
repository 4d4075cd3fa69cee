/** The outline of one glyph in ems: right, and up from the baseline. */
export interface Glyph {
  readonly advance: number;
  readonly commands: readonly { readonly letter: 'M' | 'L' | 'Q' | 'C' | 'Z'; readonly points: readonly number[] }[];
}

/** Letters as outlines, so that a drawing looks the same where the font is not installed. */
export interface Lettering {
  /** Whether there is a glyph for the character. */
  readonly has: (character: string) => boolean;
  /** The glyphs of a line, kerned, in order from left to right. */
  readonly shape: (line: string) => readonly Glyph[];
}
