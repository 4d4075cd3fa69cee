/** How many shades there are; each is a fifth of the whole. */
export const SHADES = 5;

/** The shade of a share, from 0 for nobody to `SHADES` for everybody. */
export const shadeOf = (share: number): number => (share <= 0 ? 0 : Math.max(1, Math.min(SHADES, Math.ceil(share * SHADES - 1e-9))));

/** How much colour a shade has, in percent: text has to be read on the darkest. */
export const colourOf = (shade: number): number => shade * 10;

/** From which share to which a shade is, in whole percent. */
export const rangeOf = (shade: number): readonly [number, number] => (shade === 0 ? [0, 0] : [((shade - 1) * 100) / SHADES + 1, (shade * 100) / SHADES]);

/** The columns as they are shown: what most hold first, what is not told last. */
export const inOrder = <T extends { readonly learners: number | null }>(competencies: readonly T[]): readonly T[] => [...competencies].sort((a, b) => (b.learners ?? -1) - (a.learners ?? -1));

/** The badges that are left out of the figures. */
export const leftOut = <T extends { readonly leftOut?: boolean }>(competencies: readonly { readonly badges: readonly T[] }[]): readonly T[] => competencies.flatMap(({ badges }) => badges.filter((badge) => badge.leftOut === true));
