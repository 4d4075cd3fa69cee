import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, AskError } from './ask.ts';
import { DAYS_UNSEEN } from '../analytics/attention.ts';
import { dayAfter, type Interval } from '../analytics/days.ts';
import type { AwardsSearch, Filter } from '../analytics/search.ts';
import type { AwardDetail, AwardPage, AwardsOverTime, BadgeEngagement, BadgeList, BadgesReport, CoursesReport, EngagementPage, Explanation, GrowthPath, Me, Profile, ShownCredential, Summary, TimelinePage } from './types.ts';

const id = encodeURIComponent;

/** Who has signed in; null where nobody has. */
export const meQuery = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: async ({ signal }) => {
      try {
        return await ask<Me>('/v1/me', { signal });
      } catch (error) {
        if (error instanceof AskError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });

/** What a learner earned and what is close, with the newest of what happened. */
export const growthPathQuery = (learner: string) => queryOptions({ queryKey: ['growth-path', learner], queryFn: ({ signal }) => ask<GrowthPath>(`/v1/learners/${id(learner)}/growth-path`, { signal }) });

/** What happened, a page at a time. */
export const timelineQuery = (learner: string, of: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['timeline', learner, of],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams({ limit: '40', ...(of !== undefined && { of }), ...(pageParam !== '' && { cursor: pageParam }) });
      return ask<TimelinePage>(`/v1/learners/${id(learner)}/timeline?${asked}`, { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }: TimelinePage) => next,
  });

/** One award with its trace and history. */
export const awardQuery = (award: string) => queryOptions({ queryKey: ['award', award], queryFn: ({ signal }) => ask<AwardDetail>(`/v1/awards/${id(award)}`, { signal }) });

/** A credential with where it can be shown. */
export const credentialQuery = (code: string, language: string) => queryOptions({ queryKey: ['credential', code, language], queryFn: ({ signal }) => ask<ShownCredential>(`/v1/credentials/${id(code)}?language=${language}`, { signal }) });

/** Why a learner has a badge, or what is missing. */
export const explanationQuery = (learner: string, badge: string, period?: string) =>
  queryOptions({
    queryKey: ['explanation', learner, badge, period],
    queryFn: ({ signal }) => ask<Explanation>(`/v1/learners/${id(learner)}/badges/${id(badge)}/explanation${period === undefined ? '' : `?period=${id(period)}`}`, { signal }),
  });

/** What is kept about a learner beside the record. */
export const profileQuery = (learner: string) => queryOptions({ queryKey: ['profile', learner], queryFn: ({ signal }) => ask<Profile>(`/v1/learners/${id(learner)}/profile`, { signal }) });

/** What can be earned. */
export const badgesQuery = () => queryOptions({ queryKey: ['badges'], queryFn: ({ signal }) => ask<BadgeList>('/v1/badges', { signal }), staleTime: 60_000 });

const MOST = '500';

/** A filter as the server takes it: its last day is the first that is not meant. */
const asked = ({ from, to, course, badge }: Filter): Readonly<Record<string, string>> => ({
  ...(from !== undefined && { from }), ...(to !== undefined && { to: dayAfter(to) }), ...(course !== undefined && { course }), ...(badge !== undefined && { badge }),
});

/** Who looks at badges, all of them. */
export const engagementQuery = (filter: Filter) =>
  queryOptions({
    queryKey: ['engagement', asked(filter)],
    queryFn: async ({ signal }): Promise<Pick<EngagementPage, 'items' | 'suppressed'>> => {
      const items: BadgeEngagement[] = [];
      let suppressed: EngagementPage['suppressed'];
      for (let cursor = ''; ; ) {
        const page = await ask<EngagementPage>(`/v1/analytics/engagement?${new URLSearchParams({ limit: MOST, daysWithoutView: String(DAYS_UNSEEN), ...asked(filter), ...(cursor !== '' && { cursor }) })}`, { signal });
        items.push(...page.items);
        suppressed ??= page.suppressed;
        if (page.next === null) return { items, ...(suppressed && { suppressed }) };
        cursor = page.next;
      }
    },
  });

/** How often each badge is earned, and how soon. */
export const badgesReportQuery = () => queryOptions({ queryKey: ['badges-report'], queryFn: ({ signal }) => ask<BadgesReport>('/v1/analytics/badges', { signal }) });

/** The courses with their learners. */
export const coursesReportQuery = () => queryOptions({ queryKey: ['courses-report'], queryFn: ({ signal }) => ask<CoursesReport>('/v1/analytics/courses', { signal }) });

/** Totals of the school. */
export const summaryQuery = () => queryOptions({ queryKey: ['summary'], queryFn: ({ signal }) => ask<Summary>('/v1/analytics/summary', { signal }) });

/** When badges were earned. */
export const awardsOverTimeQuery = (filter: Filter, interval: Interval) =>
  queryOptions({ queryKey: ['awards-over-time', asked(filter), interval], queryFn: ({ signal }) => ask<AwardsOverTime>(`/v1/analytics/awards-over-time?${new URLSearchParams({ ...asked(filter), interval })}`, { signal }) });

/** Awards, the latest earned first, a page at a time. */
export const awardsQuery = ({ state, ...filter }: AwardsSearch) =>
  infiniteQueryOptions({
    queryKey: ['awards', asked(filter), state],
    queryFn: ({ pageParam, signal }) => {
      const { from, to, ...of } = asked(filter);
      const query = { limit: '50', ...of, ...(from !== undefined && { earnedFrom: from }), ...(to !== undefined && { earnedTo: to }), ...(state && { state }), ...(pageParam !== '' && { cursor: pageParam }) };
      return ask<AwardPage>(`/v1/awards?${new URLSearchParams(query)}`, { signal });
    },
    initialPageParam: '',
    getNextPageParam: ({ next }: AwardPage) => next,
  });
