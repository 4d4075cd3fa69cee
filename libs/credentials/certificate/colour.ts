/** Colours that certificates share: warm paper, ink, and one accent where the issuer names none. */
export const PAPER = '#fbfaf7';
export const INK = '#1b1f2a';
export const QUIET = '#5b6270';
export const LINE = '#e0dcd2';
const ACCENT = '#0b6e69';

type Rgb = readonly [number, number, number];
const rgb = (colour: string): Rgb => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as unknown as Rgb;
const hex = (channels: readonly number[]): string => `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, '0')).join('')}`;

/** The colour that lies between two: the first at 0, the second at 1. */
export const mixed = (from: string, to: string, share: number): string => {
  const end = rgb(to);
  return hex(rgb(from).map((channel, index) => channel + ((end[index] as number) - channel) * share));
};

/** Relative luminance (WCAG 2.2). */
const luminance = (colour: string): number => {
  const [red, green, blue] = rgb(colour).map((channel) => (channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4)) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** The contrast ratio of two colours (WCAG 2.2): 1 to 21. */
export const contrast = (one: string, other: string): number => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** The accent that an issuer wants, dark enough to be read on paper (4.5 : 1); the house's where it is no `#rrggbb`. */
export const accentOf = (wanted: string | undefined): string => {
  let accent = wanted !== undefined && /^#[0-9a-f]{6}$/iu.test(wanted) ? wanted.toLowerCase() : ACCENT;
  while (contrast(accent, PAPER) < 4.5) accent = mixed(accent, '#000000', 0.08);
  return accent;
};
