import { badgeArt } from '#credentials/badge-art/badge-art.js';
import type { Lettering } from '#credentials/badge-art/lettering.js';
import { pretendardLettering } from '#credentials/badge-art/pretendard-lettering.js';
import { inLanguage } from '#credentials/document/localized.js';
import type { Rule } from '#rules/rule.js';

let lettering: Lettering | undefined;

/** The picture of a badge in a language, SVG. */
export const badgePicture = (rule: Rule, language: string): string => {
  const { badge, name, criteriaText, design: { level, role, tags, competency } } = rule;
  const words = { names: Object.values(name), ...(tags && { tags }), longer: [...Object.values(competency ?? {}), ...Object.values(criteriaText)] };
  return badgeArt(
    { id: badge, name: inLanguage(name, language), language, ...(level && { level: { name: inLanguage(level.name, language), rank: level.rank } }), ...(role && { role: true }), words },
    (lettering ??= pretendardLettering()),
  );
};
