import { ProofmarkError } from './errors.js';
import type { Decider } from './decider.js';

/** A text for each of some languages, by BCP 47 tag; English always among them. */
export type Texts = Readonly<Record<string, string>>;

/** Who signs badges: what a verifier and a reader of a certificate are told about the organisation. */
export interface IssuerProfile {
  readonly name: Texts;
  /** The organisation's own page. */
  readonly url?: string;
  readonly email?: string;
  readonly description?: Texts;
  /** A file beside the rules, or an address that begins with https://. */
  readonly image?: string;
  /** Who signs certificates. */
  readonly signatory?: { readonly name: Texts; readonly title?: Texts };
  /** Colour of certificates, "#rrggbb". */
  readonly accent?: string;
  /** The template of certificates where nobody asks for another. */
  readonly certificate?: string;
  /** LinkedIn's number of the organisation. */
  readonly linkedIn?: string;
}

/** What keys of an issuer sign: Data Integrity proofs with Ed25519, JSON Web Tokens with ES256 or RS256. */
export const KEY_ALGORITHMS = ['Ed25519', 'ES256', 'RS256'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

/** The public half of a key as a JSON Web Key (RFC 7517), without any private member. */
export type PublicJwk = Readonly<Record<string, string>>;

interface OfIssuer {
  readonly tenant: string;
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who did it; absent for what the engine did by itself. */
  readonly by?: string;
}

/** The profile that issuing uses from now on. */
export interface IssuerProfilePublished extends OfIssuer {
  readonly type: 'IssuerProfilePublished';
  /** Content hash of the profile, sha256 in hex. */
  readonly hash: string;
  readonly profile: IssuerProfile;
}
/** A key that signs from now on; the one of its algorithm before it signs nothing more and goes on verifying. */
export interface IssuerKeyAdded extends OfIssuer {
  readonly type: 'IssuerKeyAdded';
  /** JWK thumbprint (RFC 7638). */
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly jwk: PublicJwk;
}
/** Somebody else may know the private key: nothing that it signed verifies any more. */
export interface IssuerKeyCompromised extends OfIssuer {
  readonly type: 'IssuerKeyCompromised';
  readonly kid: string;
  readonly reason: string;
}
/** Everything that was issued so far is to be issued anew, under the same codes: after a move to another address, say. */
export interface ReissueRequested extends OfIssuer {
  readonly type: 'ReissueRequested';
  readonly reason: string;
}
export type IssuerEvent = IssuerProfilePublished | IssuerKeyAdded | IssuerKeyCompromised | ReissueRequested;

/** A key of an issuer: of each algorithm the newest one that is not compromised signs; what is retired still verifies. */
export interface IssuerKey {
  readonly kid: string;
  readonly algorithm: KeyAlgorithm;
  readonly jwk: PublicJwk;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  readonly status: 'signing' | 'retired' | 'compromised';
}

export interface Issuer {
  readonly profile: IssuerProfile | undefined;
  readonly profileHash: string | undefined;
  /** Oldest first. */
  readonly keys: readonly IssuerKey[];
}

type Command<E> = E extends IssuerEvent ? Omit<E, 'type'> : never;
export type IssuerCommand =
  | ({ readonly type: 'PublishProfile' } & Command<IssuerProfilePublished>)
  | ({ readonly type: 'AddKey' } & Command<IssuerKeyAdded>)
  | ({ readonly type: 'ReportCompromise' } & Command<IssuerKeyCompromised>)
  | ({ readonly type: 'Reissue' } & Command<ReissueRequested>);

const withKey = (keys: readonly IssuerKey[], added: IssuerKey): readonly IssuerKey[] => [
  ...keys.map((key): IssuerKey => (key.algorithm === added.algorithm && key.status === 'signing' ? { ...key, status: 'retired' } : key)),
  added,
];

/** An organisation that signs badges: its profile and its keys. */
export const issuer: Decider<IssuerCommand, IssuerEvent, Issuer> = {
  initialState: { profile: undefined, profileHash: undefined, keys: [] },
  evolve: (state, event) => {
    switch (event.type) {
      case 'IssuerProfilePublished':
        return { ...state, profile: event.profile, profileHash: event.hash };
      case 'IssuerKeyAdded': {
        const { kid, algorithm, jwk, at: addedAt } = event;
        return { ...state, keys: withKey(state.keys, { kid, algorithm, jwk, addedAt, status: 'signing' }) };
      }
      case 'IssuerKeyCompromised':
        return { ...state, keys: state.keys.map((key) => (key.kid === event.kid ? { ...key, status: 'compromised' } : key)) };
      case 'ReissueRequested':
        return state;
    }
  },
  decide: (command, state) => {
    switch (command.type) {
      case 'PublishProfile':
        return state.profileHash === command.hash ? [] : [{ ...command, type: 'IssuerProfilePublished' }];
      case 'AddKey':
        return state.keys.some(({ kid }) => kid === command.kid) ? [] : [{ ...command, type: 'IssuerKeyAdded' }];
      case 'ReportCompromise': {
        const key = state.keys.find(({ kid }) => kid === command.kid);
        if (!key) throw new ProofmarkError('NOT_FOUND', `The issuer "${command.issuer}" has no key "${command.kid}".`);
        return key.status === 'compromised' ? [] : [{ ...command, type: 'IssuerKeyCompromised' }];
      }
      case 'Reissue':
        return [{ ...command, type: 'ReissueRequested' }];
    }
  },
};

/** The key of an algorithm that signs now. */
export const signingKey = ({ keys }: Issuer, algorithm: KeyAlgorithm): IssuerKey | undefined =>
  keys.find((key) => key.algorithm === algorithm && key.status === 'signing');
