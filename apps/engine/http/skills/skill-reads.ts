import { Injectable } from '@nestjs/common';
import { hideInDensity } from '#projections/small-density.js';
import { isSmall, told, type Fewest } from '#projections/small-groups.js';
import { competenciesOf, type Competency } from '#rules/competency.js';
import type { LocalizedText, Rule } from '#rules/rule.js';
import { LiveRules } from '../live-rules.js';
import { pageOf, type Ordering, type Page } from '../paging.js';
import { SmallGroups, type BadgeGroup, type Suppressed } from '../small-groups.js';
import { HeldBadges, type Holder } from './held-badges.js';

/** In which order the learners behind a figure are listed. */
export const LEARNER_ORDER: Ordering = { learner: 'text' };

/** Which part of the table is asked for: figures do not depend on it, so nothing follows from asking twice. */
export interface SkillFilter {
  /** '' for who is in no group. */
  readonly group: string | undefined;
  /** Only competencies that a badge of this course certifies. */
  readonly course: string | undefined;
  /** Only the competency that this badge certifies. */
  readonly badge: string | undefined;
  readonly competency: string | undefined;
}

/** A badge that certifies a competency. */
interface CertifyingBadge {
  readonly badge: string;
  readonly name: LocalizedText;
  readonly course: string;
  /** From 1, the lowest; absent where it has no levels. */
  readonly rank?: number;
  /** There where it does not count: so few have it that figures with it, taken from others, would tell of them. */
  readonly leftOut?: true;
}

/** Something that can be held, and by how many of the school. */
interface CountedCompetency {
  /** The address of the alignment that its badges name first, else `level:` and their level family, else `badge:` and the badge. */
  readonly id: string;
  readonly name: LocalizedText;
  /** The framework in which it stands. */
  readonly framework?: string;
  readonly badges: readonly CertifyingBadge[];
  /** Learners who hold it in any group; null where that is not told. */
  readonly learners: number | null;
}

/** How many of a group hold a competency. */
interface DensityCell {
  readonly competency: string;
  readonly learners: number | null;
  /** Of the learners of the group, from 0 to 1. */
  readonly share: number | null;
}

/** A group with what its learners hold. */
interface CountedGroup {
  /** '' for who is in no group. */
  readonly group: string;
  readonly learners: number | null;
  readonly cells: readonly DensityCell[];
}

/** Who holds which skill now, by group. */
export interface SkillDensity extends Suppressed {
  readonly competencies: readonly CountedCompetency[];
  /** In alphabetical order, last who is in none. */
  readonly groups: readonly CountedGroup[];
}

/** A learner behind a figure. */
export interface SkilledLearner {
  readonly learner: string;
  readonly group: string;
  readonly held: readonly { readonly badge: string; readonly award: string }[];
}

/** Somebody's group; '' where they are in none. */
export const groupOf = ({ membership }: Holder): string => membership?.group ?? '';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Which skills are there, and who has them. */
@Injectable()
export class SkillReads {
  constructor(
    private readonly rules: LiveRules,
    private readonly groups: SmallGroups,
    private readonly held: HeldBadges,
  ) {}

  /** The table of groups by competencies. */
  async density(filter: SkillFilter): Promise<SkillDensity> {
    const [rules, holders, { badges }] = await Promise.all([this.#rules(), this.held.all(), this.groups.ofBadges()]);
    const competencies = competenciesOf(rules);
    const counts = (badge: string): boolean => isCounted(badges.get(badge), this.groups.fewest);
    const columnOf = new Map(competencies.flatMap(({ badges: of }, c) => of.filter(counts).map((one) => [one, c] as const)));
    const counted = new Map<string, { size: number; readonly holders: number[] }>();
    const [perColumn, perBadge] = [competencies.map(() => 0), new Map<string, number>()];
    for (const holder of holders) {
      // Who holds nothing and is enrolled nowhere was enrolled once, and it was taken back.
      if (holder.membership === undefined && holder.held.size === 0) continue;
      const group = groupOf(holder);
      let row = counted.get(group);
      if (!row) counted.set(group, (row = { size: 0, holders: competencies.map(() => 0) }));
      row.size++;
      const own = new Set(holder.held.values());
      for (const one of own) perBadge.set(one, (perBadge.get(one) ?? 0) + 1);
      for (const c of new Set([...own].map((one) => columnOf.get(one)))) {
        if (c === undefined) continue;
        row.holders[c] = (row.holders[c] ?? 0) + 1;
        perColumn[c] = (perColumn[c] ?? 0) + 1;
      }
    }
    const rows = [...counted].sort(([a], [b]) => Number(a === '') - Number(b === '') || byText(a, b));
    const columns = competencies.map(({ badges: of }, c) => {
      const told = of.filter(counts);
      const learners = perColumn[c] ?? 0;
      const twice = told.reduce((sum, one) => sum + (perBadge.get(one) ?? 0), 0) - learners;
      return { isTold: told.length > 0, learners, beside: [twice, ...told.flatMap((one) => lapsed(badges.get(one)))] };
    });
    const hidden = hideInDensity(rows.map(([, row]) => row), columns, this.groups.fewest);
    const isAsked = askedOf(filter, rules);
    const shown = competencies.flatMap((one, c) => (isAsked(one) ? [{ one, c }] : []));
    const found = {
      competencies: shown.map(({ one: { id, name, framework, badges: of }, c }): CountedCompetency => ({
        id,
        name,
        ...(framework !== undefined && { framework }),
        badges: of.map((each) => ({ ...certifying(rules, each), ...(!counts(each) && { leftOut: true as const }) })),
        learners: told(perColumn[c] ?? 0, hidden.totals[c]),
      })),
      groups: rows.flatMap(([group, { size, holders: of }], g): readonly CountedGroup[] =>
        filter.group !== undefined && filter.group !== group
          ? []
          : [{
              group,
              learners: told(size, hidden.groups[g]),
              cells: shown.map(({ one: { id }, c }) => {
                const isHidden = hidden.cells[g]?.[c];
                return { competency: id, learners: told(of[c] ?? 0, isHidden), share: told((of[c] ?? 0) / size, isHidden) };
              }),
            }],
      ),
    };
    const isSomethingHidden = found.groups.some(({ learners, cells }) => learners === null || cells.some(({ learners: of }) => of === null)) || found.competencies.some(({ learners }) => learners === null);
    return { ...found, ...this.groups.note(isSomethingHidden) };
  }

  /** The learners of a group who hold a competency: single persons. */
  async learners(filter: SkillFilter, limit: number, after: string | undefined): Promise<Page<SkilledLearner>> {
    const [rules, holders] = await Promise.all([this.#rules(), this.held.all()]);
    const wanted = new Set(competenciesOf(rules).filter(askedOf(filter, rules)).flatMap(({ badges }) => badges));
    const found = holders.flatMap((holder): readonly SkilledLearner[] => {
      if (filter.group !== undefined && groupOf(holder) !== filter.group) return [];
      const held = [...holder.held].flatMap(([award, of]) => (wanted.has(of) ? [{ badge: of, award }] : [])).sort((a, b) => byText(a.badge, b.badge) || byText(a.award, b.award));
      return held.length === 0 || (after !== undefined && holder.learner <= after) ? [] : [{ learner: holder.learner, group: groupOf(holder), held }];
    });
    return pageOf(found.sort((a, b) => byText(a.learner, b.learner)).slice(0, limit + 1), limit, LEARNER_ORDER, (one) => one);
  }

  async #rules(): Promise<readonly Rule[]> {
    return (await this.rules.newest()).map(({ document }) => document);
  }
}

/**
 * Whether a badge counts where its competency is told: not where few have it, or where its figures are hidden with such a one. Where how
 * many have it is not told, there have to be so many awards that saying so leaves open how many of them hold.
 */
const isCounted = (group: BadgeGroup | undefined, fewest: Fewest): boolean => {
  if (group === undefined) return true;
  const { isHidden, hiddenStates, states, all } = group;
  return !isHidden && (!hiddenStates.active || (all.count >= 2 * fewest && !isSmall(states.active, fewest)));
};

/** Awards of a badge that do not hold any more, where how many do is not told: each would follow from the other. */
const lapsed = (group: BadgeGroup | undefined): readonly number[] => (group?.hiddenStates.active === true ? [group.all.count - group.states.active.count] : []);

/** A filter chooses columns whole: a figure of some of a competency's badges, taken from that of all, would tell of the others. */
const askedOf = ({ course, badge, competency }: SkillFilter, rules: readonly Rule[]): ((one: Competency) => boolean) => {
  const courses = new Map(rules.map((rule) => [rule.badge, rule.course]));
  return ({ id, badges }) => (competency === undefined || id === competency) && (badge === undefined || badges.includes(badge)) && (course === undefined || badges.some((one) => courses.get(one) === course));
};

const certifying = (rules: readonly Rule[], badge: string): CertifyingBadge => {
  const rule = rules.find((one) => one.badge === badge);
  const rank = rule?.design.level?.rank;
  return { badge, name: rule?.name ?? { und: badge }, course: rule?.course ?? '', ...(rank !== undefined && { rank }) };
};
