import type { CriterionVerdict } from '#domain/verdict.js';
import type { CriterionNode } from '#rules/criterion.js';
import type { Step } from '#rules/explain.js';
import type { Criterion, LocalizedText, Rule } from '#rules/rule.js';
import type { Words } from '#rules/words.js';

/** A badge by its name. */
export interface NamedBadge {
  readonly badge: string;
  readonly name: LocalizedText;
}

/** The one step that helps most. */
export interface NextStep {
  readonly text: Words;
  readonly course: string;
  /** Badges that it completes or brings closer, the former first. */
  readonly helps: readonly (NamedBadge & { readonly completes: boolean })[];
  /** Roles to which these badges lead. */
  readonly roles: readonly NamedBadge[];
}

/** A badge in reach with the steps that are left for it. */
export interface Candidate {
  readonly rule: Rule;
  readonly root: CriterionVerdict;
  readonly steps: readonly Step[];
  readonly closeness: number;
}

/** A thing to do, with the badges that it would be for. */
interface Deed {
  readonly step: Step;
  readonly candidate: Candidate;
}

/** The leaf that a step is for. */
const leafAt = (criterion: Criterion, verdict: CriterionVerdict, path: string): CriterionNode | undefined => {
  if ('leaf' in criterion) return verdict.path === path ? criterion.leaf : undefined;
  for (const [i, part] of criterion.parts.entries()) {
    const found = verdict.parts?.[i];
    const leaf = found && leafAt(part, found, path);
    if (leaf) return leaf;
  }
  return undefined;
};

/** Criteria that ask for the same of the same facts are met by the same deed, each with as much as it needs. */
const deedKey = ({ rule, root }: Candidate, { path }: Step): string | undefined => {
  const leaf = leafAt(rule.criteria, root, path);
  // Earning another badge is what other steps are for.
  if (!leaf || leaf.selects.some(({ type }) => type === 'BadgeHeld')) return undefined;
  return JSON.stringify([rule.course, leaf.keyword, leaf.selects]);
};

const deedsOf = (candidates: readonly Candidate[]): readonly (readonly Deed[])[] => {
  const deeds = new Map<string, Deed[]>();
  for (const candidate of candidates) {
    for (const step of candidate.steps) {
      const key = step.impossible ? undefined : deedKey(candidate, step);
      if (key !== undefined) deeds.set(key, [...(deeds.get(key) ?? []), { candidate, step }]);
    }
  }
  return [...deeds.values()];
};

interface Weighed {
  /** The deed as it is told: the least that completes something, else for what is closest. */
  readonly told: Deed;
  readonly helps: NextStep['helps'];
  readonly roles: readonly NamedBadge[];
}

const named = ({ badge, name }: Rule): NamedBadge => ({ badge, name });
const isLast = ({ candidate }: Deed): boolean => candidate.steps.length === 1;

const weigh = (deeds: readonly Deed[], rolesOf: (badge: string) => readonly Rule[]): readonly Weighed[] => {
  const nearest = [...deeds].sort((a, b) => Number(isLast(b)) - Number(isLast(a)) || b.candidate.closeness - a.candidate.closeness || a.step.amount - b.step.amount);
  const [told] = nearest;
  if (!told) return [];
  const roles = new Map(deeds.flatMap(({ candidate: { rule } }) => rolesOf(rule.badge)).map((rule) => [rule.badge, named(rule)]));
  const helps = nearest.map((deed) => ({ ...named(deed.candidate.rule), completes: isLast(deed) && deed.step.amount <= told.step.amount }));
  return [{ told, helps: [...helps.filter((one) => one.completes), ...helps.filter((one) => !one.completes)], roles: [...roles.values()] }];
};

const weight = ({ helps, roles }: Weighed): number => helps.length + roles.length;
const completed = ({ helps }: Weighed): number => helps.filter(({ completes }) => completes).length;

/**
 * The one step that helps the most badges and roles; of equals the one that completes more of them, then the one for what is closest.
 * Undefined where nothing is left that the learner could do. @param rolesOf the roles that are not held yet and still ask for a badge
 */
export const nextStepOf = (candidates: readonly Candidate[], rolesOf: (badge: string) => readonly Rule[]): NextStep | undefined => {
  const [best] = deedsOf(candidates)
    .flatMap((deeds) => weigh(deeds, rolesOf))
    .sort((a, b) => weight(b) - weight(a) || completed(b) - completed(a) || b.told.candidate.closeness - a.told.candidate.closeness);
  if (!best) return undefined;
  const { told, helps, roles } = best;
  return { text: told.step.text, course: told.candidate.rule.course, helps, roles };
};
