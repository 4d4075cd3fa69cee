import { Injectable } from '@nestjs/common';
import type { Query } from '#projections/read-model.js';
import { DEFAULT_FEWEST, hideInGroups, hideSmall, told, type Cell, type Fewest } from '#projections/small-groups.js';
import type { Rule } from '#rules/rule.js';
import type { Engine } from '../engine.js';
import { AWARD_STATES, type AwardCounts, type AwardState } from './award-counts.js';
import { InjectEngine } from './engine-token.js';
import { LiveRules } from './live-rules.js';

/** So many awards are looked at for how many different learners have them; of what comes after it is taken that it is nobody else. */
const MOST_READ = 500;
const CHUNK = 50;

/** What every description of group figures says. */
export const LEFT_OUT =
  'A figure about fewer learners than `PROOFMARK_SMALL_GROUP` is null, and others with it from which it would follow; `suppressed` says so then. It is so for everybody who asks.';

/** What an answer says that leaves something out. */
export interface Suppressed {
  /** There where something is left out: figures about fewer learners than this. */
  readonly suppressed?: { readonly fewerThan: number };
}

type Where = NonNullable<Query['where']>;

/** A badge's awards, and which of their figures are not told. */
export interface BadgeGroup {
  readonly badge: string;
  readonly course: string;
  /** All that are on record. */
  readonly all: Cell;
  readonly states: Readonly<Record<AwardState, Cell>>;
  /** Nothing that is counted about it is told. */
  readonly isHidden: boolean;
  readonly hiddenStates: Readonly<Record<AwardState, boolean>>;
  /** A learner can have it more than once. */
  readonly recurs: boolean;
}

/** All badges' awards, and which totals of them are not told. */
export interface BadgeGroups {
  readonly badges: ReadonlyMap<string, BadgeGroup>;
  /** Courses of which no total of awards is told. */
  readonly coursesUntold: ReadonlySet<string>;
  /** Totals of awards over all courses are told. */
  readonly isTotalTold: boolean;
}

const byState = <T>(valueOf: (state: AwardState, i: number) => T): Readonly<Record<AwardState, T>> =>
  Object.fromEntries(AWARD_STATES.map((state, i) => [state, valueOf(state, i)])) as Record<AwardState, T>;

/** The counts of a badge's awards, as they are told. */
export const toldCounts = ({ states, hiddenStates }: BadgeGroup): AwardCounts => byState((state) => told(states[state].count, hiddenStates[state]));

/** What is not told because it is about few learners: whoever asks, since figures are shown around and the register of awards is there for single persons. */
@Injectable()
export class SmallGroups {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly rules: LiveRules,
  ) {}

  /** Under how many learners nothing is told. */
  get fewest(): Fewest {
    return this.engine.config.smallGroup ?? DEFAULT_FEWEST;
  }

  /** What an answer says that leaves something out. */
  note(isSomethingHidden: boolean): Suppressed {
    return isSomethingHidden ? { suppressed: { fewerThan: this.fewest } } : {};
  }

  /** All badges, retired ones included. They are one table, with courses as its groups: what one hides, another may have to hide with it. */
  async ofBadges(): Promise<BadgeGroups> {
    const counted = await Promise.all((await this.rules.newest()).map(({ badge, document }) => this.#count(badge, document.course)));
    const courses = [...new Set(counted.map(({ course }) => course))];
    const ofCourse = courses.map((course) => counted.filter((one) => one.course === course));
    const { hidden, totals, total } = hideInGroups(ofCourse.map((badges) => badges.map(({ all }) => all)), this.fewest);
    const badges = ofCourse.flatMap((some, g) => some.map((one, i): readonly [string, BadgeGroup] => {
      const isHidden = hidden[g]?.[i] === true;
      const states = hideSmall(AWARD_STATES.map((state) => one.states[state]), this.fewest);
      return [one.badge, { ...one, isHidden, hiddenStates: byState((_state, n) => isHidden || states[n] === true) }];
    }));
    return { badges: new Map(badges), coursesUntold: new Set(courses.filter((_course, g) => totals[g] === false)), isTotalTold: total };
  }

  /** How many awards there are, and how many different learners have them at least. */
  async awards(where: Where, most = this.fewest): Promise<Cell> {
    const { readModels } = this.engine;
    const count = await readModels.count('award', where);
    if (count < this.fewest || this.fewest === 0) return { count, learners: count };
    const learners = new Set<unknown>();
    for (let read = 0, after = {}; read < MOST_READ && learners.size < most; read += CHUNK) {
      const rows = await readModels.find('award', { where, orderBy: ['earnedAt'], limit: CHUNK, ...(read > 0 && { after }) });
      for (const { learner } of rows) learners.add(learner);
      after = rows.at(-1) ?? {};
      if (rows.length < CHUNK) break;
    }
    return { count, learners: learners.size };
  }

  async #count(badge: string, course: string): Promise<Omit<BadgeGroup, 'isHidden' | 'hiddenStates'>> {
    const { readModels, config: { tenant } } = this.engine;
    const versions = await readModels.find('rule_version', { where: { tenant, badge } });
    const recurs = versions.some(({ document }) => (document as Rule).recurs !== undefined);
    // A badge that does not recur is there once for each learner.
    const cell = async (where: Where, most?: number): Promise<Cell> => {
      if (recurs) return this.awards(where, most);
      const count = await readModels.count('award', where);
      return { count, learners: count };
    };
    const [all, ...states] = await Promise.all([cell({ tenant, badge }, Infinity), ...AWARD_STATES.map((status) => cell({ tenant, badge, status }))]);
    return { badge, course, recurs, all, states: byState((_state, i) => states[i] as Cell) };
  }
}
