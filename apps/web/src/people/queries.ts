import { queryOptions } from '@tanstack/react-query';
import { ask, send } from '../api/ask.ts';
import type { components } from '../api/schema.d.ts';

type Schemas = components['schemas'];
export type Account = Schemas['AccountView'];
export type Invited = Schemas['InvitedAccount'];
/** What somebody is to be. */
export interface Roles {
  readonly roles: readonly string[];
  readonly courses?: readonly string[];
  readonly learner?: string;
}

const id = encodeURIComponent;

/** Everybody who signs in, the latest first, and those who did. */
export const peopleQuery = () => queryOptions({ queryKey: ['people'], queryFn: ({ signal }) => ask<Schemas['PeopleList']>('/v1/access/people', { signal }) });

/** Makes an account with an invitation. @throws AskError */
export const invite = (roles: Roles): Promise<Invited> => send<Invited>('/v1/access/people', roles);

/** Another invitation to an account. @throws AskError */
export const inviteAgain = (account: string): Promise<Invited> => send<Invited>(`/v1/access/people/${id(account)}/invite`, {});

/** What somebody is from now on. @throws AskError */
export const changeRoles = (account: string, roles: Roles): Promise<Account> => send<Account>(`/v1/access/people/${id(account)}/roles`, roles);

/** The end of an account. @throws AskError */
export const close = (account: string, reason: string): Promise<Account> => send<Account>(`/v1/access/people/${id(account)}/close`, { reason });
