import { Injectable } from '@nestjs/common';
import { VERIFICATION_WAYS } from '#domain/engagement-event.js';
import { verifiedColumn } from '#projections/badge-engagement.js';
import { utcDay } from '#projections/issuer-analytics.js';
import { sketchAmounts, sketchOf } from '#projections/learner-sketch.js';
import type { Row } from '#projections/read-model.js';
import type { Engine } from '../../engine.js';
import { AnalyticsReads } from '../analytics-reads.js';
import { InjectEngine } from '../engine-token.js';
import { KeptReads } from '../kept-reads.js';
import { LiveRules } from '../live-rules.js';
import { cutsOf, type Cuts, type Line } from '../series.js';
import { HeldBadges } from '../skills/held-badges.js';
import { SmallGroups, type Suppressed } from '../small-groups.js';

const SECONDS_A_DAY = 86_400;
const CHUNK = 5_000;

/** What figures are about. */
export interface FigureFilter {
  /** UTC days; up to before the second one. */
  readonly from: string;
  readonly to: string;
  readonly badge: string | undefined;
  readonly course: string | undefined;
}

/** A figure; null where nothing of it is told, or there is none. */
interface Counted {
  readonly value: number | null;
  /** Of how many badges it does not know. */
  readonly untold: number;
}

/** What happened in a time. */
export interface FiguresReport extends Suppressed {
  /** Awards that were granted. */
  readonly awarded: Counted;
  /** Learners who enrolled, for the first time. */
  readonly learners: number | null;
  /** From start to award, of what was earned. */
  readonly daysToEarn: Counted;
  /** Credentials that were shared for the first time, by the awards that were granted. */
  readonly shareRate: Counted;
  readonly verifications: Counted;
}

const dayOf = (row: Row): string => row['day'] as string;
const sum = (rows: readonly Row[], column: string): number => rows.reduce((total, row) => total + Number(row[column] ?? 0), 0);

/** What is known of one badge in the time; null where it is not told. */
interface OfBadge {
  readonly awarded: number | null;
  readonly earned: { readonly awards: number; readonly days: number } | null;
  readonly shared: number | null;
  readonly verifications: number | null;
}

const HIDDEN: OfBadge = { awarded: null, earned: null, shared: null, verifications: null };

const total = (parts: readonly (number | null)[]): Counted => {
  const told = parts.filter((part) => part !== null);
  return { value: told.length === 0 && parts.length > 0 ? null : told.reduce((all, part) => all + part, 0), untold: parts.length - told.length };
};

/** One sum by another, over the parts of which both are told. */
const perEach = (parts: readonly (readonly [number, number] | null)[]): Counted => {
  const told = parts.filter((part) => part !== null);
  const of = told.reduce((all, [, each]) => all + each, 0);
  return { value: of > 0 ? told.reduce((all, [amount]) => all + amount, 0) / of : null, untold: parts.length - told.length };
};

/** What happened in a time, so that two times can be compared; from the read models, without what is about few learners. */
@Injectable()
export class FigureReads {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly rules: LiveRules,
    private readonly groups: SmallGroups,
    private readonly analytics: AnalyticsReads,
    private readonly held: HeldBadges,
    private readonly kept: KeptReads,
  ) {}

  /** The figures of a time. Each is cut where no figure of another time leaves few learners between the two. */
  async figures(filter: FigureFilter): Promise<FiguresReport> {
    const [{ badges: groups }, rules, learners] = await Promise.all([this.groups.ofBadges(), this.rules.newest(), this.#learners(filter)]);
    const asked = rules.filter(({ badge, document }) => (filter.badge === undefined || badge === filter.badge) && (filter.course === undefined || document.course === filter.course));
    const parts = await Promise.all(asked.map(async ({ badge }) => (groups.get(badge)?.isHidden === true ? HIDDEN : this.#badge(badge, filter))));
    const found = {
      awarded: total(parts.map(({ awarded }) => awarded)),
      learners,
      // What rests on other badges has no course to begin with.
      daysToEarn: perEach(parts.filter((_part, i) => asked[i]?.document.course !== '').map(({ earned }) => earned && [earned.days, earned.awards])),
      shareRate: perEach(parts.map(({ shared, awarded }) => (shared === null || awarded === null ? null : [shared, awarded]))),
      verifications: total(parts.map(({ verifications }) => verifications)),
    };
    return { ...found, ...this.groups.note(learners === null || [found.awarded, found.daysToEarn, found.shareRate, found.verifications].some(({ untold }) => untold > 0)) };
  }

  async #badge(badge: string, { from, to }: FigureFilter): Promise<OfBadge> {
    const { readModels, config: { tenant } } = this.engine;
    const isWithin = (row: Row): boolean => dayOf(row) >= from && dayOf(row) < to;
    const isTold = (cuts: Cuts | undefined): boolean => !cuts || (cuts.isCut(from) && cuts.isCut(to));
    const [days, { rows, cuts }, awardedCuts, shared] = await Promise.all([
      readModels.find('engagement_day', { where: { tenant, badge } }),
      this.analytics.earned(badge),
      this.analytics.awardedCuts(badge),
      readModels.find('credential_engagement', { where: { tenant, badge, what: 'shared' } }),
    ]);
    const within = days.filter(isWithin);
    const earned = rows.filter(isWithin);
    const first = this.#line(shared.map(({ code, firstAt }) => ({ id: code as string, at: Number(firstAt) })));
    return {
      awarded: isTold(awardedCuts) ? sum(within, 'awarded') : null,
      earned: isTold(cuts) ? { awards: sum(earned, 'awarded'), days: sum(earned, 'secondsToEarn') / SECONDS_A_DAY } : null,
      shared: this.#within(first, from, to),
      verifications: VERIFICATION_WAYS.reduce((all, way) => all + sum(within, verifiedColumn(way)), 0),
    };
  }

  /** Who enrolled in the time: in the course, in that of the badge, or anywhere. */
  async #learners({ from, to, badge, course }: FigureFilter): Promise<number | null> {
    const of = course ?? (badge === undefined ? undefined : (await this.rules.newest()).find((rule) => rule.badge === badge)?.document.course);
    if (of === undefined || of === '') return this.#within(await this.kept.of(['held-skills'], 'enrolled', () => this.#enrolled()), from, to);
    if (await this.analytics.isCourseHidden(of)) return null;
    return this.#within(await this.kept.of(['roster'], `enrolled in ${of}`, () => this.#enrolledIn(of)), from, to);
  }

  async #enrolled(): Promise<Line> {
    const all = await this.held.all();
    return this.#line(all.flatMap(({ learner, membership }) => (membership ? [{ id: learner, at: membership.since }] : [])));
  }

  async #enrolledIn(course: string): Promise<Line> {
    const { readModels, config: { tenant } } = this.engine;
    const enrolled: { id: string; at: number }[] = [];
    for (let after: Row | undefined, more = true; more; ) {
      const rows: readonly Row[] = await readModels.find('roster', { where: { tenant, course }, limit: CHUNK, ...(after && { after }) });
      for (const { learner, enrolledAt } of rows) if (typeof enrolledAt === 'number') enrolled.push({ id: learner as string, at: enrolledAt });
      [after, more] = [rows.at(-1), rows.length === CHUNK];
    }
    return this.#line(enrolled);
  }

  /** How often something happened by day, with where that may be cut. */
  #line(all: readonly { readonly id: string; readonly at: number }[]): Line {
    const days = new Map<string, { amount: number; sketch: number }>();
    for (const { id, at } of all) {
      const day = utcDay(at);
      const known = days.get(day);
      const sketch = sketchOf(sketchAmounts(id));
      if (known) [known.amount, known.sketch] = [known.amount + 1, known.sketch | sketch];
      else days.set(day, { amount: 1, sketch });
    }
    const cuts = cutsOf(days, this.groups.fewest);
    return { days, ...(cuts && { cuts }) };
  }

  #within({ days, cuts }: Line, from: string, to: string): number | null {
    if (cuts && !(cuts.isCut(from) && cuts.isCut(to))) return null;
    let amount = 0;
    for (const [day, counted] of days) if (day >= from && day < to) amount += counted.amount;
    return amount;
  }
}
