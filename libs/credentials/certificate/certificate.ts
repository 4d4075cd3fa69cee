/** The designs a certificate can have: two in landscape, `modern` in portrait. */
export const TEMPLATES = ['corporate', 'modern', 'classic'] as const;
export type Template = (typeof TEMPLATES)[number];

/** The languages that a certificate speaks. */
export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Everything that one printed certificate says: plain data, so that it can be sent to a worker. */
export interface Certificate {
  readonly template: Template;
  readonly language: Language;
  /** Left out where the credential names nobody: the badge then takes the place of the name. */
  readonly recipient?: string;
  readonly badge: string;
  readonly level?: string;
  /** For which month or term, of a badge that can be earned in each. */
  readonly period?: string;
  /** One sentence: what its holder can do. */
  readonly competence?: string;
  /** What had to be met; as much as there is room for is printed. Line breaks are kept. */
  readonly criteria: string;
  readonly issuer: string;
  /** The issuer's logo as PNG; one that cannot be drawn is left out. */
  readonly logo?: Uint8Array;
  readonly signatory?: { readonly name: string; readonly title?: string };
  /** `#rrggbb`; darkened where it could not be read on paper, the house colour where it is something else. */
  readonly accent?: string;
  /** ISO 8601 instants; printed as days in `timeZone`. */
  readonly awarded: string;
  readonly validUntil?: string;
  readonly timeZone: string;
  readonly course?: string;
  /** The 16 characters of the credential's public name. */
  readonly code: string;
  /** Where anybody can verify it: printed, and what a click leads to. */
  readonly verificationUrl: string;
  /** What the QR code says, where that is to be told apart; the same where absent. */
  readonly scanUrl?: string;
  /** The badge's picture: SVG that refers to nothing outside itself. */
  readonly art: string;
}
