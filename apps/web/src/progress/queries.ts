import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask } from '../api/ask.ts';
import type { components } from '../api/schema.d.ts';
import type { ProgressSearch } from './search.ts';

type Schemas = components['schemas'];
export type CourseProgress = Schemas['CourseProgressView'];
export type BadgeProgress = Schemas['BadgeProgress'];
export type LearnerProgress = Schemas['LearnerProgressView'];
type LearnersPage = Schemas['LearnersPage'];

const id = encodeURIComponent;
const [PAGE, MOST] = [50, 500];
/** While the server works everything out. */
const SOON = 500;

/** The courses whose learners one may see. */
export const coursesQuery = () => queryOptions({ queryKey: ['courses'], queryFn: ({ signal }) => ask<{ readonly items: readonly Schemas['CourseView'][] }>('/v1/courses', { signal }) });

/** How far the learners of a course are; asks again until all are worked out. */
export const progressQuery = (course: string) =>
  queryOptions({
    queryKey: ['progress', course],
    queryFn: ({ signal }) => ask<CourseProgress>(`/v1/courses/${id(course)}/progress`, { signal }),
    refetchInterval: ({ state }) => (state.data && state.data.known < state.data.learners ? SOON : false),
  });

const learnersPage = (course: string, { badge, stage, lacks, idle, order, text }: ProgressSearch, limit: number, cursor: string, signal?: AbortSignal): Promise<LearnersPage> => {
  const asked = { limit: String(limit), ...(badge !== undefined && { badge }), ...(stage && { stage }), ...(lacks !== undefined && { lacks }), ...(idle !== undefined && { idle: String(idle) }), ...(order && { order }), ...(text !== undefined && { text }), ...(cursor !== '' && { cursor }) };
  return ask<LearnersPage>(`/v1/courses/${id(course)}/learners?${new URLSearchParams(asked)}`, signal ? { signal } : {});
};

/** The learners that are asked for, a page at a time. @param known of how many it is known, so that more are asked for when there are */
export const learnersQuery = (course: string, asked: ProgressSearch, known: number) =>
  infiniteQueryOptions({
    queryKey: ['progress', course, 'learners', asked, known],
    queryFn: ({ pageParam, signal }) => learnersPage(course, asked, PAGE, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }: LearnersPage) => next,
    placeholderData: keepPreviousData,
  });

/** All learners that are asked for. */
export const allLearners = async (course: string, asked: ProgressSearch): Promise<readonly LearnerProgress[]> => {
  const all: LearnerProgress[] = [];
  for (let cursor = ''; ; ) {
    const page = await learnersPage(course, asked, MOST, cursor);
    all.push(...page.items);
    if (page.next === null) return all;
    cursor = page.next;
  }
};
