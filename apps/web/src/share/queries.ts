import { queryOptions } from '@tanstack/react-query';
import { ask } from '../api/ask.ts';
import type { OwnCollection } from '../api/types.ts';

/** Where what a learner shows is read and changed. */
export const collectionPath = (learner: string): string => `/v1/learners/${encodeURIComponent(learner)}/collection`;

/** What a learner shows to whoever has the link. */
export const collectionQuery = (learner: string) => queryOptions({ queryKey: ['collection', learner], queryFn: ({ signal }) => ask<OwnCollection>(collectionPath(learner), { signal }) });
