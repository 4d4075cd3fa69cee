import type { Rule } from '#rules/rule.js';
import type { OutlineKind } from './outline.js';
import { drawsFrom, whole } from './seed.js';

/** Which rings of a badge are ink with light lines on it, from the edge to the middle; the others are paper. */
export interface Zones {
  readonly band: boolean;
  readonly pattern: boolean;
  readonly medal: boolean;
}

/** What tells a badge from others of its family at a glance, besides its icon, name and pattern. */
export interface Variant {
  readonly outline: OutlineKind;
  readonly zones: Zones;
  /** Which of the two tones of its ink; metals have one. */
  readonly tone: 0 | 1;
}

/** Badges that look related, since their outline says the same: a level, a role, or neither. */
export type Family = 'bronze' | 'silver' | 'gold' | 'role' | 'plain';

/** What of a badge settles its family. */
export interface Standing {
  readonly level?: { readonly rank: number };
  readonly role?: boolean;
}

/** The family of a badge: levels beyond the highest that is drawn, and below the lowest, look like those. */
export const familyOf = ({ level, role }: Standing): Family => {
  if (level !== undefined) return level.rank <= 1 ? 'bronze' : level.rank < 3 ? 'silver' : 'gold';
  return role === true ? 'role' : 'plain';
};

// All three of paper would be pale, all three of ink is what a role looks like from the other side, and a band of ink around a
// pattern of ink would be lost on marks.
const ZONES = ['ppi', 'ipi', 'pip', 'ipp', 'pii'].map((rings): Zones => ({ band: rings[0] === 'i', pattern: rings[1] === 'i', medal: rings[2] === 'i' }));
const TONES = [0, 1] as const;

const drawnIn = (outlines: readonly OutlineKind[], tones: readonly (0 | 1)[]): readonly Variant[] =>
  outlines.flatMap((outline) => tones.flatMap((tone) => ZONES.map((zones): Variant => ({ outline, tone, zones }))));

const VARIANTS: Readonly<Record<Family, readonly Variant[]>> = {
  bronze: drawnIn(['circle'], [0]),
  silver: drawnIn(['hexagon'], [0]),
  gold: drawnIn(['seal'], [0]),
  role: drawnIn(['scalloped'], TONES),
  plain: drawnIn(['plaque', 'octagon'], TONES),
};

/** Where a badge begins to look for a variant of its own. */
const ownPlace = (badge: string): number => whole(drawsFrom(`variant of ${badge}`), 0, 0xffffffff);

/** How a badge is drawn that has this place among the variants of its family; the one that its id says where it has none. */
export const variantOf = (standing: Standing, badge: string, place = ownPlace(badge)): Variant => {
  const variants = VARIANTS[familyOf(standing)];
  return variants[place % variants.length] as Variant;
};

/**
 * The places of badges among the variants of their families, so that no two of one issuer's look alike while there are
 * variants left. `firsts` are the first versions of their rules in the order of publication: a badge gives way to those
 * before it and never to later ones, and what later versions say moves nobody.
 */
export const variantPlaces = (firsts: Iterable<Rule>): ReadonlyMap<string, number> => {
  const places = new Map<string, number>();
  const taken = new Map<string, number[]>();
  for (const { badge, design: { issuer = '', level, role } } of firsts) {
    const family = familyOf({ ...(level && { level }), role: role !== undefined });
    const { length } = VARIANTS[family];
    const group = JSON.stringify([issuer, family]);
    const times = taken.get(group) ?? Array.from({ length }, () => 0);
    taken.set(group, times);
    const least = Math.min(...times);
    let place = ownPlace(badge) % length;
    while (times[place] !== least) place = (place + 1) % length;
    times[place] = least + 1;
    places.set(badge, place);
  }
  return places;
};
