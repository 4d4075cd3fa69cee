import { badgeArt } from '#credentials/badge-art/badge-art.js';
import type { Lettering } from '#credentials/badge-art/lettering.js';
import { pretendardLettering } from '#credentials/badge-art/pretendard-lettering.js';
import { subjectOfRule } from '#credentials/badge-art/subject-of-rule.js';
import type { Rule } from '#rules/rule.js';

let lettering: Lettering | undefined;

/** The picture of a rule's badge in a language, SVG; without its name it is a mark, for small sizes. */
export const badgePicture = (rule: Rule, language: string, withName = true): string =>
  badgeArt(subjectOfRule(rule, language), (lettering ??= pretendardLettering()), { withName });
