import type { Decider } from './decider.js';
import { ProofmarkError } from './errors.js';

/** What a person is to a tenant. Who they are (a name, an address, a password) is nowhere in the log. */
export interface AccountRoles {
  readonly roles: readonly string[];
  /** Courses that they teach, a "*" at the end for all that begin so. */
  readonly courses: readonly string[];
  /** Their id among the learners. */
  readonly learner?: string;
}

interface Named {
  readonly tenant: string;
  /** A random id. */
  readonly account: string;
  /** Id of who did it; the account itself where they did it themselves. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Somebody may sign in from now on. */
export interface AccountOpened extends Named, AccountRoles {
  readonly type: 'AccountOpened';
}

/** They are something else now. */
export interface AccountRolesChanged extends Named, AccountRoles {
  readonly type: 'AccountRolesChanged';
}

/** They sign in no more, and are signed out everywhere. */
export interface AccountClosed extends Named {
  readonly type: 'AccountClosed';
  readonly reason: string;
}

/** One of their sessions, or all that began before now, are over. */
export interface SessionsEnded extends Named {
  readonly type: 'SessionsEnded';
  /** Id of the one session; all of them where absent. */
  readonly session?: string;
}

export type AccountEvent = AccountOpened | AccountRolesChanged | AccountClosed | SessionsEnded;

/** An account as its events say. */
export type Account =
  | { readonly status: 'none' }
  | ({
      readonly status: 'open' | 'closed';
      readonly tenant: string;
      readonly account: string;
      readonly openedAt: number;
      /** Sessions that began before this moment are over, epoch milliseconds. */
      readonly sessionsFrom: number;
      /** Single sessions that are over, and since when. */
      readonly ended: readonly { readonly session: string; readonly at: number }[];
    } & AccountRoles);

type Command<Event, Name extends string> = Omit<Event, 'type'> & { readonly type: Name };
export type AccountCommand =
  | Command<AccountOpened, 'Open'>
  | Command<AccountRolesChanged, 'ChangeRoles'>
  | Command<AccountClosed, 'Close'>
  | Command<SessionsEnded, 'EndSessions'>;

/** For so long a session's end is remembered: no session lasts as long, so that older ones are over by themselves. */
const ENDED_KEPT_MS = 2 * 86_400_000;

const rolesOf = ({ roles, courses, learner }: AccountRoles): AccountRoles => ({ roles, courses, ...(learner !== undefined && { learner }) });

const evolve = (state: Account, event: AccountEvent): Account => {
  if (event.type === 'AccountOpened') {
    const { tenant, account, at } = event;
    return { status: 'open', tenant, account, openedAt: at, sessionsFrom: 0, ended: [], ...rolesOf(event) };
  }
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'AccountRolesChanged': {
      const { learner: _learner, ...rest } = state;
      return { ...rest, ...rolesOf(event) };
    }
    case 'AccountClosed':
      return { ...state, status: 'closed' };
    case 'SessionsEnded':
      return event.session === undefined ? { ...state, sessionsFrom: event.at, ended: [] } : { ...state, ended: [...state.ended.filter(({ at }) => at > event.at - ENDED_KEPT_MS), { session: event.session, at: event.at }] };
  }
};

/** The life of an account. Closing it twice changes nothing; a closed one stays closed. */
export const account: Decider<AccountCommand, AccountEvent, Account> = {
  initialState: { status: 'none' },
  evolve,
  decide: (command, state) => {
    if (command.type === 'Open') return state.status === 'none' ? [{ ...command, type: 'AccountOpened' }] : [];
    if (state.status === 'none') throw new ProofmarkError('NOT_FOUND', `There is no account ${command.account}.`);
    if (state.status === 'closed') {
      if (command.type === 'Close') return [];
      throw new ProofmarkError('NOT_FOUND', `The account ${command.account} is closed.`);
    }
    switch (command.type) {
      case 'ChangeRoles':
        return [{ ...command, type: 'AccountRolesChanged' }];
      case 'Close':
        return [{ ...command, type: 'AccountClosed' }];
      case 'EndSessions':
        return state.ended.some(({ session }) => session === command.session) ? [] : [{ ...command, type: 'SessionsEnded' }];
    }
  },
};
