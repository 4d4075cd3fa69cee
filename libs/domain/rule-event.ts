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
  /** Who published it, or proposed it first; absent where nobody said, and for rule files that the engine published at its start. */
  readonly by?: string;
  /** Where it was a proposal: which one, and the second person who approved it. */
  readonly proposal?: string;
  readonly approvedBy?: string;
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
  readonly proposal?: string;
  readonly approvedBy?: string;
  /** Epoch milliseconds. */
  readonly retiredAt: number;
}

interface Proposed {
  readonly tenant: string;
  readonly badge: string;
  /** Names it within the badge: equal proposals for the same live version have the same. */
  readonly proposal: string;
  /** The live version that it is meant for, 0 for none. */
  readonly liveVersion: number;
  /** Id of the account or API key that proposes it. */
  readonly by: string;
  /** Accounts that stand behind it: the proposer's own, or all that were shown a secret of the key. None of them approves it. */
  readonly people: readonly string[];
  /** Epoch milliseconds. */
  readonly proposedAt: number;
}

/** A version of a rule of high stakes that goes live once a second person has approved it. */
export interface RuleProposed extends Proposed, Pick<RulePublished, 'hash' | 'document' | 'source' | 'backfill'> {
  readonly type: 'RuleProposed';
  /** With a backfill: how many awards it would have changed, and how, when it was proposed. */
  readonly effects?: Readonly<Record<string, number>>;
}

/** A rule of high stakes that is retired once a second person has approved it. */
export interface RetirementProposed extends Proposed, Pick<RuleRetired, 'reason'> {
  readonly type: 'RetirementProposed';
}

/** A proposal was turned down, or taken back by who had made it. */
export interface ProposalRejected {
  readonly type: 'ProposalRejected';
  readonly tenant: string;
  readonly badge: string;
  readonly proposal: string;
  readonly reason: string;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly rejectedAt: number;
}

/** Somebody keeps what they are writing: any text, also one that is no rule. It decides nothing. */
export interface RuleDraftSaved {
  readonly type: 'RuleDraftSaved';
  readonly tenant: string;
  readonly badge: string;
  /** The course that it is for, '' for none: the text need not be one that says it. */
  readonly course: string;
  readonly source: string;
  /** The text of its example cases. */
  readonly cases?: string;
  /** The version that was live when it was begun, 0 for none. */
  readonly basedOn: number;
  /** Id of the account or API key. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly savedAt: number;
}

/** What was kept is wanted no more. */
export interface RuleDraftDiscarded {
  readonly type: 'RuleDraftDiscarded';
  readonly tenant: string;
  readonly badge: string;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly discardedAt: number;
}

/** What says which version grants the badge. */
export type RuleChanged = RulePublished | RuleRetired;
export type RuleEvent = RuleChanged | RuleProposed | RetirementProposed | ProposalRejected | RuleDraftSaved | RuleDraftDiscarded;

/** Whether an event changes which version grants the badge; the others are about what somebody would like. */
export const isRuleChanged = (event: RuleEvent): event is RuleChanged => event.type === 'RulePublished' || event.type === 'RuleRetired';

/** Whether an event of that type is about what somebody is writing: it is long, and who asks for versions need not read it. */
export const isRuleDraft = (type: string): boolean => type === 'RuleDraftSaved' || type === 'RuleDraftDiscarded';

/** A proposal that nobody has decided about; a stale one is meant for a version that is live no more. */
export type Proposal = (RuleProposed | RetirementProposed) & { readonly stale?: true };

/** What somebody is writing, and what is remembered of it once it is published or discarded. */
export interface RuleDraft extends Pick<RuleDraftSaved, 'course' | 'cases' | 'basedOn' | 'by' | 'savedAt'> {
  /** Absent once it was published or discarded. */
  readonly source?: string;
  /** The cases that it had when it was last published. */
  readonly publishedCases?: string;
  /** How often it was saved or discarded. */
  readonly revision: number;
}

/** The state of one badge's rule: its newest version, live or retired, and what is proposed. */
export type RuleState = (
  | { readonly status: 'none' }
  | {
      readonly status: 'live' | 'retired';
      readonly version: number;
      /** Of its document as it reads now: one that was written in an earlier shape is still the same rule. */
      readonly hash: string;
      /** Its newest version, live or retired, is of high stakes: so is what follows it, so that nobody lowers them alone. */
      readonly highStakes: boolean;
    }
) & {
  /** Of each proposer the latest one, the oldest first. */
  readonly proposals: readonly Proposal[];
  /** Absent where there never was one. */
  readonly draft?: RuleDraft;
};

/** Who needs a second person for what is of high stakes: the accounts behind a request. Absent for the operator of the machine. */
export interface Behind {
  readonly people?: readonly string[];
}

export interface PublishRule extends Omit<RulePublished, 'type' | 'version'>, Behind {
  readonly type: 'Publish';
  /** The live version that the author has seen, 0 for none; whichever is live where absent. */
  readonly expectedVersion?: number;
  readonly effects?: RuleProposed['effects'];
}

export interface RetireRule extends Omit<RuleRetired, 'type' | 'version'>, Behind {
  readonly type: 'Retire';
}

/** A second person approves a proposal, which does what it says. */
export interface ApproveProposal {
  readonly type: 'Approve';
  readonly badge: string;
  readonly proposal: string;
  /** Id of the account that approves. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface RejectProposal extends Omit<ProposalRejected, 'type'> {
  readonly type: 'Reject';
}

/** What may be said of the draft that somebody has seen. */
interface Expecting {
  /** The revision of the draft that the author has seen, 0 for none; whichever it has where absent. */
  readonly expectedRevision?: number;
}

export interface SaveDraft extends Omit<RuleDraftSaved, 'type' | 'basedOn'>, Expecting {
  readonly type: 'SaveDraft';
}

export interface DiscardDraft extends Omit<RuleDraftDiscarded, 'type'>, Expecting {
  readonly type: 'DiscardDraft';
}

export type RuleCommand = PublishRule | RetireRule | ApproveProposal | RejectProposal | SaveDraft | DiscardDraft;

/** The version that grants the badge; 0 where none does. */
export const liveVersionOf = (state: RuleState): number => (state.status === 'live' ? state.version : 0);

/** Whether a rule's author wants two people for every change of it. */
export const isOfHighStakes = (document: unknown): boolean =>
  typeof document === 'object' && document !== null && 'stakes' in document && document.stakes === 'high';

const idOf = (kind: 'publish' | 'retire', ...said: readonly unknown[]): string => contentHash([kind, ...said]).slice(0, 32);

/** A proposal that is open as it is stays the first proposer's. */
const proposed = (event: RuleProposed | RetirementProposed, { proposals }: RuleState): readonly RuleEvent[] =>
  proposals.some(({ proposal, stale }) => proposal === event.proposal && !stale) ? [] : [event];

const publish = ({ expectedVersion, people, effects, type: _type, ...published }: PublishRule, state: RuleState): readonly RuleEvent[] => {
  if (state.status === 'live' && state.hash === published.hash) return [];
  const live = liveVersionOf(state);
  if (expectedVersion !== undefined && expectedVersion !== live) {
    const now = live === 0 ? 'no version of it is live' : `version ${live} is live`;
    const then = expectedVersion === 0 ? 'none' : `version ${expectedVersion}`;
    throw new ProofmarkError('RULE_MOVED', `The rule of "${published.badge}" has changed meanwhile: ${now}, and this was meant for ${then}. Look at it again, then publish again.`);
  }
  if (people && (isOfHighStakes(published.document) || (state.status !== 'none' && state.highStakes))) {
    const { publishedAt: proposedAt, by = '', ...content } = published;
    const proposal = idOf('publish', content.badge, content.hash, live, content.backfill ?? false);
    return proposed({ type: 'RuleProposed', ...content, proposal, liveVersion: live, by, people, proposedAt, ...(effects && { effects }) }, state);
  }
  return [{ type: 'RulePublished', ...published, version: nextVersion(state) }];
};

const nextVersion = (state: RuleState): number => (state.status === 'none' ? 1 : state.version + 1);

const retire = ({ people, type: _type, ...retired }: RetireRule, state: RuleState): readonly RuleEvent[] => {
  if (state.status === 'none') throw new ProofmarkError('NOT_FOUND', `No rule was published for badge "${retired.badge}".`);
  if (state.status === 'retired') return [];
  const { version } = state;
  if (people && state.highStakes) {
    const { retiredAt: proposedAt, by = '', ...content } = retired;
    return proposed({ type: 'RetirementProposed', ...content, proposal: idOf('retire', content.badge, content.reason, version), liveVersion: version, by, people, proposedAt }, state);
  }
  return [{ type: 'RuleRetired', ...retired, version }];
};

const proposalOf = ({ proposals }: RuleState, { badge, proposal }: ApproveProposal | RejectProposal): Proposal => {
  const found = proposals.find((one) => one.proposal === proposal);
  if (!found) throw new ProofmarkError('NOT_FOUND', `There is no open proposal ${proposal} for the rule of "${badge}": nobody made it, or somebody has decided about it.`);
  return found;
};

const approve = (command: ApproveProposal, state: RuleState): readonly RuleEvent[] => {
  const { stale, proposedAt: _at, people, liveVersion, ...found } = proposalOf(state, command);
  const { badge, by: approvedBy, at } = command;
  if (found.by === approvedBy || people.includes(approvedBy)) {
    throw new ProofmarkError('SECOND_PERSON', `The rule of "${badge}" is of high stakes: somebody else has to approve what you proposed, or what was proposed with a key of yours. You can take it back.`);
  }
  if (stale || liveVersion !== liveVersionOf(state)) {
    throw new ProofmarkError('RULE_MOVED', `The rule of "${badge}" has changed since this was proposed: it was meant for ${liveVersion === 0 ? 'no live version' : `version ${liveVersion}`}. Reject it, look at the rule again, and propose again.`);
  }
  if (found.type === 'RuleProposed') {
    const { effects: _effects, ...content } = found;
    return [{ ...content, type: 'RulePublished', version: nextVersion(state), publishedAt: at, approvedBy }];
  }
  return [{ ...found, type: 'RuleRetired', version: liveVersion, retiredAt: at, approvedBy }];
};

const reject = ({ type: _type, ...rejected }: RejectProposal, state: RuleState): readonly RuleEvent[] => {
  proposalOf(state, { type: 'Reject', ...rejected });
  return [{ type: 'ProposalRejected', ...rejected }];
};

const assertSeen = ({ expectedRevision, badge }: SaveDraft | DiscardDraft, { draft }: RuleState): void => {
  const revision = draft?.revision ?? 0;
  if (expectedRevision === undefined || expectedRevision === revision) return;
  throw new ProofmarkError('DRAFT_MOVED', `The draft of "${badge}" was saved or discarded meanwhile: it is at revision ${revision}, and this was meant for ${expectedRevision}. Look at it, then save again.`);
};

/** Saving what is saved already changes nothing, whoever has done it. */
const saveDraft = (command: SaveDraft, state: RuleState): readonly RuleEvent[] => {
  const { type: _type, expectedRevision: _expected, ...saved } = command;
  const { draft } = state;
  if (draft && draft.source === saved.source && draft.cases === saved.cases && draft.course === saved.course) return [];
  assertSeen(command, state);
  const basedOn = draft?.source === undefined ? liveVersionOf(state) : draft.basedOn;
  return [{ type: 'RuleDraftSaved', ...saved, basedOn }];
};

const discardDraft = (command: DiscardDraft, state: RuleState): readonly RuleEvent[] => {
  const { type: _type, expectedRevision: _expected, ...discarded } = command;
  if (!state.draft) throw new ProofmarkError('NOT_FOUND', `There is no draft of "${command.badge}".`);
  if (state.draft.source === undefined) return [];
  assertSeen(command, state);
  return [{ type: 'RuleDraftDiscarded', ...discarded }];
};

/** A draft that is published word for word is one no more; its cases are remembered. */
const draftAfter = ({ draft }: RuleState, { source }: RulePublished): Pick<RuleState, 'draft'> => {
  if (!draft || draft.source !== source) return draft ? { draft } : {};
  const { source: _source, publishedCases: _cases, ...rest } = draft;
  return { draft: { ...rest, ...(draft.cases !== undefined && { publishedCases: draft.cases }) } };
};

const withoutText = ({ source: _source, cases: _cases, ...draft }: RuleDraft): RuleDraft => {
  const { publishedCases: cases, revision } = draft;
  return { ...draft, ...(cases !== undefined && { cases }), revision: revision + 1 };
};

/** What is proposed once another version is live, or none: the rest was meant for what was. */
const outdated = ({ proposals }: RuleState, done: string | undefined): readonly Proposal[] =>
  proposals.filter(({ proposal }) => proposal !== done).map((one) => ({ ...one, stale: true as const }));

/**
 * The life of one badge's rule. Publishing the same content twice changes nothing; other content is the next version,
 * and so is any content after a retirement. Where the stakes are high, people propose, and a second one approves.
 * What somebody is writing is kept beside it and decides nothing.
 */
export const rule: Decider<RuleCommand, RuleEvent, RuleState> = {
  initialState: { status: 'none', proposals: [] },
  evolve: (state, event) => {
    switch (event.type) {
      case 'RulePublished': {
        const { version, document } = event;
        return { status: 'live', version, hash: contentHash(document), highStakes: isOfHighStakes(document), proposals: outdated(state, event.proposal), ...draftAfter(state, event) };
      }
      case 'RuleRetired':
        return state.status === 'none' ? state : { ...state, status: 'retired', proposals: outdated(state, event.proposal) };
      case 'RuleProposed':
      case 'RetirementProposed':
        return { ...state, proposals: [...state.proposals.filter(({ by, proposal }) => by !== event.by && proposal !== event.proposal), event] };
      case 'ProposalRejected':
        return { ...state, proposals: state.proposals.filter(({ proposal }) => proposal !== event.proposal) };
      case 'RuleDraftSaved': {
        const { course, source, cases, basedOn, by, savedAt } = event;
        const { revision = 0, publishedCases } = state.draft ?? {};
        return { ...state, draft: { course, source, ...(cases !== undefined && { cases }), basedOn, by, savedAt, ...(publishedCases !== undefined && { publishedCases }), revision: revision + 1 } };
      }
      case 'RuleDraftDiscarded':
        return state.draft ? { ...state, draft: withoutText(state.draft) } : state;
    }
  },
  decide: (command, state) => {
    switch (command.type) {
      case 'Publish':
        return publish(command, state);
      case 'Retire':
        return retire(command, state);
      case 'Approve':
        return approve(command, state);
      case 'Reject':
        return reject(command, state);
      case 'SaveDraft':
        return saveDraft(command, state);
      case 'DiscardDraft':
        return discardDraft(command, state);
    }
  },
};
