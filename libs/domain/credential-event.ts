import type { AwardState } from './award.js';
import type { Decider } from './decider.js';

/** A credential's place in its issuer's status lists: the same index in the list for revocation and in that for suspension. */
export interface StatusEntry {
  /** Which of the issuer's lists, from 1. */
  readonly list: number;
  readonly index: number;
}

interface OfCredential {
  readonly tenant: string;
  readonly issuer: string;
  readonly award: string;
  readonly badge: string;
  /** Its public name, see libs/credentials/code.ts. */
  readonly code: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The log position of the award's event, or the issuer's, that it follows: what was handled up to there is not handled again. */
  readonly basis: number;
}

/** What is signed: one document for each language, each a whole `OpenBadgeCredential` with its proof. */
export interface SignedEditions {
  /** By BCP 47 tag; the first one is the badge's own. */
  readonly editions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The key that signed them. */
  readonly kid: string;
  /** What the editions state, apart from when and with which key they were signed: sha256 in hex. */
  readonly stated: string;
  /** The decision trace as strangers may read it, whose hash the editions name (libs/credentials/document/public-trace.ts). */
  readonly trace: object;
}

/** An award is stated by a signed credential. */
export interface CredentialIssued extends OfCredential, SignedEditions {
  readonly type: 'CredentialIssued';
  readonly learner: string;
  /** Counts from 1 within the award: what was revoked stays so, and a reinstated award gets another credential. */
  readonly serial: number;
  readonly status: StatusEntry;
}
/** It states something else about the same award, or is signed by another key; its code and its place in the lists stay. */
export interface CredentialRenewed extends OfCredential, SignedEditions {
  readonly type: 'CredentialRenewed';
  readonly because: 'award-changed' | 'key-compromised' | 'asked';
}
/** Verifiers are told that it does not count for now. */
export interface CredentialSuspended extends OfCredential {
  readonly type: 'CredentialSuspended';
}
/** It counts again. */
export interface CredentialReinstated extends OfCredential {
  readonly type: 'CredentialReinstated';
}
/** It counts no more, for good. */
export interface CredentialRevoked extends OfCredential {
  readonly type: 'CredentialRevoked';
}

export type CredentialEvent = CredentialIssued | CredentialRenewed | CredentialSuspended | CredentialReinstated | CredentialRevoked;

/** A place in a status list was taken for an award's credential, before that was signed. */
export interface StatusEntriesAssigned {
  readonly type: 'StatusEntriesAssigned';
  readonly tenant: string;
  readonly issuer: string;
  readonly list: number;
  readonly entries: readonly { readonly award: string; readonly serial: number; readonly index: number }[];
}

/** Signed documents by language; the badge's own language first. */
export type Editions = SignedEditions['editions'];

/** A credential as it is now. */
export interface Credential extends Omit<OfCredential, 'at'>, SignedEditions {
  readonly status: 'active' | 'suspended' | 'revoked';
  readonly learner: string;
  readonly serial: number;
  readonly entry: StatusEntry;
  /** What was signed for it before, the oldest first. */
  readonly former: readonly Editions[];
  /** The basis of what was signed last. */
  readonly signedBasis: number;
  /** When it was first issued, and when it last changed, epoch milliseconds. */
  readonly issuedAt: number;
  readonly changedAt: number;
}

export type CredentialState = { readonly status: 'none' } | Credential;

/** What is to be done about an award's credential so that it says what the award is. */
export type CredentialStep = 'issue' | 'renew' | 'suspend' | 'reinstate' | 'revoke';

/**
 * What the credential needs after its award came to be in a state. One that has expired is stated like one that is
 * active: the document says itself until when it holds. `now` is what a credential of the award would state, and who would
 * sign it: another issuer has keys and lists of its own, so its credential is another one.
 */
export const stepsFor = (state: CredentialState, award: AwardState, now: { readonly issuer: string; readonly stated: string }): readonly CredentialStep[] => {
  switch (award) {
    case 'active':
    case 'expired':
      if (state.status === 'none' || state.status === 'revoked') return ['issue'];
      if (state.issuer !== now.issuer) return ['revoke', 'issue'];
      return [
        ...(state.status === 'suspended' ? (['reinstate'] as const) : []),
        ...(state.stated === now.stated ? [] : (['renew'] as const)),
      ];
    case 'suspended':
      return state.status === 'active' ? ['suspend'] : [];
    case 'revoked':
      return state.status === 'active' || state.status === 'suspended' ? ['revoke'] : [];
  }
};

/** Folds the life of an award's credential: of several, one after another, the last. */
export const credential: Pick<Decider<never, CredentialEvent, CredentialState>, 'initialState' | 'evolve'> = {
  initialState: { status: 'none' },
  evolve: (state, event) => {
    if (event.type === 'CredentialIssued') {
      const { type: _, at, status: entry, ...issued } = event;
      return { ...issued, status: 'active', entry, former: [], signedBasis: event.basis, issuedAt: at, changedAt: at };
    }
    if (state.status === 'none') return state;
    const changed = { ...state, basis: Math.max(state.basis, event.basis), changedAt: event.at };
    switch (event.type) {
      case 'CredentialRenewed': {
        const { editions, kid, stated, trace, basis } = event;
        return { ...changed, editions, kid, stated, trace, former: [...state.former, state.editions], signedBasis: basis };
      }
      case 'CredentialSuspended':
        return { ...changed, status: 'suspended' };
      case 'CredentialReinstated':
        return { ...changed, status: 'active' };
      case 'CredentialRevoked':
        return { ...changed, status: 'revoked' };
    }
  },
};
