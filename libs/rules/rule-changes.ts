import { canonicalJson } from '#domain/ids.js';
import { kindOf } from './criteria/all.js';
import { matchLeaves, type PlacedLeaf } from './matching-leaves.js';
import type { Criterion, LocalizedText, Rule } from './rule.js';
import { date, span, type Names, type Words } from './words.js';

/** A part of a rule that differs between two versions; null on the side that does not have it. */
export interface RuleChange {
  /** The key in the file; for a criterion its place too. */
  readonly part: string;
  readonly before: Words | null;
  readonly after: Words | null;
}

const same = (text: string): Words => ({ en: text, ko: text });

const localized = (text: LocalizedText | undefined): Words | null => {
  if (text === undefined) return null;
  const languages = Object.entries(text);
  if (languages.length === 1) return same(languages[0]?.[1] ?? '');
  return same(languages.map(([language, words]) => `${language}: ${words}`).join('; '));
};

const valueOf = (value: unknown): Words | null =>
  value === undefined || value === '' ? null : same(typeof value === 'string' ? value : canonicalJson(value));

const decidesOf = ({ decides }: Rule): Words => {
  if (decides.mode !== 'at-close') return same(decides.mode);
  return same(`at-close: ${typeof decides.of === 'string' ? decides.of : `course-day ${decides.of.courseDay}`}`);
};

const validityOf = ({ validity }: Rule): Words | null => {
  if (!validity) return null;
  const { en, ko } = span(validity.for);
  return { en: `for ${en}, renewal: ${validity.renewal}`, ko: `${ko}, renewal: ${validity.renewal}` };
};

/** As in the file: days by their dates. */
const recursOf = ({ recurs }: Rule): Words | null =>
  valueOf(recurs && 'terms' in recurs ? { terms: recurs.terms.map(({ name, from, to }) => ({ name, from: date(from), to: date(to) })) } : recurs);

/** The parts of a rule besides its criteria, by their keys in the file, in its order. */
const partsOf = (rule: Rule): Readonly<Record<string, Words | null>> => {
  const { design } = rule;
  return {
    name: localized(rule.name),
    'criteria-text': localized(rule.criteriaText),
    course: valueOf(rule.course),
    decides: decidesOf(rule),
    'when-corrected': valueOf(rule.whenCorrected),
    hold: rule.hold === undefined ? null : span(rule.hold),
    recurs: recursOf(rule),
    validity: validityOf(rule),
    stakes: valueOf(rule.stakes),
    competency: localized(design.competency),
    alignments: valueOf(design.alignments),
    level: valueOf(design.level),
    image: valueOf(design.image),
    tags: valueOf(design.tags),
    issuer: valueOf(design.issuer),
    evidence: localized(design.evidence),
    pathway: valueOf(design.pathway),
    role: localized(design.role),
  };
};

/** How leaves are combined, whatever they are. */
const groupingOf = (criterion: Criterion): Words => {
  if ('leaf' in criterion) return same(criterion.leaf.keyword);
  const group = criterion.group === 'some' ? `at least ${criterion.atLeast} of` : criterion.group;
  return same(`${group}(${criterion.parts.map((part) => groupingOf(part).en).join(', ')})`);
};

const criteriaChanges = (before: Rule, after: Rule, names: Names): readonly RuleChange[] => {
  const words = (leaf: PlacedLeaf | undefined): Words | null => (leaf ? kindOf(leaf.node.keyword).label(leaf.node, names) : null);
  const leaves = matchLeaves(before.criteria, after.criteria).flatMap((pair): readonly RuleChange[] => {
    if (pair.before && pair.after && canonicalJson(pair.before.node) === canonicalJson(pair.after.node)) return [];
    return [{ part: `criteria ${pair.after?.path ?? pair.before?.path ?? ''}`, before: words(pair.before), after: words(pair.after) }];
  });
  if (leaves.length > 0 || canonicalJson(before.criteria) === canonicalJson(after.criteria)) return leaves;
  return [{ part: 'criteria', before: groupingOf(before.criteria), after: groupingOf(after.criteria) }];
};

/** What differs between two versions of a rule, part by part, in words. */
export const ruleChanges = (before: Rule, after: Rule, names: Names): readonly RuleChange[] => {
  const [earlier, later] = [partsOf(before), partsOf(after)];
  const parts = Object.keys(later).flatMap((part): readonly RuleChange[] => {
    const [was, is] = [earlier[part] ?? null, later[part] ?? null];
    return was?.en === is?.en ? [] : [{ part, before: was, after: is }];
  });
  return [...parts, ...criteriaChanges(before, after, names)];
};
