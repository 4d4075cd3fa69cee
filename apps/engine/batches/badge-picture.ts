import { artworkAsSvg, type Artwork } from '#credentials/artwork/safe-artwork.js';
import { badgeArt } from '#credentials/badge-art/badge-art.js';
import { plainName } from '#credentials/badge-art/badge-name.js';
import type { Lettering } from '#credentials/badge-art/lettering.js';
import { subjectOfRule } from '#credentials/badge-art/subject-of-rule.js';
import { inLanguage } from '#credentials/document/localized.js';
import type { Rule } from '#rules/rule.js';

let opened: Promise<Lettering> | undefined;
/** The letters are read with the first picture: their reader takes a while to load. */
const lettering = (): Promise<Lettering> => (opened ??= import('#credentials/badge-art/pretendard-lettering.js').then(({ pretendardLettering }) => pretendardLettering()));

/** How a badge's picture is made. */
export interface PictureOptions {
  /** Its place among the variants of its issuer's badges, from `variantPlaces`. */
  readonly place: number | undefined;
  /** What its design names; a picture is made where there is none, or it cannot be used. */
  readonly artwork: Artwork | undefined;
  /** Without its name it is a mark, for small sizes. */
  readonly withName?: boolean;
}

/** The picture of a rule's badge in a language, SVG: its artwork where there is some, else one that follows from its design. */
export const badgePicture = async (rule: Rule, language: string, { place, artwork, withName = true }: PictureOptions): Promise<string> =>
  artwork && 'png' in artwork
    ? artworkAsSvg(artwork.png, plainName(inLanguage(rule.name, language)))
    : badgeArt(subjectOfRule(rule, language, place), await lettering(), { withName });
