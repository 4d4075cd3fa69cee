import type { BadgeEngagement, BadgesReport } from '../api/types.ts';
import { attentionOf, byAttention, type Attention } from './attention.ts';
import type { Filter } from './search.ts';
import type { Figure } from './totals.ts';

/** A badge with its figures; views, shares and verifications are those of the time that was asked for, the rest of all time. */
export interface BadgeRow {
  readonly badge: string;
  readonly name: BadgeEngagement['name'];
  readonly course: string;
  readonly attention: Attention;
  readonly awarded: Figure;
  readonly rate: Figure;
  readonly daysToEarn: Figure;
  readonly views: Figure;
  readonly shareRate: Figure;
  readonly verified: Figure;
  /** null where nobody ever looked. */
  readonly lastViewedOn: string | null;
}

/** Whether a badge is one that is asked for. */
export const isAsked = ({ badge, course }: Filter, of: { readonly badge: string; readonly course: string }): boolean =>
  (badge === undefined || of.badge === badge) && (course === undefined || of.course === course);

/** The rows of the table of badges, what needs a look first: from what was asked for, what is of all time, and how often each is earned. */
export const badgeRows = (now: readonly BadgeEngagement[], ever: readonly BadgeEngagement[], report: BadgesReport['items']): readonly BadgeRow[] => {
  const [always, live] = [new Map(ever.map((one) => [one.badge, one])), new Map(report.map((one) => [one.badge, one]))];
  const rows = now.map((one): BadgeRow => {
    const { badge, name, course, lastViewedOn } = one;
    const [all, earned] = [always.get(badge) ?? one, live.get(badge)];
    const facts = { awarded: all.awarded, fatigued: all.fatigued, lastViewedOn, rate: earned?.awardRate ?? null, learners: earned?.learners ?? null, retired: earned === undefined };
    return {
      badge,
      name,
      course,
      lastViewedOn,
      attention: attentionOf(facts),
      awarded: one.awarded,
      // Where nobody can have it there is no share, which is something else than one that is not told.
      rate: earned === undefined || earned.learners === 0 ? undefined : earned.awardRate,
      // What rests on other badges has no course to begin with.
      daysToEarn: earned === undefined || course === '' || earned.timeToEarn.awards === 0 ? undefined : earned.timeToEarn.meanDays,
      views: one.views,
      shareRate: all.awarded === 0 ? undefined : all.shareRate,
      verified: one.verifications && one.verifications.total,
    };
  });
  return byAttention(rows);
};
