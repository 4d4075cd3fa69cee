import { ProofmarkError } from '#domain/errors.js';
import { contentHash } from '#domain/ids.js';
import { rule as ruleDecider, type PublishRule as PublishCommand, type RuleRetired } from '#domain/rule-event.js';
import { ruleStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { execute } from '#event-store/execute.js';
import { Turns } from '#event-store/turns.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import { checkRules, type CheckedRule, type RuleFile } from './check-rules.js';
import { readRuleState } from './rule-proposals.js';
import { readRuleVersions } from './rule-versions.js';

/** What became of the rule files. */
export interface Publication {
  readonly published: readonly { readonly badge: string; readonly version: number; readonly file: string }[];
  /** Badges whose live version has the same content. */
  readonly unchanged: readonly string[];
  /** Badges that were retired and stay so: only somebody who says so brings one back. */
  readonly retired: readonly string[];
  /** Files that are wrong are not published; what was live before stays live. */
  readonly diagnostics: readonly Diagnostic[];
  /** What may be wrong with files that are published all the same. */
  readonly warnings: readonly Diagnostic[];
  /** Position of the last publication; 0 where nothing was published. */
  readonly position: number;
}

export interface PublishOptions {
  readonly store: EventStore;
  readonly tenant: string;
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How a rule is published. */
export interface Publishing {
  /** It also judges what happened before. */
  readonly backfill?: boolean;
  readonly by?: string;
  /** The live version that its author has seen, 0 for none. */
  readonly expectedVersion?: number;
}

/** What became of one rule. */
export interface Published {
  readonly outcome: 'published' | 'unchanged';
  readonly version: number;
  /** Read models that reached it show it. */
  readonly position: number;
}

/** Who asks over HTTP: where the stakes are high it waits for a second person. */
export interface Asking {
  /** Id of the account or API key. */
  readonly by: string;
  /** Accounts that stand behind it, and cannot approve it. */
  readonly people: readonly string[];
}

/** What waits for a second person. */
export interface AwaitsApproval {
  readonly outcome: 'proposed';
  /** Names the proposal within the badge. */
  readonly proposal: string;
  readonly position: number;
}

type Submitting = Publishing & Partial<Asking> & Pick<PublishCommand, 'effects'>;

const publishOrPropose = async ({ rule, hash, text }: CheckedRule, how: Submitting, options: PublishOptions): Promise<Published | AwaitsApproval> => {
  const { store, tenant, newId, now } = options;
  const { backfill = false, by, expectedVersion, people, effects } = how;
  const command = {
    type: 'Publish' as const, tenant, badge: rule.badge, hash, document: rule, source: text, publishedAt: now(),
    ...(backfill && { backfill }),
    ...(by !== undefined && { by }),
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(people && { people }),
    ...(effects && { effects }),
  };
  const { events: [event], position } = await execute(store, ruleDecider, ruleStream(tenant, rule.badge), command, { newId });
  if (event?.type === 'RulePublished') return { outcome: 'published', version: event.version, position };
  if (event?.type === 'RuleProposed') return { outcome: 'proposed', proposal: event.proposal, position };
  const state = await readRuleState(store, tenant, rule.badge);
  const open = people && state.proposals.find((one) => one.type === 'RuleProposed' && one.hash === hash && (one.backfill ?? false) === backfill && !one.stale);
  if (open) return { outcome: 'proposed', proposal: open.proposal, position };
  return { outcome: 'unchanged', version: state.status === 'none' ? 0 : state.version, position };
};

/**
 * Publishes a rule that was checked, on the word of the operator of the machine; the content that is live already changes nothing.
 * @throws ProofmarkError RULE_MOVED where another version is live than was expected.
 */
export const publishRule = async (checked: CheckedRule, how: Publishing, options: PublishOptions): Promise<Published> => {
  const done = await publishOrPropose(checked, how, options);
  if (done.outcome === 'proposed') throw new Error('nobody stands behind it who would need a second person');
  return done;
};

/**
 * Publishes a rule that was checked, or proposes it where its stakes, or those of its newest version, are high. A proposal that is open as
 * it is stays the first proposer's.
 * @throws ProofmarkError RULE_MOVED where another version is live than was expected.
 */
export const submitRule = (checked: CheckedRule, how: Publishing & Asking, options: PublishOptions): Promise<Published | AwaitsApproval> => publishOrPropose(checked, how, options);

const turns = new WeakMap<EventStore, Turns>();

/** Does one thing after another with the rules of a tenant, in this process: what was checked holds until it is published. */
export const inTurn = <T>({ store, tenant }: Pick<PublishOptions, 'store' | 'tenant'>, work: () => Promise<T>): Promise<T> => {
  const ofStore = turns.get(store) ?? new Turns();
  turns.set(store, ofStore);
  return ofStore.take(tenant, work);
};

/**
 * Publishes every rule file that is right and new, for what happens from then on; a first version also judges the past.
 * The same content twice changes nothing, and what was retired stays retired.
 */
export const publishRules = (files: readonly RuleFile[], options: PublishOptions): Promise<Publication> => inTurn(options, () => publishAll(files, options));

const publishAll = async (files: readonly RuleFile[], options: PublishOptions): Promise<Publication> => {
  const { checked, diagnostics } = checkRules(files, await readRuleVersions(options.store, options.tenant));
  const published: { badge: string; version: number; file: string }[] = [];
  const unchanged: string[] = [];
  const retired: string[] = [];
  let position = 0;
  for (const one of checked) {
    const { badge } = one.rule;
    if (one.standing === 'retired') {
      retired.push(badge);
      continue;
    }
    const done = await publishRule(one, {}, options);
    if (done.outcome === 'unchanged') unchanged.push(badge);
    else published.push({ badge, version: done.version, file: one.file });
    if (done.outcome === 'published') position = done.position;
  }
  return { published, unchanged, retired, diagnostics, warnings: checked.flatMap(({ warnings }) => warnings), position };
};

/** Why a rule is retired, and who does it. */
export type Retirement = Pick<RuleRetired, 'badge' | 'reason' | 'by'>;

/**
 * Retires a badge's rule: it grants nothing more, and its awards stay. Twice is as once.
 * @throws ProofmarkError NOT_FOUND where no rule was ever published for the badge.
 */
export const retireRule = async ({ badge, reason, by }: Retirement, options: PublishOptions): Promise<{ readonly position: number }> => {
  const { position } = await retireOrPropose({ badge, reason, ...(by !== undefined && { by }) }, options);
  return { position };
};

/**
 * Retires a badge's rule, or proposes that where its stakes are high.
 * @throws ProofmarkError NOT_FOUND where no rule was ever published for the badge.
 */
export const submitRetirement = (retirement: Retirement & Asking, options: PublishOptions): Promise<{ readonly outcome: 'retired'; readonly position: number } | AwaitsApproval> =>
  retireOrPropose(retirement, options);

const retireOrPropose = async (retirement: Retirement & Partial<Asking>, options: PublishOptions): Promise<{ readonly outcome: 'retired'; readonly position: number } | AwaitsApproval> => {
  const { store, tenant, newId, now } = options;
  const { badge, reason } = retirement;
  const { events: [event], position } = await execute(store, ruleDecider, ruleStream(tenant, badge), { type: 'Retire' as const, tenant, ...retirement, retiredAt: now() }, { newId });
  if (event?.type === 'RetirementProposed') return { outcome: 'proposed', proposal: event.proposal, position };
  const open = !event && retirement.people && (await readRuleState(store, tenant, badge)).proposals.find((one) => one.type === 'RetirementProposed' && one.reason === reason && !one.stale);
  return open ? { outcome: 'proposed', proposal: open.proposal, position } : { outcome: 'retired', position };
};

/**
 * Names what a preview has shown: a rule, the live version that it was compared with, and how far the log was then; of a proposal that one
 * too, so that who approves it confirms what they have seen themselves.
 */
export const confirmationOf = (tenant: string, { rule, hash, liveVersion }: CheckedRule, position: number, proposal?: string): string =>
  `${position}-${contentHash([tenant, rule.badge, hash, liveVersion, position, ...(proposal === undefined ? [] : [proposal])]).slice(0, 32)}`;

/** @throws ProofmarkError RULE_MOVED where the rule or the live version is another one than a preview has shown. */
export const assertConfirmed = (tenant: string, checked: CheckedRule, confirmation: string, proposal?: string): void => {
  const position = Number(/^(\d{1,15})-/.exec(confirmation)?.[1]);
  if (checked.standing !== 'unchanged' && confirmation !== confirmationOf(tenant, checked, position, proposal)) {
    throw new ProofmarkError('RULE_MOVED', `What was confirmed is not what would be published: the rule of "${checked.rule.badge}", or its live version, is another one now. Look at the preview again.`);
  }
};

/**
 * Publishes for the past what a preview has shown, or proposes it where the stakes are high.
 * @throws ProofmarkError RULE_MOVED where the rule or the live version is another one than was shown.
 */
export const submitConfirmed = async (checked: CheckedRule, confirmation: string, how: Asking & Pick<Submitting, 'effects'>, options: PublishOptions): Promise<Published | AwaitsApproval> => {
  assertConfirmed(options.tenant, checked, confirmation);
  return publishOrPropose(checked, { ...how, backfill: true, expectedVersion: checked.liveVersion }, options);
};
