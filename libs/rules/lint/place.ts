import { canonicalJson } from '#domain/ids.js';
import { kindOf } from '../criteria/all.js';
import { leavesOf } from '../evaluate.js';
import { requiredBadges } from '../prerequisites.js';
import type { Criterion, Rule } from '../rule.js';
import type { Found } from './finding.js';
import type { Check, Subject } from './subject.js';
import { leavesIn, rootOf } from './tree.js';

const rulesAround = ({ around }: Subject): readonly Rule[] => (around.others ?? []).map(({ rule }) => rule);

/** The same tree without its thresholds. */
const outline = (criterion: Criterion): unknown => {
  if ('group' in criterion) return { ...criterion, parts: criterion.parts.map(outline) };
  const { keyword, selects, settings } = criterion.leaf;
  const free = kindOf(keyword).thresholds ?? [];
  return { keyword, selects, settings: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, free.includes(key) ? '' : value])) };
};

/** Thresholds that are harder to meet the higher they are; undefined where a tree has others. */
const thresholdsOf = ({ criteria }: Rule): readonly number[] | undefined => {
  const leaves = leavesIn(rootOf(criteria));
  if (leaves.some(({ node, negated }) => negated || node.settings['at-most'] !== undefined)) return undefined;
  return leavesOf(criteria).map(({ keyword, settings }) => kindOf(keyword).thresholdOf?.(settings) ?? 0);
};

/** Whether whoever earns the one earns the other: the same criteria with no higher threshold. */
const implies = (hard: Rule, easy: Rule): boolean => {
  const [high, low] = [thresholdsOf(hard), thresholdsOf(easy)];
  if (!high || !low || canonicalJson(outline(hard.criteria)) !== canonicalJson(outline(easy.criteria))) return false;
  return high.every((threshold, i) => threshold >= (low[i] ?? Infinity));
};

const sameFamily = (one: Rule, other: Rule): boolean => one.design.level !== undefined && one.design.level.of === other.design.level?.of;

const overlaps = (subject: Subject): readonly Found[] => {
  const { rule } = subject;
  return rulesAround(subject).flatMap((other): Found[] => {
    if (other.course !== rule.course || other.badge === rule.badge) return [];
    if (canonicalJson(other.criteria) === canonicalJson(rule.criteria)) {
      return [{ code: 'same-criteria', keys: ['criteria'], message: { en: `It has the same criteria as the badge “${other.badge}”`, ko: `배지 ‘${other.badge}’와 조건이 같음` } }];
    }
    if (sameFamily(rule, other)) return [];
    if (implies(rule, other)) {
      return [{ code: 'implied', keys: ['criteria'], message: { en: `Whoever earns it earns “${other.badge}” as well`, ko: `이 배지를 받으면 ‘${other.badge}’도 받게 됨` } }];
    }
    if (implies(other, rule)) {
      return [{ code: 'implied', keys: ['criteria'], message: { en: `Whoever earns “${other.badge}” earns it as well`, ko: `‘${other.badge}’를 받으면 이 배지도 받게 됨` } }];
    }
    return [];
  });
};

const levels = (subject: Subject): readonly Found[] => {
  const { rule, around } = subject;
  const { level } = rule.design;
  if (!level || !around.others) return [];
  const family = rulesAround(subject).filter((other) => other.badge !== rule.badge && sameFamily(rule, other));
  const found: Found[] = family
    .filter(({ design }) => design.level?.rank === level.rank)
    .map(({ badge }) => ({ code: 'level-taken', keys: ['level', 'rank'], message: { en: `“${badge}” has rank ${level.rank} of “${level.of}” as well`, ko: `‘${badge}’도 ‘${level.of}’의 순위 ${level.rank}임` } }));
  const below = family.flatMap(({ design }) => design.level?.rank ?? []);
  if (level.rank > 1 && !below.includes(level.rank - 1)) {
    found.push({ code: 'level-gap', keys: ['level', 'rank'], message: { en: `“${level.of}” has no level of rank ${level.rank - 1}`, ko: `‘${level.of}’에 순위 ${level.rank - 1} 단계가 없음` } });
  }
  return found;
};

/** A way from a badge over what it asks for back to itself; undefined where there is none. */
const cycleOf = (rule: Rule, rules: readonly Rule[]): readonly string[] | undefined => {
  const all = [...rules.filter(({ badge }) => badge !== rule.badge), rule];
  const ways: (readonly string[])[] = [[rule.badge]];
  const seen = new Set<string>();
  for (let way = ways.shift(); way; way = ways.shift()) {
    const last = all.find(({ badge }) => badge === way?.at(-1));
    for (const next of last ? requiredBadges(last, all) : []) {
      if (next === rule.badge) return [...way, next];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
};

/** Every badge of which anybody knows; undefined where nobody knows of any. */
const badgesKnown = (subject: Subject): ReadonlySet<string> | undefined => {
  const { rule, around } = subject;
  if (!around.others && !around.known?.badges) return undefined;
  return new Set([rule.badge, ...rulesAround(subject).map(({ badge }) => badge), ...(around.known?.badges ?? [])]);
};

const prerequisites = (subject: Subject): readonly Found[] => {
  const { rule, around } = subject;
  const known = badgesKnown(subject);
  const rules = [...rulesAround(subject), rule];
  const found: Found[] = [];
  const unknown = (keys: Found['keys'], en: string, ko: string): void => void found.push({ code: 'prerequisite-unknown', keys, message: { en, ko } });
  for (const { node, keys } of known ? leavesIn(rootOf(rule.criteria)) : []) {
    for (const { type, activities, kind, minRank } of node.selects) {
      if (type !== 'BadgeHeld') continue;
      for (const badge of activities ?? []) {
        if (!known?.has(badge)) unknown(keys, `It asks for a badge “${badge}”, which does not exist`, `존재하지 않는 배지 ‘${badge}’를 요구함`);
      }
      if (activities || kind === undefined || !around.others) continue;
      const level = minRank === undefined ? { en: '', ko: '' } : { en: ` of rank ${minRank} or higher`, ko: `(순위 ${minRank} 이상)` };
      if (!rules.some(({ design }) => design.level?.of === kind && design.level.rank >= (minRank ?? 1))) {
        unknown(keys, `It asks for a level of “${kind}”${level.en}, and no badge is one`, `‘${kind}’ 단계${level.ko}를 요구하지만 그런 배지가 없음`);
      }
    }
  }
  const cycle = cycleOf(rule, rules);
  if (cycle) found.push({ code: 'prerequisite-cycle', keys: ['criteria'], message: { en: `Badges ask for each other: ${cycle.join(' → ')}`, ko: `배지가 서로를 요구함: ${cycle.join(' → ')}` } });
  return found;
};

const pathway = (subject: Subject): readonly Found[] => {
  const { pathway: role } = subject.rule.design;
  const known = badgesKnown(subject);
  if (role === undefined || !known) return [];
  if (!known.has(role)) return [{ code: 'pathway-unknown', keys: ['pathway'], message: { en: `There is no badge “${role}”`, ko: `배지 ‘${role}’가 없음` } }];
  const rule = rulesAround(subject).find(({ badge }) => badge === role);
  if (!rule || rule.design.role) return [];
  return [{ code: 'pathway-no-role', keys: ['pathway'], message: { en: `The badge “${role}” stands for no role`, ko: `배지 ‘${role}’는 역할을 나타내지 않음` } }];
};

const twins = ({ rule, around }: Subject): readonly Found[] =>
  (around.others ?? [])
    .filter((other) => other.rule.badge === rule.badge && other.file !== undefined)
    .map(({ file }) => ({ code: 'badge-twice', keys: ['badge'], message: { en: `The badge “${rule.badge}” has a rule in ${file ?? ''} as well`, ko: `배지 ‘${rule.badge}’의 규칙이 ${file ?? ''}에도 있음` } }));

/** Where the badge stands among the others: overlaps, levels, prerequisites, pathways. */
export const placement: Check = (subject) => [
  ...twins(subject),
  ...overlaps(subject),
  ...levels(subject),
  ...prerequisites(subject),
  ...pathway(subject),
];
