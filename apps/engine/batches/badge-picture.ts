import { artworkAsSvg, type Artwork } from '#credentials/artwork/safe-artwork.js';
import { badgeArt } from '#credentials/badge-art/badge-art.js';
import { plainName } from '#credentials/badge-art/badge-name.js';
import type { Lettering } from '#credentials/badge-art/lettering.js';
import { pretendardLettering } from '#credentials/badge-art/pretendard-lettering.js';
import { subjectOfRule } from '#credentials/badge-art/subject-of-rule.js';
import { inLanguage } from '#credentials/document/localized.js';
import type { Rule } from '#rules/rule.js';

let lettering: Lettering | undefined;

/** The picture of a rule's badge in a language, SVG: its artwork where there is some, else one that follows from its design; without its name that is a mark, for small sizes. */
export const badgePicture = (rule: Rule, language: string, artwork: Artwork | undefined, withName = true): string =>
  artwork && 'png' in artwork
    ? artworkAsSvg(artwork.png, plainName(inLanguage(rule.name, language)))
    : badgeArt(subjectOfRule(rule, language), (lettering ??= pretendardLettering()), { withName });
