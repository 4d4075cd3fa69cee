import { Injectable } from '@nestjs/common';
import { SHARE_TARGETS, VERIFICATION_WAYS, type ShareTarget, type VerificationWay } from '#domain/engagement-event.js';
import { sharedColumn, verifiedColumn } from '#projections/badge-engagement.js';
import { utcDay } from '#projections/issuer-analytics.js';
import type { Row } from '#projections/read-model.js';
import { isSmall, told } from '#projections/small-groups.js';
import { isoTime } from '#projections/timeline-view.js';
import type { LocalizedText } from '#rules/rule.js';
import type { Engine } from '../../engine.js';
import { AnalyticsReads } from '../analytics-reads.js';
import { InjectEngine } from '../engine-token.js';
import { LiveRules, type RuleRow } from '../live-rules.js';
import { pageOf, type Ordering, type Page } from '../paging.js';
import { nextOf } from '../series.js';
import { SmallGroups, type Suppressed } from '../small-groups.js';

const DAY_MS = 86_400_000;

/** In which order badges are listed. */
export const BADGE_ORDER: Ordering = { badge: 'text' };
/** In which order the credentials of a badge are listed. */
export const CREDENTIAL_ORDER: Ordering = { code: 'text' };

/** Which badges are reported, and on what. */
export interface EngagementFilter {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly badge: string | undefined;
  readonly course: string | undefined;
  /** Only badges that nobody looks at. */
  readonly fatiguedOnly: boolean;
  /** A badge can only be one that nobody looks at if it was awarded so often before the days without a view. */
  readonly leastAwards: number;
  readonly daysWithoutView: number;
}

/** How often something happened, in all and in each way. */
type Counted<Way extends string> = Readonly<Record<Way | 'total', number>>;

/** What became of a badge among those who see it; null where it would be about few learners. */
export interface BadgeEngagement {
  readonly badge: string;
  readonly name: LocalizedText;
  readonly course: string;
  readonly awarded: number | null;
  readonly views: number | null;
  readonly verifications: Counted<VerificationWay> | null;
  readonly shares: Counted<ShareTarget> | null;
  /** Credentials that were shared at least once, of all time. */
  readonly sharedCredentials: number | null;
  /** They by the awards of all time; null also where there are none. */
  readonly shareRate: number | null;
  /** UTC day; null also where nobody ever looked. */
  readonly lastViewedOn: string | null;
  /** Awarded often, and nobody looks at it. */
  readonly fatigued: boolean | null;
}

/** Badges with what became of them. */
export type BadgeEngagementPage = Page<BadgeEngagement> & Suppressed;

/** What became of one credential among those who see it. */
export interface CredentialEngagement {
  readonly code: string;
  readonly views: number;
  readonly firstViewedAt: string | null;
  readonly lastViewedAt: string | null;
  readonly verifications: number;
  readonly shares: number;
}

const amount = (row: Row | undefined, column: string): number => Number(row?.[column] ?? 0);
const sum = (rows: readonly Row[], column: string): number => rows.reduce((total, row) => total + amount(row, column), 0);
const dayOf = (row: Row): string => row['day'] as string;

const counted = <Name extends string>(rows: readonly Row[], names: readonly Name[], columnOf: (name: Name) => string): Counted<Name> => {
  const counts = names.map((name) => [name, sum(rows, columnOf(name))] as const);
  return Object.fromEntries([['total', counts.reduce<number>((total, [, count]) => total + count, 0)], ...counts]) as Counted<Name>;
};

const untold = ({ badge, document: { name, course } }: RuleRow): BadgeEngagement => ({
  badge, name, course, awarded: null, views: null, verifications: null, shares: null, sharedCredentials: null, shareRate: null, lastViewedOn: null, fatigued: null,
});

/** Reports on who looks at badges, from the read models. */
@Injectable()
export class EngagementReads {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly rules: LiveRules,
    private readonly groups: SmallGroups,
    private readonly analytics: AnalyticsReads,
  ) {}

  /** Per badge, retired ones included; `after` is the last badge of the page before. */
  async badges(filter: EngagementFilter, limit: number, after: string | undefined): Promise<BadgeEngagementPage> {
    const found: BadgeEngagement[] = [];
    const { badges: groups } = await this.groups.ofBadges();
    for (const rule of await this.rules.newest()) {
      if (found.length > limit) break;
      if (after !== undefined && rule.badge <= after) continue;
      if (filter.badge !== undefined && rule.badge !== filter.badge) continue;
      if (filter.course !== undefined && rule.document.course !== filter.course) continue;
      const one = groups.get(rule.badge)?.isHidden === true ? untold(rule) : await this.#badge(rule, filter);
      if (one.fatigued === true || !filter.fatiguedOnly) found.push(one);
    }
    const page = pageOf(found, limit, BADGE_ORDER, (one) => one);
    return { ...page, ...this.groups.note(page.items.some(({ awarded, shares }) => awarded === null || shares === null)) };
  }

  /** Of each credential of a badge that anybody looked at; `after` is the last code of the page before. */
  async credentials(badge: string, limit: number, after: string | undefined): Promise<Page<CredentialEngagement>> {
    const { readModels, config: { tenant } } = this.engine;
    const of = (what: string) =>
      readModels.find('credential_engagement', { where: { tenant, badge, what, ...(after !== undefined && { code: { gt: after } }) }, orderBy: ['code'], limit: limit + 1 });
    const [viewed, verified, shared] = await Promise.all([of('viewed'), of('verified'), of('shared')]);
    const rows = (found: readonly Row[]): ReadonlyMap<string, Row> => new Map(found.map((row) => [row['code'] as string, row]));
    const [views, verifications, shares] = [rows(viewed), rows(verified), rows(shared)];
    const codes = [...new Set([...views.keys(), ...verifications.keys(), ...shares.keys()])].sort().slice(0, limit + 1);
    const time = (row: Row | undefined, column: string): string | null => (row ? isoTime(amount(row, column)) : null);
    return pageOf(codes.map((code) => ({ code })), limit, CREDENTIAL_ORDER, ({ code }) => ({
      code,
      views: amount(views.get(code), 'hits'),
      firstViewedAt: time(views.get(code), 'firstAt'),
      lastViewedAt: time(views.get(code), 'lastAt'),
      verifications: amount(verifications.get(code), 'hits'),
      shares: amount(shares.get(code), 'hits'),
    }));
  }

  async #badge({ badge, document: { name, course } }: RuleRow, { from, to, leastAwards, daysWithoutView }: EngagementFilter): Promise<BadgeEngagement> {
    const { readModels, config: { tenant } } = this.engine;
    const all = await readModels.find('engagement_day', { where: { tenant, badge }, orderBy: ['day'] });
    const sharedCredentials = await readModels.count('credential_engagement', { tenant, badge, what: 'shared' });
    const within = all.filter((row) => (from === undefined || dayOf(row) >= utcDay(from)) && (to === undefined || dayOf(row) < utcDay(to)));
    const awarded = sum(all, 'awarded');
    const lastViewed = all.findLast((row) => amount(row, 'views') > 0);
    const since = utcDay(Date.now() - daysWithoutView * DAY_MS);
    // Awards are counted between days that leave nobody alone: a day can be asked for, and the day after, too.
    const cuts = await this.analytics.awardedCuts(badge);
    const isCut = (day: string | undefined): boolean => day === undefined || !cuts || cuts.isCut(day);
    const isTold = isCut(from === undefined ? undefined : utcDay(from)) && isCut(to === undefined ? undefined : utcDay(to));
    const known = nextOf(since, 'day');
    const before = isCut(known) ? known : (cuts?.days.findLast((day) => day <= known) ?? '');
    const awardedBefore = sum(all.filter((row) => dayOf(row) < before), 'awarded');
    const fewShared = isSmall({ count: sharedCredentials, learners: sharedCredentials }, this.groups.fewest);
    return {
      badge,
      name,
      course,
      awarded: told(sum(within, 'awarded'), !isTold),
      views: sum(within, 'views'),
      verifications: counted(within, VERIFICATION_WAYS, verifiedColumn),
      shares: told(counted(within, SHARE_TARGETS, sharedColumn), fewShared),
      sharedCredentials: told(sharedCredentials, fewShared),
      shareRate: awarded > 0 && !fewShared ? sharedCredentials / awarded : null,
      lastViewedOn: lastViewed ? dayOf(lastViewed) : null,
      fatigued: awardedBefore >= leastAwards && (!lastViewed || dayOf(lastViewed) <= since),
    };
  }
}
