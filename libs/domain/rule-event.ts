import type { Decider } from './decider.js';
import { ProofmarkError } from './errors.js';
import { contentHash } from './ids.js';

/** A rule version went live; immutable from then on. */
export interface RulePublished {
  readonly type: 'RulePublished';
  readonly tenant: string;
  readonly badge: string;
  /** Counts from 1 within the badge. */
  readonly version: number;
  /** Content hash of `document`, sha256 in hex. */
  readonly hash: string;
  /** The parsed rule (libs/rules `Rule`), as plain JSON. */
  readonly document: unknown;
  /** The text that its author wrote. */
  readonly source: string;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
  /** It also judges what happened before, awards of earlier versions included; absent: it decides from then on. */
  readonly backfill?: true;
  /** Who published it; absent where nobody said, and for rule files that the engine published at its start. */
  readonly by?: string;
}

/** No version of the rule grants its badge any more, until one is published again. Awards stay, judged by their versions. */
export interface RuleRetired {
  readonly type: 'RuleRetired';
  readonly tenant: string;
  readonly badge: string;
  /** The version that was live. */
  readonly version: number;
  /** In words, for people. */
  readonly reason: string;
  readonly by?: string;
  /** Epoch milliseconds. */
  readonly retiredAt: number;
}

export type RuleEvent = RulePublished | RuleRetired;

/** The state of one badge's rule: its newest version, live or retired. */
export type RuleState =
  | { readonly status: 'none' }
  | {
      readonly status: 'live' | 'retired';
      readonly version: number;
      /** Of its document as it reads now: one that was written in an earlier shape is still the same rule. */
      readonly hash: string;
    };

export interface PublishRule extends Omit<RulePublished, 'type' | 'version'> {
  readonly type: 'Publish';
  /** The live version that the author has seen, 0 for none; whichever is live where absent. */
  readonly expectedVersion?: number;
}

export interface RetireRule extends Omit<RuleRetired, 'type' | 'version'> {
  readonly type: 'Retire';
}

export type RuleCommand = PublishRule | RetireRule;

/** The version that grants the badge; 0 where none does. */
export const liveVersionOf = (state: RuleState): number => (state.status === 'live' ? state.version : 0);

const publish = ({ expectedVersion, type: _type, ...published }: PublishRule, state: RuleState): readonly RuleEvent[] => {
  if (state.status === 'live' && state.hash === published.hash) return [];
  const live = liveVersionOf(state);
  if (expectedVersion !== undefined && expectedVersion !== live) {
    const now = live === 0 ? 'no version of it is live' : `version ${live} is live`;
    const then = expectedVersion === 0 ? 'none' : `version ${expectedVersion}`;
    throw new ProofmarkError('RULE_MOVED', `The rule of "${published.badge}" has changed meanwhile: ${now}, and this was meant for ${then}. Look at it again, then publish again.`);
  }
  return [{ type: 'RulePublished', ...published, version: state.status === 'none' ? 1 : state.version + 1 }];
};

const retire = ({ type: _type, ...retired }: RetireRule, state: RuleState): readonly RuleEvent[] => {
  if (state.status === 'none') throw new ProofmarkError('NOT_FOUND', `No rule was published for badge "${retired.badge}".`);
  return state.status === 'retired' ? [] : [{ type: 'RuleRetired', ...retired, version: state.version }];
};

/**
 * The life of one badge's rule. Publishing the same content twice changes nothing; other content is the next version,
 * and so is any content after a retirement.
 */
export const rule: Decider<RuleCommand, RuleEvent, RuleState> = {
  initialState: { status: 'none' },
  evolve: (state, event) => {
    switch (event.type) {
      case 'RulePublished':
        return { status: 'live', version: event.version, hash: contentHash(event.document) };
      case 'RuleRetired':
        return state.status === 'none' ? state : { ...state, status: 'retired' };
    }
  },
  decide: (command, state) => (command.type === 'Publish' ? publish(command, state) : retire(command, state)),
};
