import type { CriterionNode } from './criterion.js';
import { leavesOf } from './evaluate.js';
import type { Rule } from './rule.js';

/** What a rule asks for of other badges. */
export interface Prerequisites {
  /** Badges by name. */
  readonly badges: ReadonlySet<string>;
  /** Any badge of a level family, from a rank on. */
  readonly levels: readonly { readonly of: string; readonly fromRank: number }[];
}

/** The badges that a rule's criteria look at. */
export const prerequisitesOf = ({ criteria }: Rule): Prerequisites => prerequisitesIn(leavesOf(criteria));

const prerequisitesIn = (leaves: readonly CriterionNode[]): Prerequisites => {
  const badges = new Set<string>();
  const levels: { readonly of: string; readonly fromRank: number }[] = [];
  for (const { selects } of leaves) {
    for (const { type, activities, kind, minRank } of selects) {
      if (type !== 'BadgeHeld') continue;
      for (const badge of activities ?? []) badges.add(badge);
      if (!activities && kind !== undefined) levels.push({ of: kind, fromRank: minRank ?? -Infinity });
    }
  }
  return { badges, levels };
};

/** Whether a rule's criteria look at badges. */
export const asksForBadges = ({ criteria }: Rule): boolean => leavesOf(criteria).some(({ selects }) => selects.some(({ type }) => type === 'BadgeHeld'));

/** The badges that the rules' prerequisites name, and those of the level families that they name. */
export const allPrerequisites = (rules: readonly Rule[]): ReadonlySet<string> => {
  const badges = new Set<string>();
  const families = new Set<string>();
  for (const rule of rules) {
    const asked = prerequisitesOf(rule);
    for (const badge of asked.badges) badges.add(badge);
    for (const { of } of asked.levels) families.add(of);
  }
  // Whatever its rank: another version of the rule may give it another one.
  for (const { badge, design: { level } } of rules) if (level && families.has(level.of)) badges.add(badge);
  return badges;
};

/**
 * Badges of which each asks for the next and the last for the first, so that none of them could ever be earned or lost
 * in order; undefined where there is no such cycle. `rules` are the live ones, one for each badge.
 */
export const findCycle = (rules: readonly Rule[]): readonly string[] | undefined => {
  const next = new Map(rules.map((rule) => [rule.badge, requiredBadges(rule, rules)]));
  const done = new Set<string>();
  for (const { badge: start } of rules) {
    /** From the start to where the search is, each with the badges that are still to be followed from there. */
    const path = new Map<string, string[]>();
    const enter = (badge: string): void => void path.set(badge, [...(next.get(badge) ?? [])]);
    if (done.has(start)) continue;
    const open = [start];
    enter(start);
    for (let badge = open.at(-1); badge !== undefined; badge = open.at(-1)) {
      const following = path.get(badge)?.pop();
      if (following === undefined) {
        done.add(badge);
        path.delete(badge);
        open.pop();
      } else if (path.has(following)) {
        return open.slice(open.indexOf(following));
      } else if (!done.has(following)) {
        enter(following);
        open.push(following);
      }
    }
  }
  return undefined;
};

/** The badges that can meet what a rule asks for; those of a level family are looked up among some rules. */
export const requiredBadges = (rule: Rule, rules: readonly Rule[]): ReadonlySet<string> => requiredOf(leavesOf(rule.criteria), rules);

/** The badges that can meet what some leaves of a rule ask for, as `requiredBadges`. */
export const requiredOf = (leaves: readonly CriterionNode[], rules: readonly Rule[]): ReadonlySet<string> => {
  const { badges, levels } = prerequisitesIn(leaves);
  const found = new Set(badges);
  for (const { of, fromRank } of levels) {
    for (const { badge, design: { level } } of rules) if (level?.of === of && level.rank >= fromRank) found.add(badge);
  }
  return found;
};

/** A rule version that would close a circle, with the way from its badge back to it. */
export interface Circular<Version> {
  readonly version: Version;
  readonly way: readonly string[];
}

/**
 * The rule versions that would close a circle with those before them in the list, so that badges could give and take each
 * other without end. `newest` are the rules by which badges have their levels.
 */
export const circularVersions = <Version extends { readonly rule: Rule }>(versions: Iterable<Version>, newest: readonly Rule[]): readonly Circular<Version>[] => {
  const next = new Map<string, Set<string>>();
  const circular: Circular<Version>[] = [];
  for (const version of versions) {
    const { badge } = version.rule;
    const required = requiredBadges(version.rule, newest);
    const way = wayTo(badge, required, next);
    if (way) {
      circular.push({ version, way: [badge, ...way] });
      continue;
    }
    for (const one of required) next.set(badge, (next.get(badge) ?? new Set()).add(one));
  }
  return circular;
};

/** A shortest way from one of some badges to another one. */
const wayTo = (badge: string, starts: Iterable<string>, next: ReadonlyMap<string, Iterable<string>>): readonly string[] | undefined => {
  const from = new Map<string, string | undefined>();
  for (const start of starts) from.set(start, undefined);
  for (const here of from.keys()) {
    if (here === badge) {
      const way: string[] = [];
      for (let at: string | undefined = here; at !== undefined; at = from.get(at)) way.unshift(at);
      return way;
    }
    for (const one of next.get(here) ?? []) if (!from.has(one)) from.set(one, here);
  }
  return undefined;
};
