import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, askShown, AskError, askText } from './ask.ts';
import { DAYS_UNSEEN } from '../analytics/attention.ts';
import { dayAfter, type Interval } from '../analytics/days.ts';
import type { AwardsSearch, Filter } from '../analytics/search.ts';
import type { ApiKeyList, AwardDetail, AwardPage, AwardsOverTime, BadgeEngagement, BadgeList, BadgesReport, CoursesReport, EngagementPage, Explanation, Followers, GrowthPath, LetterDetail, LetterPage, LetterReason, LetterState, Me, Profile, Readiness, ShownCredential, Summary, TimelinePage } from './types.ts';

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
export const growthPathQuery = (learner: string) => queryOptions({ queryKey: ['growth-path', learner], queryFn: ({ signal }) => askShown<GrowthPath>(`/v1/learners/${id(learner)}/growth-path`, { signal }) });

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

/** How often the page of operation looks again, as long as somebody sees it. */
const LOOK_AGAIN = 5_000;
const WHILE_BUILDING = 1_000;

/** Whether the engine can do its work, check by check; it also answers where it cannot. */
export const readinessQuery = () => queryOptions({ queryKey: ['readiness'], queryFn: ({ signal }) => ask<Readiness>('/health/ready', { signal, also: 503 }), refetchInterval: LOOK_AGAIN });

/** How far everything that follows the log is. */
export const followersQuery = () =>
  queryOptions({
    queryKey: ['followers'],
    queryFn: ({ signal }) => ask<Followers>('/v1/projections', { signal }),
    refetchInterval: ({ state }) => (state.data?.projections.some((one) => one.state === 'building') ? WHILE_BUILDING : LOOK_AGAIN),
  });

/** Which dead letters are to be shown. */
export interface LettersAsked {
  readonly limit: number;
  readonly reason?: LetterReason | undefined;
  readonly state?: LetterState | undefined;
  readonly cursor?: string | undefined;
}

/** A page of dead letters, the latest first. */
export const lettersQuery = ({ limit, reason, state, cursor }: LettersAsked) =>
  queryOptions({
    queryKey: ['letters', limit, reason, state, cursor],
    queryFn: ({ signal }) => {
      const asked = new URLSearchParams({ limit: String(limit), ...(reason && { reason }), ...(state && { state }), ...(cursor !== undefined && { cursor }) });
      return ask<LetterPage>(`/v1/dead-letters?${asked}`, { signal });
    },
    refetchInterval: LOOK_AGAIN,
  });

/** One dead letter with what was sent. */
export const letterQuery = (letter: string) => queryOptions({ queryKey: ['letter', letter], queryFn: ({ signal }) => ask<LetterDetail>(`/v1/dead-letters/${id(letter)}`, { signal }) });

/** The keys of programs. */
export const keysQuery = () => queryOptions({ queryKey: ['keys'], queryFn: ({ signal }) => ask<ApiKeyList>('/v1/access/keys', { signal }), refetchInterval: LOOK_AGAIN });

/** The newest checkpoint of the log; null where none is signed yet. */
export const checkpointQuery = () =>
  queryOptions({
    queryKey: ['checkpoint'],
    queryFn: async ({ signal }) => {
      try {
        return await askText('/v1/audit/checkpoint', { signal });
      } catch (error) {
        if (error instanceof AskError && error.status === 503) return null;
        throw error;
      }
    },
    refetchInterval: LOOK_AGAIN,
  });
