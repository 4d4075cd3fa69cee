import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask, AskError, send, shownAt } from '../api/ask.ts';
import type { Diagnostics, Lint, Proposal, RuleDetail, RuleRow, RuleTest } from './types.ts';

const id = encodeURIComponent;

/** What `T` is a list of. */
interface List<T> {
  readonly items: readonly T[];
}

/** The newest version of each rule. */
export const rulesQuery = () => queryOptions({ queryKey: ['rules'], queryFn: ({ signal }) => ask<List<RuleRow>>('/v1/rules', { signal }) });

/** What is wrong with rule files. */
export const diagnosticsQuery = () => queryOptions({ queryKey: ['rules', 'diagnostics'], queryFn: ({ signal }) => ask<Diagnostics>('/v1/rules/diagnostics', { signal }) });

/** What waits for a second person. */
export const proposalsQuery = () => queryOptions({ queryKey: ['rules', 'proposals'], queryFn: ({ signal }) => ask<List<Proposal>>('/v1/rules/proposals', { signal }) });

/** Every version of a rule, the newest first; none where it was never published. */
export const versionsQuery = (badge: string) =>
  queryOptions({
    queryKey: ['rules', 'versions', badge],
    queryFn: async ({ signal }): Promise<readonly RuleDetail[]> => {
      try {
        return (await ask<List<RuleDetail>>(`/v1/rules/${id(badge)}/versions`, { signal })).items;
      } catch (error) {
        if (error instanceof AskError && error.status === 404) return [];
        throw error;
      }
    },
  });

/** What is to be said about a rule that is being written. */
export const lintQuery = (source: string) =>
  queryOptions({ queryKey: ['rule-lint', source], queryFn: ({ signal }) => send<Lint>('/v1/rules/lint', { source }, { signal }), placeholderData: keepPreviousData, gcTime: 60_000, staleTime: Infinity, retry: false });

/** Waits until the versions of a rule show a position of the log. */
export const versionsShown = (badge: string, position: number): Promise<void> => shownAt(`/v1/rules/${id(badge)}/versions`, position);

/** What comes of example cases. */
export const casesQuery = (source: string, cases: string) =>
  queryOptions({ queryKey: ['rule-cases', source, cases], queryFn: ({ signal }) => send<RuleTest>('/v1/rules/test', { source, cases }, { signal }), placeholderData: keepPreviousData, gcTime: 60_000, staleTime: Infinity, retry: false });

/** The example cases beside the rule file of a badge; '' where there are none. */
export const fileCasesQuery = (badge: string) =>
  queryOptions({
    queryKey: ['rules', 'cases', badge],
    queryFn: async ({ signal }): Promise<string> => {
      try {
        return (await ask<{ readonly cases: string }>(`/v1/rules/${id(badge)}/cases`, { signal })).cases;
      } catch (error) {
        if (error instanceof AskError && error.status === 404) return '';
        throw error;
      }
    },
    staleTime: Infinity,
  });
