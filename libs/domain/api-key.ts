import type { Decider } from './decider.js';
import { ProofmarkError } from './errors.js';

/** What an API key may do. */
export interface KeyGrant {
  /** What its owner calls it: no secret, and no person's name. */
  readonly label: string;
  /** Names of the actions that it may do. */
  readonly actions: readonly string[];
  /** Courses that it may touch, a "*" at the end for all that begin so; all where absent. */
  readonly courses?: readonly string[];
  /** In the name of which sources it may send events; all where absent. */
  readonly sources?: readonly string[];
}

/** An API key was made. The key itself is shown once and kept nowhere. */
export interface ApiKeyIssued extends KeyGrant {
  readonly type: 'ApiKeyIssued';
  readonly tenant: string;
  readonly key: string;
  /** sha256 of the secret, hex: the secret has 256 random bits, so that guessing it from this is hopeless. */
  readonly hash: string;
  /** Id of who made it. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The key has another secret; the one before is good for a while, so that whoever uses it can change over. */
export interface ApiKeyRotated {
  readonly type: 'ApiKeyRotated';
  readonly tenant: string;
  readonly key: string;
  readonly hash: string;
  /** Until when the secret before is good, epoch milliseconds. */
  readonly previousUntil: number;
  readonly by: string;
  readonly at: number;
}

/** The key opens nothing any more. */
export interface ApiKeyRevoked {
  readonly type: 'ApiKeyRevoked';
  readonly tenant: string;
  readonly key: string;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
}

export type ApiKeyEvent = ApiKeyIssued | ApiKeyRotated | ApiKeyRevoked;

/** Somebody whose secret of a key was followed by another person's. */
export interface FormerHolder {
  /** Id of who was shown it. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** A key as its events say. */
export type ApiKey =
  | { readonly status: 'none' }
  | {
      readonly status: 'active' | 'revoked';
      readonly tenant: string;
      readonly key: string;
      readonly grant: KeyGrant;
      readonly hash: string;
      readonly previous?: { readonly hash: string; readonly until: number };
      readonly issuedAt: number;
      readonly issuedBy: string;
      /** Everybody who was shown a secret of it: who made it, then whoever made another secret. */
      readonly holders: readonly string[];
      /** Who else may still use it, with a secret that is no longer its own, and until when at most. */
      readonly former: readonly FormerHolder[];
    };

type Command<Event, Name extends string> = Omit<Event, 'type'> & { readonly type: Name };
export type ApiKeyCommand = Command<ApiKeyIssued, 'Issue'> | Command<ApiKeyRotated, 'Rotate'> | Command<ApiKeyRevoked, 'Revoke'>;

const active = (state: ApiKey, key: string): void => {
  if (state.status !== 'active') throw new ProofmarkError('NOT_FOUND', state.status === 'none' ? `There is no API key ${key}.` : `The API key ${key} is revoked.`);
};

/** Of the secrets before, the last one alone stays good for a while. */
const formerAfter = ({ former, holders }: Extract<ApiKey, { readonly holders: unknown }>, { by, at, previousUntil }: ApiKeyRotated): readonly FormerHolder[] => {
  const last = holders.at(-1) ?? '';
  const others = former.filter((one) => one.by !== last).map((one) => ({ by: one.by, until: Math.min(one.until, at) }));
  return [...others, { by: last, until: previousUntil }].filter((one) => one.by !== by);
};

const evolve = (state: ApiKey, event: ApiKeyEvent): ApiKey => {
  switch (event.type) {
    case 'ApiKeyIssued': {
      const { tenant, key, hash, label, actions, courses, sources, at, by } = event;
      return { status: 'active', tenant, key, hash, grant: { label, actions, ...(courses && { courses }), ...(sources && { sources }) }, issuedAt: at, issuedBy: by, holders: [by], former: [] };
    }
    case 'ApiKeyRotated':
      return state.status === 'none' ? state : { ...state, hash: event.hash, previous: { hash: state.hash, until: event.previousUntil }, holders: [...state.holders.filter((one) => one !== event.by), event.by], former: formerAfter(state, event) };
    case 'ApiKeyRevoked':
      return state.status === 'none' ? state : { ...state, status: 'revoked' };
  }
};

/** The life of an API key. Revoking it twice changes nothing. */
export const apiKey: Decider<ApiKeyCommand, ApiKeyEvent, ApiKey> = {
  initialState: { status: 'none' },
  evolve,
  decide: (command, state) => {
    switch (command.type) {
      case 'Issue':
        return state.status === 'none' ? [{ ...command, type: 'ApiKeyIssued' }] : [];
      case 'Rotate':
        active(state, command.key);
        return [{ ...command, type: 'ApiKeyRotated' }];
      case 'Revoke':
        if (state.status === 'revoked') return [];
        active(state, command.key);
        return [{ ...command, type: 'ApiKeyRevoked' }];
    }
  },
};
