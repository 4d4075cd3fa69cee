import type { Decider } from './decider.js';

/**
 * To what a learner can consent: the name on the public pages of their badges; the name in the preview that LinkedIn fetches of such a
 * page; being counted in figures that are published about a cohort.
 */
export const CONSENTS = ['public-name', 'linkedin', 'cohort-statistics'] as const;
export type ConsentTo = (typeof CONSENTS)[number];

interface OfConsent {
  readonly tenant: string;
  readonly learner: string;
  readonly to: ConsentTo;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A learner has consented to something. It says nothing else about the learner. */
export interface ConsentGiven extends OfConsent {
  readonly type: 'ConsentGiven';
}
/** A learner does not consent to it any more. */
export interface ConsentWithdrawn extends OfConsent {
  readonly type: 'ConsentWithdrawn';
}
export type ConsentEvent = ConsentGiven | ConsentWithdrawn;

/** Whether a consent holds, and since when. */
export interface Consent {
  readonly given: boolean;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** What a learner was ever asked and said; absent is not given. */
export type Consents = Readonly<Partial<Record<ConsentTo, Consent>>>;

/** Gives or withdraws a consent. */
export interface SetConsent extends OfConsent {
  readonly given: boolean;
}

/** A learner's consents: each holds from when it is given until it is withdrawn. */
export const consents: Decider<SetConsent, ConsentEvent, Consents> = {
  initialState: {},
  evolve: (state, { type, to, at }) => ({ ...state, [to]: { given: type === 'ConsentGiven', since: at } }),
  decide: ({ given, ...rest }, state) => ((state[rest.to]?.given ?? false) === given ? [] : [{ type: given ? 'ConsentGiven' : 'ConsentWithdrawn', ...rest }]),
};
