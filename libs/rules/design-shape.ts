import type { BadgeDesign } from './rule.js';
import { integer, list, mapping, mentioned, optional, required, text, type Reading } from './shape.js';
import { ID, IMAGE, LOCALIZED, WEB_ADDRESS } from './text-shapes.js';

const ALIGNMENT = mapping({
  name: required(text(200), 'what the framework calls it'),
  url: required(WEB_ADDRESS, 'where the framework states it'),
  framework: required(text(200), 'CASE, ESCO, CTDL or the name of another framework'),
  code: optional(text(200), 'its code in the framework'),
});

const LEVEL = mapping({
  of: required(ID, 'what all levels have in common, an id'),
  name: required(LOCALIZED, 'what this level is called'),
  rank: required(integer({ min: 1, max: 100 }), 'its place, from 1; a higher one supersedes a lower one'),
});

/** The keys of a rule that say what its badge is, apart from when it is awarded. */
export const DESIGN_MEMBERS = {
  competency: optional(LOCALIZED, 'what its holder can do'),
  alignments: optional(list(ALIGNMENT, { min: 1, max: 50 }), 'the items of competency frameworks that it stands for'),
  level: optional(LEVEL, 'its place among badges for the same thing'),
  image: optional(IMAGE, 'its picture; one is made where absent'),
  tags: optional(list(text(100), { min: 1, max: 50 }), 'words to find it by'),
  issuer: optional(ID, "the id of the issuer's profile; the tenant's own where absent"),
  evidence: optional(LOCALIZED, 'what the evidence will show'),
  pathway: optional(mentioned('badge', ID), 'the id of the role badge whose pathway it belongs to'),
  role: optional(LOCALIZED, 'the role that the badge stands for: its criteria are the pathway'),
};

/** The design in a rule that was read. */
export const designOf = (reading: Reading<typeof DESIGN_MEMBERS>): BadgeDesign =>
  Object.fromEntries(Object.entries(reading).filter(([key]) => Object.hasOwn(DESIGN_MEMBERS, key)));
