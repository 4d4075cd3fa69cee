import type { AwardState } from '#domain/award.js';
import type { CriterionVerdict } from '#domain/verdict.js';
import { closenessOf, labelOf, missingOf } from '#rules/explain.js';
import { requiredOf } from '#rules/prerequisites.js';
import type { Criterion, Level, LocalizedText, Rule } from '#rules/rule.js';
import type { Missing, Names, Words } from '#rules/words.js';

/** How a badge stands on the way to a role: held; begun; not begun; not to be had any more; had, and not any more. */
export type StepState = 'earned' | 'in-progress' | 'open' | 'out-of-reach' | 'lost';

/** How far a learner is with a badge. */
export interface Standing {
  readonly state: StepState;
  /** From 0 to 1; 1 where it is held. */
  readonly closeness: number;
  /** It is held, or can still be earned as far as is known. */
  readonly possible: boolean;
  /** Of the conditions that must hold together; absent where nothing was judged, as before the learner takes the course. */
  readonly criteriaMet?: number;
  readonly criteriaTotal?: number;
  /** The award that is held, or the last one that was. */
  readonly award?: { readonly award: string; readonly status: AwardState };
}

/** A badge on the way to a role, and how far the learner is with it. */
export interface PathwayStep extends Standing {
  readonly badge: string;
  readonly name: LocalizedText;
  readonly criteriaText: LocalizedText;
  readonly course: string;
  readonly level?: Level;
}

/** A place on the way: one badge, or the levels of one thing, the lowest first. */
export interface PathwayPlace {
  readonly steps: readonly PathwayStep[];
}

/** A part of the way: what a role asks for, or badges beside it that lead there. */
export interface PathwayStop {
  /** `asked`: the role rests on it. `along`: it belongs to the way, and the role does not ask for it. */
  readonly kind: 'asked' | 'along';
  readonly label: Words;
  /** `earned` where what is asked is there. */
  readonly state: Exclude<StepState, 'lost'>;
  /** From 0 to 1. */
  readonly closeness: number;
  /** How many badges, or parts, are there and are needed. */
  readonly value: number;
  readonly needed: number;
  /** What is asked beside badges and still missing, like an approval. */
  readonly missing: Missing | null;
  /** Empty where it asks for something else than badges. */
  readonly places: readonly PathwayPlace[];
  /** Alternatives, each a way of its own. */
  readonly parts: readonly PathwayStop[];
}

/** The way to a role. */
export interface Pathway {
  /** The badge of the role. */
  readonly badge: string;
  readonly role: LocalizedText;
  readonly step: PathwayStep;
  /** In the order in which the role's author named them, what leads there first. */
  readonly stops: readonly PathwayStop[];
}

/** What a pathway is drawn from. */
export interface PathwayInput {
  /** The role's rule. */
  readonly rule: Rule;
  /** How the role's criteria stand now. */
  readonly root: CriterionVerdict;
  /** The newest version of each rule by its badge. */
  readonly rules: ReadonlyMap<string, Rule>;
  /** Badges that nobody earns any more. */
  readonly isGone: (badge: string) => boolean;
  readonly standingOf: (badge: string) => Standing;
  readonly names: Names;
}

const ALONG: Words = { en: 'Leads there', ko: '함께하면 도움이 되는 배지' };

const byRank = (a: Rule, b: Rule): number => (a.design.level?.rank ?? 0) - (b.design.level?.rank ?? 0);

/** Badges by the place that they share: those of one family of levels stand together, where the first of them does. */
const placesOf = (badges: Iterable<string>, { rules, standingOf }: PathwayInput): readonly PathwayPlace[] => {
  const places = new Map<string, Rule[]>();
  for (const badge of badges) {
    const rule = rules.get(badge);
    if (!rule) continue;
    const { level } = rule.design;
    const key = level ? `level ${level.of}` : `badge ${badge}`;
    places.set(key, [...(places.get(key) ?? []), rule]);
  }
  return [...places.values()].map((family) => ({ steps: family.sort(byRank).map((rule) => stepOf(rule, standingOf(rule.badge))) }));
};

const stepOf = ({ badge, name, criteriaText, course, design: { level } }: Rule, standing: Standing): PathwayStep => ({
  badge, name, criteriaText, course, ...(level && { level }), ...standing,
});

const hundredths = (share: number): number => Math.round(share * 100) / 100;

/** How far somebody is with so many of some things: the nearest ones count. */
const stateOf = (things: readonly Pick<Standing, 'closeness' | 'possible'>[], needed: number): Pick<PathwayStop, 'state' | 'closeness'> => {
  const nearest = [...things].sort((a, b) => Number(b.possible) - Number(a.possible) || b.closeness - a.closeness).slice(0, needed);
  const closeness = needed === 0 ? 1 : nearest.reduce((sum, thing) => sum + thing.closeness, 0) / needed;
  if (nearest.length < needed || nearest.some(({ possible }) => !possible)) return { state: 'out-of-reach', closeness: hundredths(closeness) };
  return { state: closeness > 0 ? 'in-progress' : 'open', closeness: hundredths(closeness) };
};

const stopOf = (criterion: Criterion, verdict: CriterionVerdict, input: PathwayInput): PathwayStop => {
  const { met, value, needed } = verdict;
  const badges = 'leaf' in criterion ? requiredOf([criterion.leaf], [...input.rules.values()]) : new Set<string>();
  const missing = met || badges.size > 0 ? null : missingOf(criterion, verdict, input.names);
  const parts = 'parts' in criterion ? partsOf(criterion.parts, verdict, input) : [];
  const things =
    badges.size > 0 ? [...badges].map(input.standingOf)
    : parts.length > 0 ? parts.map(({ state, closeness }) => ({ closeness, possible: state !== 'out-of-reach' }))
    : [{ closeness: closenessOf(verdict), possible: missing?.impossible !== true }];
  return {
    kind: 'asked',
    label: labelOf(criterion, input.names),
    ...(met ? { state: 'earned', closeness: 1 } : stateOf(things, badges.size > 0 || parts.length > 0 ? needed : 1)),
    value,
    needed,
    missing,
    places: placesOf(badges, input),
    parts,
  };
};

const partsOf = (parts: readonly Criterion[], { parts: found = [] }: CriterionVerdict, input: PathwayInput): readonly PathwayStop[] =>
  parts.flatMap((part, i) => {
    const verdict = found[i];
    return verdict ? [stopOf(part, verdict, input)] : [];
  });

const badgesIn = ({ places, parts }: PathwayStop): readonly string[] => [...places.flatMap(({ steps }) => steps.map(({ badge }) => badge)), ...parts.flatMap(badgesIn)];

/** Badges that name the role as theirs, without the role asking for them. */
const alongside = (asked: readonly PathwayStop[], input: PathwayInput): readonly PathwayStop[] => {
  const known = new Set(asked.flatMap(badgesIn));
  const belongs = ({ badge, design }: Rule): boolean => design.pathway === input.rule.badge && badge !== input.rule.badge && !known.has(badge) && !input.isGone(badge);
  const badges = [...input.rules.values()].filter(belongs).map(({ badge }) => badge);
  const places = placesOf(badges, input);
  if (places.length === 0) return [];
  const steps = places.flatMap((place) => place.steps);
  const value = steps.filter(({ state }) => state === 'earned').length;
  const needed = steps.length;
  return [{ kind: 'along', label: ALONG, ...(value === needed ? { state: 'earned', closeness: 1 } : stateOf(steps, needed)), value, needed, missing: null, places, parts: [] }];
};

/** Draws the way to a role: what its criteria ask for, in the author's order, with how far the learner is at each. */
export const pathwayOf = (input: PathwayInput): Pathway => {
  const { rule, root, standingOf } = input;
  const asked = 'group' in rule.criteria && rule.criteria.group === 'all' ? partsOf(rule.criteria.parts, root, input) : [stopOf(rule.criteria, root, input)];
  return { badge: rule.badge, role: rule.design.role ?? rule.name, step: stepOf(rule, standingOf(rule.badge)), stops: [...alongside(asked, input), ...asked] };
};

const FIRST: Readonly<Record<StepState, number>> = { 'in-progress': 0, lost: 1, open: 2, earned: 3, 'out-of-reach': 4 };

/** Ways that can be gone first, the closest before the others; what is reached and what cannot be reached any more last. */
export const byPathway = ({ badge: a, step: one }: Pathway, { badge: b, step: other }: Pathway): number =>
  FIRST[one.state] - FIRST[other.state] || other.closeness - one.closeness || (a < b ? -1 : 1);
