import { drawnName, plainName } from './badge-name.js';
import { fieldOf } from './fields.js';
import { guilloche, plait, type Strand } from './guilloche.js';
import { laurel } from './laurel.js';
import type { Lettering } from './lettering.js';
import { lucideIcon } from './lucide-icon.js';
import { OUTLINES } from './outline.js';
import { INKS, METALS, inverse, oneInk, type Palette } from './palette.js';
import { MIDDLE, circle, short } from './path.js';
import { ringText } from './ring-text.js';
import { drawsFrom, whole } from './seed.js';
import { familyOf, variantOf } from './variant.js';

/** What of an achievement its badge shows. */
export interface BadgeSubject {
  /** Id of the achievement: the seed of the pattern. */
  readonly id: string;
  /** The name in the language of the badge. */
  readonly name: string;
  /** A BCP 47 tag. */
  readonly language: string;
  readonly level?: { readonly name: string; readonly rank: number };
  /** Whether it stands for a role rather than for one achievement. */
  readonly role?: boolean;
  /** Its place among the variants of its family (`variantPlaces`); the one that its id says where absent. */
  readonly place?: number;
  /** Name of a Lucide icon, where one was chosen. */
  readonly icon?: string;
  /** What tells its field. To look the same in each language, all of them are given: names, tags, and longer texts. */
  readonly words?: { readonly names?: readonly string[]; readonly tags?: readonly string[]; readonly longer?: readonly string[] };
}

/** How a badge is drawn. */
export interface BadgeArtStyle {
  /** Without the name it is a mark: bolder, for 96 pixels and less. */
  readonly withName?: boolean;
  /** One ink for everything, like `#000000`, on the paper that it is printed on. */
  readonly oneColour?: string;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

const stroke = (path: string, colour: string, width: number, more = ''): string => `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${short(width)}"${more}/>`;
const filled = (path: string, colour: string, more = ''): string => `<path d="${path}" fill="${colour}"${more}/>`;
const disc = (radius: number, colour: string): string => `<circle cx="${String(MIDDLE)}" cy="${String(MIDDLE)}" r="${short(radius)}" fill="${colour}"/>`;
const ring = (radius: number, colour: string, width: number, more = ''): string =>
  `<circle cx="${String(MIDDLE)}" cy="${String(MIDDLE)}" r="${short(radius)}" fill="none" stroke="${colour}" stroke-width="${short(width)}"${more}/>`;

const annulus = (outer: number, inner: number, colour: string): string => filled(`${circle(outer)}${circle(inner)}`, colour, ' fill-rule="evenodd"');

const turned = (strands: readonly Strand[], prefix: string, palette: Palette, width: number, strength: number): string =>
  strands.map(({ path, copies, turn, faint }, index) => {
    const id = `${prefix}s${String(index)}`;
    const uses = Array.from({ length: copies - 1 }, (_, copy) => `<use href="#${id}" transform="rotate(${short(turn * (copy + 1))} ${String(MIDDLE)} ${String(MIDDLE)})"/>`);
    return `<g fill="none" stroke="${palette.line}" stroke-width="${short(faint ? width * 0.7 : width)}" opacity="${short(faint ? strength * 0.5 : strength)}"><path id="${id}" d="${path}"/>${uses.join('')}</g>`;
  }).join('');

/** Draws the badge of an achievement as an SVG document of 1,024 by 1,024 units: the same bytes for the same arguments. */
export const badgeArt = (subject: BadgeSubject, lettering: Lettering, style: BadgeArtStyle = {}): string => {
  const family = familyOf(subject);
  const { outline: kind, tone, zones } = variantOf(subject, subject.id, subject.place);
  const outline = OUTLINES[kind];
  const { names = [subject.name], tags = [], longer = [] } = subject.words ?? {};
  const field = fieldOf(names, tags, longer);
  const icon = (subject.icon === undefined ? undefined : lucideIcon(subject.icon)) ?? lucideIcon(field.icon) ?? '';
  const printed = style.oneColour !== undefined;
  const metal = subject.level === undefined ? undefined : METALS[Math.min(Math.max(Math.trunc(subject.level.rank), 1), METALS.length) - 1];
  const ink = INKS[field.ink][tone];
  const coloured = metal ?? (family === 'role' ? inverse(ink) : ink);
  const palette = style.oneColour === undefined ? coloured : oneInk(style.oneColour);
  const name = style.withName === false ? undefined : drawnName(subject.name, lettering);
  const draw = drawsFrom(subject.id);
  const prefix = `b${whole(drawsFrom(JSON.stringify([subject, style])), 0, 0xffffffff).toString(36)}`;
  const { face, rim, inset } = outline;

  const defs: string[] = [];
  const parts: string[] = [];
  // Rim.
  const rimFill = palette.rim.length === 1 ? palette.rim[0] : `url(#${prefix}m)`;
  if (palette.rim.length > 1) {
    const stops = palette.rim.map((colour, index) => `<stop offset="${short(index / (palette.rim.length - 1))}" stop-color="${colour}"/>`).join('');
    defs.push(`<linearGradient id="${prefix}m" x1="0.1" y1="0" x2="0.9" y2="1">${stops}</linearGradient>`);
  }
  if (printed) {
    parts.push(stroke(inset(3), palette.deep, 6), stroke(inset(rim / 2 + 1), palette.deep, rim - 14, ' stroke-dasharray="3 6"'), stroke(inset(rim), palette.deep, 3));
  } else {
    parts.push(filled(inset(0), rimFill));
    parts.push(stroke(inset(7), palette.onDeep, 1.6, ' opacity="0.55"'));
    if (metal !== undefined) parts.push(stroke(inset(rim / 2 + 2), palette.deep, rim - 20, ' stroke-dasharray="1.6 5.4" opacity="0.45"'));
    defs.push(`<radialGradient id="${prefix}f"><stop offset="0.35" stop-color="${palette.face[0]}"/><stop offset="1" stop-color="${palette.face[1]}"/></radialGradient>`);
    parts.push(filled(inset(rim), palette.face[0] === palette.face[1] ? palette.face[0] : `url(#${prefix}f)`), stroke(inset(rim), palette.deep, 2.5));
  }
  parts.push(stroke(inset(rim + 8), palette.deep, 1.2, ' opacity="0.8"'));
  // Corners that the face leaves are ruled.
  if (kind === 'hexagon' || kind === 'plaque' || kind === 'octagon') {
    defs.push(`<clipPath id="${prefix}c"><path d="${inset(rim + 8)}"/></clipPath>`);
    const rules = Array.from({ length: 26 }, (_, index) => circle(face + 6 + index * 6)).join('');
    parts.push(`<g clip-path="url(#${prefix}c)">${stroke(rules, palette.line, 1.3, ' opacity="0.6"')}</g>`);
  }

  const named = name !== undefined;
  const band = named ? 92 : zones.band && !printed ? 48 : 0;
  const field_ = face - band;
  const medal = named ? 172 : face * 0.64;
  // What is printed in one ink is lines on paper alone.
  const { band: bandInk, pattern: patternInk, medal: medalInk } = printed ? { band: false, pattern: false, medal: false } : zones;
  const onBand = bandInk ? palette.onDeep : palette.deep;
  const onPattern = patternInk ? palette.onDeep : palette.deep;
  if (bandInk) parts.push(annulus(face, field_, palette.deep));
  if (patternInk) parts.push(annulus(field_, medal, palette.deep));
  if (named) {
    parts.push(ring(face, palette.deep, 2), ring(field_, palette.deep, 2), ring(field_ - 5, onPattern, 0.9));
    const middle = face - band / 2;
    const below = subject.level === undefined ? undefined : drawnName(subject.level.name, lettering);
    const levelText = below === undefined ? undefined : ringText(below, lettering, { radius: middle, edge: 'bottom', size: [46, 24], tracking: 0.16, room: 0.7 });
    const text = ringText(name, lettering, { radius: middle, edge: 'top', size: [60, 30], tracking: 0.09, room: levelText === undefined ? 2.5 : Math.PI - 0.35 - levelText.half });
    parts.push(filled(text.path, onBand));
    if (levelText !== undefined) parts.push(filled(levelText.path, onBand));
    const from = text.half + 0.1;
    const to = Math.PI - (levelText === undefined ? 0.05 : levelText.half + 0.1);
    if (to - from > 0.2) {
      const waves = whole(draw, 44, 72);
      const braid = plait(middle, 15, waves, from, to).join('') + plait(middle, 15, waves, -to, -from).join('');
      parts.push(stroke(braid, palette.line, 1.6));
    }
  }
  parts.push(turned(guilloche(draw, { inner: medal - 12, outer: field_ - 14 }, named ? 14 : 8), prefix, palette, named ? 1.3 : 3, patternInk ? 0.95 : 0.75));
  if (family === 'role') parts.push(filled(laurel((medal + field_) / 2, (field_ - medal) * 0.42, 11), onPattern));

  const iconSize = medal * 1.12;
  const strokeWidth = named ? 1.7 : 2;
  const onMedal = medalInk ? palette.onDeep : palette.deep;
  if (printed) parts.push(ring(medal, palette.deep, 4));
  else parts.push(disc(medal, medalInk ? palette.deep : palette.face[0]), ring(medal, patternInk ? palette.onDeep : palette.deep, medalInk === patternInk ? 6 : 2));
  parts.push(ring(medal - 9, onMedal, 1.4, ' opacity="0.7"'));
  parts.push(`<g transform="translate(${short(MIDDLE - iconSize / 2)} ${short(MIDDLE - iconSize / 2)}) scale(${short(iconSize / 24)})" fill="none" stroke="${onMedal}" stroke-width="${String(strokeWidth)}" stroke-linecap="round" stroke-linejoin="round">${icon}</g>`);

  const title = escaped([subject.name, subject.level?.name ?? ''].map(plainName).filter((text) => text !== '').join(' · '));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="1024" height="1024" viewBox="0 0 1024 1024" role="img"><title>${title}</title><defs>${defs.join('')}</defs>${parts.join('')}</svg>\n`;
};
