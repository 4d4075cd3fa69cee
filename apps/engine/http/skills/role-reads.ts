import { Injectable } from '@nestjs/common';
import { told } from '#projections/small-groups.js';
import { readinessRanges, type HeldRange } from '#projections/small-readiness.js';
import { badgesOfRole, takesAll, type RoleBadge } from '#rules/role-badges.js';
import type { LocalizedText, Rule } from '#rules/rule.js';
import { LiveRules } from '../live-rules.js';
import { pageOf, type Page } from '../paging.js';
import { refuse } from '../problem.js';
import { SmallGroups, type Suppressed } from '../small-groups.js';
import { HeldBadges, type Holder } from './held-badges.js';
import { LEARNER_ORDER } from './skill-reads.js';

/** One of the badges of a role. */
interface PathwayBadge {
  /** Any of these: levels of a family. */
  readonly badges: readonly { readonly badge: string; readonly name: LocalizedText }[];
}

/** How far people are on the way to a role. */
export interface RoleReadiness {
  /** The badge that stands for the role. */
  readonly role: string;
  readonly name: LocalizedText;
  readonly badges: readonly PathwayBadge[];
  /** Learners who have the role now; null where that is not told. */
  readonly holders: number | null;
  /** How many learners hold how many of its badges; some numbers together where they are about few. */
  readonly ranges: readonly HeldRange[];
}

/** The roles, and how far people are on the way to each. */
export interface RolesReport extends Suppressed {
  readonly items: readonly RoleReadiness[];
}

/** A learner on the way to a role. */
export interface LearnerOnTheWay {
  readonly learner: string;
  readonly hasRole: boolean;
  readonly held: readonly { readonly badge: string; readonly award: string }[];
  /** What of the role's badges is not held; of each list one is enough. */
  readonly missing: readonly (readonly string[])[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isThere = ({ membership, held }: Holder): boolean => membership !== undefined || held.size > 0;

/** How far people are on the way to roles. */
@Injectable()
export class RoleReads {
  constructor(
    private readonly rules: LiveRules,
    private readonly groups: SmallGroups,
    private readonly held: HeldBadges,
  ) {}

  /** Every role that can be earned. */
  async roles(): Promise<RolesReport> {
    const [live, newest, holders, { badges: groups }] = await Promise.all([this.rules.rows(), this.rules.newest(), this.held.all(), this.groups.ofBadges()]);
    const rules = newest.map(({ document }) => document);
    const people = holders.filter(isThere).map(({ held }) => new Set(held.values()));
    const nameOf = (badge: string): LocalizedText => rules.find((rule) => rule.badge === badge)?.name ?? { und: badge };
    const items = live.flatMap(({ badge: role, document }): readonly RoleReadiness[] => {
      const { role: name } = document.design;
      const steps = badgesOfRole(document, rules);
      if (name === undefined || steps.length === 0) return [];
      const has = (badges: ReadonlySet<string>, step: RoleBadge): boolean => step.badges.some((badge) => badges.has(badge));
      const numbers = Array.from({ length: steps.length + 1 }, () => 0);
      for (const badges of people) {
        const many = steps.filter((step) => has(badges, step)).length;
        numbers[many] = (numbers[many] ?? 0) + 1;
      }
      // How many have any of several badges is told nowhere.
      const counted = steps.map((step) => ({ learners: people.filter((badges) => has(badges, step)).length, isTold: step.badges.length === 1 && groups.get(step.badges[0] ?? '')?.hiddenStates.active === false }));
      const own = groups.get(role);
      const isRoleTold = own !== undefined && !own.hiddenStates.active;
      return [{
        role,
        name,
        badges: steps.map(({ badges }) => ({ badges: badges.map((badge) => ({ badge, name: nameOf(badge) })) })),
        holders: told(own?.states.active.count ?? 0, own !== undefined && !isRoleTold),
        ranges: readinessRanges(numbers, counted, !takesAll(document) ? 'open' : isRoleTold ? 'told' : 'untold', this.groups.fewest),
      }];
    });
    return { items, ...this.groups.note(items.some(({ holders: many, ranges, badges }) => many === null || ranges.length <= badges.length)) };
  }

  /** The learners who hold so many of a role's badges: single persons. */
  async learners(role: string, { from, to }: { readonly from: number; readonly to: number }, limit: number, after: string | undefined): Promise<Page<LearnerOnTheWay>> {
    const [rules, holders] = await Promise.all([this.rules.newest(), this.held.all()]);
    const documents: readonly Rule[] = rules.map(({ document }) => document);
    const rule = documents.find(({ badge, design }) => badge === role && design.role !== undefined);
    if (!rule) throw refuse('not-found', `No badge "${role}" stands for a role.`);
    const steps = badgesOfRole(rule, documents);
    const counts = new Set(steps.flatMap(({ badges }) => badges));
    const found = holders.filter(isThere).flatMap((holder): readonly LearnerOnTheWay[] => {
      if (after !== undefined && holder.learner <= after) return [];
      const badges = new Set(holder.held.values());
      const missing = steps.filter((step) => !step.badges.some((badge) => badges.has(badge)));
      const many = steps.length - missing.length;
      if (many < from || many > to) return [];
      const held = [...holder.held].flatMap(([award, badge]) => (counts.has(badge) ? [{ badge, award }] : [])).sort((a, b) => byText(a.badge, b.badge) || byText(a.award, b.award));
      return [{ learner: holder.learner, hasRole: badges.has(role), held, missing: missing.map((step) => step.badges) }];
    });
    return pageOf(found.sort((a, b) => byText(a.learner, b.learner)).slice(0, limit + 1), limit, LEARNER_ORDER, (one) => one);
  }
}
