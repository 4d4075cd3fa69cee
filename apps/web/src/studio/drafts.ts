import { queryOptions } from '@tanstack/react-query';
import { ask, AskError, ROOT, send } from '../api/ask.ts';
import type { Draft, DraftRow } from './types.ts';

const id = encodeURIComponent;

/** A draft as it was saved last; null where there never was one. */
export const draftQuery = (badge: string) =>
  queryOptions({
    queryKey: ['rules', 'draft', badge],
    queryFn: async ({ signal }) => {
      try {
        return await ask<Draft>(`/v1/rules/${id(badge)}/draft`, { signal });
      } catch (error) {
        if (error instanceof AskError && (error.status === 404 || error.status === 403)) return null;
        throw error;
      }
    },
    staleTime: Infinity,
  });

/** The drafts that one may see. */
export const draftsQuery = () => queryOptions({ queryKey: ['rules', 'drafts'], queryFn: ({ signal }) => ask<{ readonly items: readonly DraftRow[] }>('/v1/rules/drafts', { signal }) });

/** What is being written of a rule. */
export interface Written {
  readonly source: string;
  readonly cases: string;
}

/** Saves a draft for everybody who may write the rule. @throws AskError 409 where somebody else saved since the revision */
export const saveDraft = (badge: string, course: string, { source, cases }: Written, expectedRevision: number | undefined): Promise<Draft> =>
  send<Draft>(`/v1/rules/${id(badge)}/draft`, { course, source, cases, ...(expectedRevision !== undefined && { expectedRevision }) });

/** Gives a draft up; it stays in the log. @throws AskError 409 where somebody else saved since the revision */
export const discardDraft = (badge: string, expectedRevision: number): Promise<Draft> => send<Draft>(`/v1/rules/${id(badge)}/draft/discard`, { expectedRevision });

/** What was written in this browser and not saved. */
export interface Kept extends Written {
  /** ISO 8601. */
  readonly at: string;
}

const keyOf = (badge: string): string => `proofmark-rule ${ROOT.pathname} ${badge}`;

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && ['source', 'cases', 'at'].every((key) => typeof (value as Readonly<Record<string, unknown>>)[key] === 'string');

/** What this browser keeps of a rule until it is saved. */
export const keptOf = (badge: string): Kept | undefined => {
  const text = localStorage.getItem(keyOf(badge));
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isKept(value) ? value : undefined;
  } catch {
    return undefined; // somebody else wrote under this name
  }
};

/** Keeps what is written in this browser, or keeps it no longer. */
export const keep = (badge: string, written: Kept | undefined): void => {
  if (written) localStorage.setItem(keyOf(badge), JSON.stringify(written));
  else localStorage.removeItem(keyOf(badge));
};
