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
}

export type RuleEvent = RulePublished;

/** The live state of one badge's rule. */
export type RuleState =
  | { readonly status: 'none' }
  | { readonly status: 'live'; readonly version: number; readonly hash: string };

export interface PublishRule {
  readonly tenant: string;
  readonly badge: string;
  readonly hash: string;
  readonly document: unknown;
  readonly source: string;
  readonly publishedAt: number;
  readonly backfill?: true;
}

/** Publishing the same content twice changes nothing; other content is the next version. */
export const rule = {
  initialState: { status: 'none' } as RuleState,
  evolve: (_state: RuleState, event: RuleEvent): RuleState => ({
    status: 'live',
    version: event.version,
    hash: event.hash,
  }),
  decide: (command: PublishRule, state: RuleState): readonly RuleEvent[] => {
    if (state.status === 'live' && state.hash === command.hash) return [];
    const version = state.status === 'none' ? 1 : state.version + 1;
    return [{ type: 'RulePublished', ...command, version }];
  },
};
