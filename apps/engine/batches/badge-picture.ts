import { badgeArt } from '#credentials/badge-art/badge-art.js';
import type { Lettering } from '#credentials/badge-art/lettering.js';
import { subjectOfRule } from '#credentials/badge-art/subject-of-rule.js';
import type { Rule } from '#rules/rule.js';

let opened: Promise<Lettering> | undefined;
/** The letters are read with the first picture: their reader takes a while to load. */
const lettering = (): Promise<Lettering> => (opened ??= import('#credentials/badge-art/pretendard-lettering.js').then(({ pretendardLettering }) => pretendardLettering()));

/** How a badge's picture is made. */
export interface PictureOptions {
  /** Its place among the variants of its issuer's badges, from `variantPlaces`. */
  readonly place: number | undefined;
  /** Without its name it is a mark, for small sizes. */
  readonly withName?: boolean;
}

/** The picture of a rule's badge in a language, SVG. */
export const badgePicture = async (rule: Rule, language: string, { place, withName = true }: PictureOptions): Promise<string> =>
  badgeArt(subjectOfRule(rule, language, place), await lettering(), { withName });
