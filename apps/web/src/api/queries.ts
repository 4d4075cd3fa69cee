import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, AskError, askText } from './ask.ts';
import type { ApiKeyList, AwardDetail, BadgeList, Explanation, Followers, GrowthPath, LetterDetail, LetterPage, LetterReason, LetterState, Me, Profile, Readiness, TimelinePage } from './types.ts';

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
