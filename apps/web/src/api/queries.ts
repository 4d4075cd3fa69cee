import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ask, AskError } from './ask.ts';
import type { AwardDetail, BadgeList, Explanation, GrowthPath, Me, Profile, ShownCredential, TimelinePage } from './types.ts';

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
