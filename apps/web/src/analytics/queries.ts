import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask } from '../api/ask.ts';
import { dayAfter } from './days.ts';
import type { Period } from './comparison.ts';
import type { components } from '../api/schema.d.ts';
import type { Filter, LearnersSearch, RoleSearch } from './search.ts';

type Schemas = components['schemas'];

/** Who holds which skill, by group. */
export type SkillDensity = Schemas['SkillDensity'];
/** Learners behind a figure, a page of them. */
export type SkilledLearnerPage = Schemas['SkilledLearnerPage'];

/** How far people are on the way to each role. */
export type RolesReport = Schemas['RolesReport'];
/** Learners on the way to a role, a page of them. */
export type OnTheWayPage = Schemas['LearnerOnTheWayPage'];

/** What happened in a time. */
export type FiguresReport = Schemas['FiguresReport'];

const query = (said: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

/** Who holds which skill now, by group; when is no question there. */
export const skillsQuery = ({ course, badge }: Filter) =>
  queryOptions({ queryKey: ['skills', course, badge], queryFn: ({ signal }) => ask<SkillDensity>(`/v1/analytics/skills${query({ course, badge })}`, { signal }), placeholderData: keepPreviousData });

/** The learners behind a figure, a page at a time. */
export const skilledLearnersQuery = ({ group, competency, course, badge }: LearnersSearch) =>
  infiniteQueryOptions({
    queryKey: ['skilled-learners', group, competency, course, badge],
    queryFn: ({ pageParam, signal }) => ask<SkilledLearnerPage>(`/v1/analytics/skills/learners${query({ limit: '50', group, competency, course, badge, cursor: pageParam === '' ? undefined : pageParam })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }: SkilledLearnerPage) => next,
  });

/** How far people are on the way to each role. */
export const rolesQuery = () => queryOptions({ queryKey: ['roles'], queryFn: ({ signal }) => ask<RolesReport>('/v1/analytics/roles', { signal }) });

/** The learners who are so far on the way to a role, a page at a time. */
export const onTheWayQuery = (role: string, { from, to }: RoleSearch) =>
  infiniteQueryOptions({
    queryKey: ['on-the-way', role, from, to],
    queryFn: ({ pageParam, signal }) =>
      ask<OnTheWayPage>(`/v1/analytics/roles/${encodeURIComponent(role)}/learners${query({ limit: '50', from: from?.toString(), to: to?.toString(), cursor: pageParam === '' ? undefined : pageParam })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }: OnTheWayPage) => next,
  });

/** What happened in a time; the last day is meant with it. */
export const figuresQuery = ({ from, to }: Period, { course, badge }: Filter) =>
  queryOptions({ queryKey: ['figures', from, to, course, badge], queryFn: ({ signal }) => ask<FiguresReport>(`/v1/analytics/figures${query({ from, to: dayAfter(to), course, badge })}`, { signal }), placeholderData: keepPreviousData });
