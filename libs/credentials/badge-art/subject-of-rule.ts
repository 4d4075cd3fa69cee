import type { Rule } from '#rules/rule.js';
import { inLanguage } from '../document/localized.js';
import type { BadgeSubject } from './badge-art.js';

/** What the picture of a rule's badge shows in a language; its field follows from all languages, so that it is the same in each. */
export const subjectOfRule = ({ badge, name, design: { level, role, tags, competency } }: Rule, language: string, place?: number): BadgeSubject => ({
  id: badge,
  name: inLanguage(name, language),
  language,
  ...(level && { level: { rank: level.rank, name: inLanguage(level.name, language) } }),
  role: role !== undefined,
  ...(place !== undefined && { place }),
  words: { names: Object.values(name), tags: tags ?? [], longer: Object.values(competency ?? {}) },
});
